/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_LIBPATH_H
#define MKBOOT_LIBPATH_H

#include <stddef.h>

#include "mkboot/strings.h"
#include "mkboot/tree.h"

/*
 * Where the dynamic loader of a tree looks for libraries: ld.so(8) of glibc,
 * by what ldconfig(8) reads, and musl's.  Folders begin with a slash.
 */
struct libpath {
	struct strings configured;	/* by /etc, and so in ld.so.cache */
	struct strings usual;		/* those that the loader knows itself */
	char *lib;			/* $LIB: lib/x86_64-linux-gnu; or NULL */
};

/*
 * For programs of this interpreter, by its path and by where that leads (no
 * slash in front).  -1 with errno.
 */
int libpath_read(struct libpath *, const struct tree *,
    const char *interpreter, const char *real);
void libpath_free(struct libpath *);

/*
 * DT_RPATH or DT_RUNPATH of a file that is in folder `origin' (no slash in
 * front), with its $ORIGIN and $LIB replaced, as folders.  One that names
 * another token (a $PLATFORM) is left out.  -1 with errno.
 */
int libpath_expand(const struct libpath *, const char *runpath,
    const char *origin, struct strings *folders);

#endif
