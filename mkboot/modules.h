/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MODULES_H
#define MKBOOT_MODULES_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/strings.h"

/*
 * A set of kernel modules that is closed under dependencies, taken from
 * ROOT/lib/modules/VERSION by its depmod(8) files.  Nothing of the running
 * kernel is asked, so any kernel below any root will do.
 */
struct modules;

struct module {
	char *name;		/* as the kernel says it: nf_log_syslog */
	char *path;		/* below lib/modules/VERSION, without .xz */
	char *file;		/* where it is now, perhaps compressed */
	bool insert;		/* asked for by name, not by pattern */
	/* In load order, as modprobe(8): hard dependencies, then soft ones. */
	struct strings before;
	struct strings after;	/* soft dependencies to load behind it */
	struct strings alias;	/* patterns of fnmatch(3), sorted */
};

/* The versions that have modules below `root', sorted; -1 with errno. */
int modules_versions(const char *root, struct strings *);

/* NULL with errno: ENOENT where depmod has not been run. */
struct modules *modules_open(const char *root, const char *version);
void modules_close(struct modules *);

enum modules_found {
	MODULES_ERROR = -1,	/* errno says */
	MODULES_ABSENT,
	MODULES_BUILTIN,	/* in the kernel itself: nothing to carry */
	MODULES_TAKEN
};

/* Adds a module by its name or by one of its aliases. */
enum modules_found modules_add(struct modules *, const char *name);
/*
 * Adds all whose path below lib/modules/VERSION matches: fnmatch(3), where a
 * `*' matches slashes too.  The number of them, or -1 with errno.
 */
int modules_add_matching(struct modules *, const char *pattern);

/* The set, sorted by name; a later modules_add() changes the order. */
size_t modules_count(const struct modules *);
const struct module *modules_at(struct modules *, size_t);
/* What firmware they name, sorted; not all of it need exist. */
const struct strings *modules_firmware(struct modules *);

#endif
