/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_SOURCE_H
#define MKBOOT_SOURCE_H

#include <limits.h>

#include "mkboot/kernel.h"
#include "mkboot/why.h"

/* A kernel and its modules, below the root of some system. */
struct source {
	char root[PATH_MAX];		/* no slash at its end: "/" is "" */
	char version[KERNEL_VERSION_SIZE];	/* lib/modules/VERSION */
	char kernel[PATH_MAX];		/* its file, below the root */
	int fd;				/* open for reading */
};

/*
 * Looks below `root' for the kernel of this version, or of the newest one
 * where `version' is NULL, and for its modules.  1: found; 0: there is no
 * kernel at all; -1: something is missing, and `why' says what.
 */
int source_find(struct source *, const char *root, const char *version,
    struct why *);

#endif
