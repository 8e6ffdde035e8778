/* SPDX-License-Identifier: ISC */
/*
 * A fuzz target's main without libFuzzer: each file named, or each file of
 * each folder named, goes through the target once, as one TAP test.
 */
#include <dirent.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
replay(const char *path, const char *name)
{
	static uint8_t data[1 << 20];
	FILE *f = fopen(path, "rb");
	uint8_t *exact;
	size_t len;

	if (f == NULL)
		err(1, "%s", path);
	len = fread(data, 1, sizeof(data), f);
	fclose(f);
	/* Exactly as long as the input, so that ASan sees the first step over. */
	exact = malloc(len == 0 ? 1 : len);
	if (exact == NULL)
		err(1, "malloc");
	for (size_t i = 0; i < len; i++)
		exact[i] = data[i];
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	printf("# %s\n", name);
}

static void
replay_folder(const char *folder)
{
	char path[4096];
	struct dirent *entry;
	DIR *dir = opendir(folder);

	if (dir == NULL)
		err(1, "%s", folder);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		replay(path, entry->d_name);
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay_folder(argv[i]);
	return 0;
}
