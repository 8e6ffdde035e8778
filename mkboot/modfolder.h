/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MODFOLDER_H
#define MKBOOT_MODFOLDER_H

#include <stddef.h>

#include "mkboot/strings.h"
#include "mkboot/tree.h"

/* The versions that have modules in the tree, sorted; -1 with errno. */
int modfolder_versions(const struct tree *, struct strings *);

/*
 * Where a version's modules are, as this system sees it; to be freed.  NULL
 * with errno: ENOENT also where depmod(8) has not been run.
 */
char *modfolder_find(const struct tree *, const char *version);

/*
 * The paths below the folder of all modules, by depmod's lists: those of
 * files, as they are named on disk, and those that are in the kernel itself.
 */
int modfolder_paths(const char *folder, struct strings *files,
    struct strings *builtin);

/* How long a path is without what says that the file is compressed. */
size_t modfolder_plain(const char *path);

#endif
