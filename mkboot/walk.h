/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_WALK_H
#define MKBOOT_WALK_H

#include <sys/stat.h>

/*
 * Visits all that lies below a folder on the same file system, with its path
 * below the folder, no deeper than `depth' folders.  No link is followed.  -1
 * with errno; a visit that returns -1 ends it.
 */
int walk(int folder, unsigned depth, int (*visit)(void *context,
    const char *path, const struct stat *), void *context);

#endif
