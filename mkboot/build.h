/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_BUILD_H
#define MKBOOT_BUILD_H

#include <limits.h>
#include <stdbool.h>

#include "mkboot/strings.h"
#include "mkboot/why.h"

/* Kept, below the boot directory: what make said. */
#define BUILD_LOG "loader.log"

/* iPXE made of its source. */
struct build {
	const char *source;		/* its tree, or a tarball of it */
	const char *embed;		/* a script; NULL: ours */
	struct strings targets;		/* none: build_usual_targets() */
	int log;			/* all that make says goes there */
	bool progress;			/* is standard error a terminal? */
	char src[PATH_MAX];		/* its folder src/, once opened */
	char unpacked[PATH_MAX];	/* of a tarball; empty: none */
};

/* Finds src/, unpacking a tarball; -1: there is none. */
int build_open(struct build *, struct why *);
/* BIOS, x64, ia32; arm64 where its compiler is there.  -1: no memory. */
int build_usual_targets(struct build *, struct why *);
/*
 * Makes all targets, one after the other; -1: something that it takes is
 * missing, which is said before anything is made, or make failed.
 */
int build_make(struct build *, struct why *);
/* Takes away what was unpacked. */
void build_close(struct build *);

#endif
