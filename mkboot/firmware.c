/* SPDX-License-Identifier: ISC */
/* The firmware that modules name, out of a root tree. */
#include "mkboot/firmware.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/modfolder.h"

#define FOLDER "lib/firmware/"

/* Linux: fw_path[] in drivers/base/firmware_loader/main.c, in this order. */
static const struct {
	bool updates, version;
} place[] = {
	{ true, true }, { true, false }, { false, true }, { false, false }
};
static const char *const suffix[] = { "", ".xz", ".zst" };
#define PLACES (sizeof(place) / sizeof(place[0]))
#define SUFFIXES (sizeof(suffix) / sizeof(suffix[0]))

/* A place's folder, with a slash at its end. */
static void
folder_of(size_t i, const char *version, char *folder, size_t size)
{
	snprintf(folder, size, FOLDER "%s%s%s",
	    place[i].updates ? "updates/" : "",
	    place[i].version ? version : "", place[i].version ? "/" : "");
}

/* Where a name is in the tree, all links followed; NULL with errno. */
static char *
find(const struct tree *t, const char *folder, const char *name)
{
	char *path, *real = NULL;
	size_t s;

	for (s = 0; s < SUFFIXES && real == NULL; s++) {
		if (asprintf(&path, "%s%s%s", folder, name, suffix[s]) == -1)
			return NULL;
		real = tree_resolve(t, path);
		free(path);
	}
	return real;
}

/* Is this real path in the folder?  Then *name is what follows. */
static bool
lies_in(const struct tree *t, const char *folder, const char *real,
    const char **name)
{
	char *base = tree_resolve(t, folder);
	size_t len = base == NULL ? 0 : strlen(base);
	bool inside = base != NULL && strncmp(real, base, len) == 0 &&
	    real[len] == '/';

	*name = inside ? real + len + 1 : NULL;
	free(base);
	return inside;
}

/* `real' under `name', and under its own name too where that is another. */
static int
plan_real(struct plan *p, const struct tree *t, const char *folder,
    const char *name, const char *real)
{
	char *path = NULL, *own = NULL, *from = NULL;
	const char *inside;
	int result = -1;

	if (asprintf(&from, "%s/%s", t->path, real) == -1)
		from = NULL;
	if (asprintf(&path, FOLDER "%s", name) == -1)
		path = NULL;
	if (from == NULL || path == NULL)
		goto out;
	if (!lies_in(t, folder, real, &inside)) {
		result = plan_decoded(p, path, 0644, from);
		goto out;
	}
	if (asprintf(&own, FOLDER "%.*s", (int)modfolder_plain(inside),
	    inside) == -1)
		own = NULL;
	else if (strcmp(own, path) == 0 ||
	    plan_link_to(p, path, own) == 0)
		result = plan_decoded(p, own, 0644, from);
out:
	free(from);
	free(path);
	free(own);
	return result;
}

/* 1: there is none. */
static int
plan_name(struct plan *p, const struct tree *t, const char *version,
    const char *name)
{
	char folder[NAME_MAX + sizeof(FOLDER "updates//")], *real;
	size_t i;
	int result;

	for (i = 0; i < PLACES; i++) {
		folder_of(i, version, folder, sizeof(folder));
		if ((real = find(t, folder, name)) == NULL)
			continue;
		result = plan_real(p, t, folder, name, real);
		free(real);
		return result;
	}
	return 1;
}

/* The names below the one usual folder that a pattern stands for. */
static int
expand(const struct tree *t, const char *pattern, struct strings *names)
{
	char *base = tree_host_path(t, FOLDER), *full = NULL;
	glob_t g = { 0 };
	size_t i, len;
	int result = 0;

	if (base == NULL)
		return 0;
	if (asprintf(&full, "%s/%s{,.xz,.zst}", base, pattern) == -1)
		full = NULL;
	len = strlen(base) + 1;
	if (full != NULL && glob(full, GLOB_BRACE, NULL, &g) == 0)
		for (i = 0; i < g.gl_pathc && result == 0; i++) {
			g.gl_pathv[i][modfolder_plain(g.gl_pathv[i])] = '\0';
			result = strings_add(names, g.gl_pathv[i] + len);
		}
	globfree(&g);
	result = full == NULL ? -1 : result;
	free(full);
	free(base);
	return result;
}

int
firmware_plan(struct plan *p, const struct tree *t, const char *version,
    const struct strings *names, size_t *found)
{
	struct strings all = { 0 };
	size_t i;
	int result = 0;

	*found = 0;
	for (i = 0; i < names->n && result != -1; i++)
		if (strpbrk(names->at[i], "*?[") != NULL)
			result = expand(t, names->at[i], &all);
		else
			result = strings_add(&all, names->at[i]);
	strings_sort(&all);
	for (i = 0; i < all.n && result != -1; i++) {
		if (strstr(all.at[i], "..") != NULL)
			continue;
		result = plan_name(p, t, version, all.at[i]);
		*found += result == 0;
	}
	strings_free(&all);
	return result == -1 ? -1 : 0;
}
