/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_COLDPLUG_H
#define MKBOOT_INIT_COLDPLUG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mkboot/init/modindex.h"

/* The initrd's modules, and what was done with them. */
struct coldplug {
	struct modindex index;
	char *text;		/* that the index points into */
	char *cmdline;		/* for modules' parameters */
	bool *done;		/* for each module: tried */
	size_t *order;		/* room for modindex_order() */
	uint64_t *seen;		/* hashes of modaliases that were looked up */
	size_t n_seen;
	bool quiet;		/* say nothing: we are the kernel's modprobe */
};

/* Reads the index.  Without modules (all built in) it is just empty. */
void coldplug_open(struct coldplug *, const char *cmdline);
void coldplug_close(struct coldplug *);

/* Inserts the modules that are marked so in the index. */
void coldplug_fixed(struct coldplug *);
/* Inserts one by its name, where the initrd has it. */
void coldplug_named(struct coldplug *, const char *name);
/*
 * Looks at every device that is new, and inserts what answers, until no more
 * devices appear by that.
 */
void coldplug_devices(struct coldplug *);

/*
 * What /init does when the kernel calls it as modprobe(8) for a module or an
 * alias: to return from main().
 */
int coldplug_modprobe(const char *cmdline, const char *name);

#endif
