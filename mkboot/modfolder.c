/* SPDX-License-Identifier: ISC */
/* lib/modules/VERSION of a root tree, and depmod's lists in it. */
#include "mkboot/modfolder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Merged-/usr trees have both; others have lib alone, and some usr alone. */
static const char *const place[] = { "lib/modules", "usr/lib/modules" };
#define PLACES (sizeof(place) / sizeof(place[0]))

static bool
has_index(const struct tree *t, const char *where, const char *version)
{
	char path[PATH_MAX];
	int fd;

	snprintf(path, sizeof(path), "%s/%s/modules.dep.bin", where, version);
	if ((fd = tree_openat(t, path, O_PATH)) != -1)
		close(fd);
	return fd != -1;
}

char *
modfolder_find(const struct tree *t, const char *version)
{
	char folder[PATH_MAX];
	size_t i;

	for (i = 0; i < PLACES; i++) {
		if (!has_index(t, place[i], version))
			continue;
		snprintf(folder, sizeof(folder), "%s/%s", place[i], version);
		return tree_host_path(t, folder);
	}
	errno = ENOENT;
	return NULL;
}

static int
add_versions(const struct tree *t, DIR *dir, const char *where,
    struct strings *versions)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' &&
		    has_index(t, where, entry->d_name) &&
		    strings_add(versions, entry->d_name) == -1)
			return -1;
	return 0;
}

int
modfolder_versions(const struct tree *t, struct strings *versions)
{
	bool there = false;
	size_t i;
	DIR *dir;
	int fd, result = 0;

	for (i = 0; i < PLACES && result == 0; i++) {
		fd = tree_openat(t, place[i], O_RDONLY | O_DIRECTORY);
		if (fd == -1 || (dir = fdopendir(fd)) == NULL)
			continue;
		there = true;
		result = add_versions(t, dir, place[i], versions);
		closedir(dir);
	}
	strings_sort(versions);
	if (result == 0 && !there) {
		errno = ENOENT;
		return -1;
	}
	return result;
}

/* The lines of a list, as far as a colon. */
static int
read_list(const char *folder, const char *name, struct strings *paths)
{
	char *path, *line = NULL;
	size_t size = 0;
	FILE *list;
	int result = 0;

	if (asprintf(&path, "%s/%s", folder, name) == -1)
		return -1;
	list = fopen(path, "re");
	free(path);
	if (list == NULL)
		return -1;
	while (result == 0 && getline(&line, &size, list) != -1) {
		line[strcspn(line, ":\n")] = '\0';
		if (*line != '\0')
			result = strings_add(paths, line);
	}
	if (ferror(list))
		result = -1;
	fclose(list);
	free(line);
	return result;
}

int
modfolder_paths(const char *folder, struct strings *files,
    struct strings *builtin)
{
	if (read_list(folder, "modules.dep", files) == -1)
		return -1;
	/* A kernel that was built elsewhere may come without this one. */
	if (read_list(folder, "modules.builtin", builtin) == -1 &&
	    errno != ENOENT)
		return -1;
	return 0;
}

size_t
modfolder_plain(const char *path)
{
	static const char *const suffix[] = { ".gz", ".xz", ".zst" };
	size_t i, n, len = strlen(path);

	for (i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		n = strlen(suffix[i]);
		if (len > n && strcmp(path + len - n, suffix[i]) == 0)
			return len - n;
	}
	return len;
}
