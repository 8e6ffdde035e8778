/* SPDX-License-Identifier: ISC */
/* What goes in front of the archive: microcode, ACPI tables. */
#include "mkboot/microcode.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/decompress.h"

#define MICROCODE_MAX ((size_t)64 * 1024 * 1024)

/* Linux, asm/processor.h: X86_VENDOR_INTEL, X86_VENDOR_AMD. */
enum { INTEL = 0, AMD = 2 };

bool
microcode_suits(const char *name, const char *modalias)
{
	unsigned vendor, family, model, of_family, of_model, stepping;

	if (sscanf(modalias, "cpu:type:x86,ven%4xfam%4xmod%4x", &vendor,
	    &family, &model) != 3)
		return true;
	if (sscanf(name, "%2x-%2x-%2x", &of_family, &of_model,
	    &stepping) == 3)
		return vendor == INTEL && family == of_family &&
		    model == of_model;
	if (sscanf(name, "microcode_amd_fam%2xh", &of_family) == 1)
		return vendor == AMD && family == of_family;
	/* The one without a number is for all that came before 15h. */
	if (strncmp(name, "microcode_amd.", 14) == 0)
		return vendor == AMD && family < 0x15;
	return true;
}

static bool
suits_devices(const char *name, const struct strings *devices)
{
	size_t i;

	for (i = 0; devices != NULL && i < devices->n; i++)
		if (strncmp(devices->at[i], "cpu:", 4) == 0)
			return microcode_suits(name, devices->at[i]);
	return true;
}

/* The names in a folder of the tree that match, sorted. */
static int
list(const struct tree *t, const char *folder, const char *pattern,
    const struct strings *devices, struct strings *names)
{
	struct dirent *entry;
	int fd, result = 0;
	DIR *dir;

	fd = tree_openat(t, folder, O_RDONLY | O_DIRECTORY);
	if (fd == -1 || (dir = fdopendir(fd)) == NULL)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	while (result == 0 && (entry = readdir(dir)) != NULL)
		if (fnmatch(pattern, entry->d_name, FNM_PERIOD) == 0 &&
		    suits_devices(entry->d_name, devices))
			result = strings_add(names, entry->d_name);
	closedir(dir);
	strings_sort(names);
	return result;
}

static int
append(const struct tree *t, const char *path, char **all, size_t *len)
{
	char *from = tree_host_path(t, path), *grown;
	void *data = NULL;
	size_t n = 0;
	int result = -1;

	if (from == NULL ||
	    decompress_file(from, MICROCODE_MAX, &data, &n) == -1)
		goto out;
	if ((grown = realloc(*all, *len + n + 1)) == NULL)
		goto out;
	memcpy(grown + *len, data, n);
	*all = grown;
	*len += n;
	result = 0;
out:
	free(data);
	free(from);
	return result;
}

int
microcode_plan(struct plan *early, const struct tree *t, const char *path,
    const char *pattern, const struct strings *devices)
{
	const char *base = strrchr(pattern, '/');
	struct strings names = { 0 };
	char file[PATH_MAX], *all = NULL;
	size_t i, len = 0;
	int result;

	snprintf(file, sizeof(file), "%.*s", (int)(base - pattern), pattern);
	result = list(t, file, base + 1, devices, &names);
	for (i = 0; i < names.n && result == 0; i++) {
		snprintf(file, sizeof(file), "%.*s/%s",
		    (int)(base - pattern), pattern, names.at[i]);
		result = append(t, file, &all, &len);
	}
	if (result == 0 && names.n > 0)
		result = plan_bytes(early, path, 0644, all, len);
	result = result == -1 ? -1 : (int)names.n;
	free(all);
	strings_free(&names);
	return result;
}
