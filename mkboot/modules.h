/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MODULES_H
#define MKBOOT_MODULES_H

#include <stdbool.h>

#include "mkboot/modset.h"
#include "mkboot/strings.h"
#include "mkboot/tree.h"

/*
 * A set of kernel modules that is closed under dependencies, hard, soft and
 * weak, taken from a tree's lib/modules/VERSION by its depmod(8) files.  Nothing of the running
 * kernel is asked, so any kernel below any root will do.
 */
struct modules;

/* NULL with errno: ENOENT where depmod has not been run. */
struct modules *modules_open(const struct tree *, const char *version);
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
 * From now on patterns take only what these devices need: modaliases, or
 * modules' names, as the machine said them.  -1 with errno.
 */
int modules_only(struct modules *, const struct strings *devices);
/*
 * Adds all whose path below lib/modules/VERSION matches: fnmatch(3), where a
 * `*' matches slashes too; of those built in, the firmware.  `whole': whatever
 * modules_only() said.  -1 with errno.
 */
int modules_add_matching(struct modules *, const char *pattern, bool whole);
/* Is it in the set by now, or built in? */
bool modules_has(struct modules *, const char *name);

/* The set; it stays the owner. */
struct modset *modules_set(struct modules *);
/* What firmware they name, sorted; not all of it need exist. */
const struct strings *modules_firmware(struct modules *);

#endif
