/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_GATHER_H
#define MKBOOT_GATHER_H

#include "mkboot/modules.h"
#include "mkboot/plan.h"
#include "mkboot/request.h"
#include "mkboot/tree.h"

/* What is being put together for an initrd. */
struct gather {
	const struct request *request;
	const struct tree *tree;
	const char *version;		/* of the kernel */
	struct modules *modules;
	struct strings devices;		/* of --for; sorted */
	struct plan plan;
	struct plan early;		/* goes in front, not compressed */
	struct strings lists;		/* features that were read */
	size_t firmware;		/* files found */
};

/*
 * All that the request names: features, modules, binaries, /init.  Ends the
 * program with a line that helps where something is missing.
 */
void gather_all(struct gather *);
void gather_free(struct gather *);

#endif
