/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_BINARIES_H
#define MKBOOT_BINARIES_H

#include "mkboot/tree.h"
#include "mkboot/why.h"

/*
 * A file of a root tree with all that it takes to run there: a script's
 * interpreter; an ELF program's loader and libraries, found as that loader
 * would find them, and those that .note.dlopen says it may load.
 */
struct binaries {
	const struct tree *tree;
	/*
	 * Called for each file once or more: the path by which it will be
	 * opened, and the one where it is once links are followed; both
	 * without a slash in front.  0, or -1 with errno.
	 */
	int (*put)(void *context, const char *asked, const char *real);
	void *context;
};

/*
 * EXIT_OK; EXIT_USER: it is not there, or lacks something; EXIT_SYSTEM: it
 * cannot be read.  Then `why' says what.
 */
int binaries_take(const struct binaries *, const char *path, struct why *);

#endif
