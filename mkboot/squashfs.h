/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_SQUASHFS_H
#define MKBOOT_SQUASHFS_H

#include <stdbool.h>

#include "mkboot/why.h"

/*
 * Makes a squashfs of a tree by mksquashfs(1), without its /boot, and
 * FILE.sha256 beside it, as sha256sum(1) writes it.  The same tree gives the
 * same octets.
 * `show': draw the progress.
 */
int squashfs_make(const char *tree, const char *file, bool show,
    struct why *);

#endif
