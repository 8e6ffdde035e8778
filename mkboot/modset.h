/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MODSET_H
#define MKBOOT_MODSET_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/strings.h"

/* Kernel modules, each once; all zeros is an empty set. */
struct module {
	char *name;		/* as the kernel says it: nf_log_syslog */
	char *path;		/* below lib/modules/VERSION, without .xz */
	char *file;		/* where it is now, perhaps compressed */
	bool insert;		/* asked for by name, not by pattern */
	/* In load order, as modprobe(8): hard dependencies, then soft ones. */
	struct strings before;
	struct strings after;	/* soft dependencies to load behind it */
	/* Patterns of fnmatch(3), sorted; a blacklisted module has none. */
	struct strings alias;
	struct strings weak;	/* carried, in case that the kernel asks */
};

struct modset {
	struct module **module;
	size_t n;
	bool sorted;
	void *by_name;		/* the same as a tsearch(3) tree */
};

/* NULL: not there. */
struct module *modset_find(struct modset *, const char *name);
/* One that is not there yet; NULL with errno. */
struct module *modset_add(struct modset *, const char *name, const char *file,
    const char *path, size_t path_length);
/* In order of names; what is added later changes the order. */
const struct module *modset_at(struct modset *, size_t);
void modset_free(struct modset *);

#endif
