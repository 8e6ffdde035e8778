/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_LOADER_H
#define MKBOOT_LOADER_H

#include <stddef.h>

#define LOADER_NAMES 2

/* What the firmware of an architecture may be given, the better first. */
struct loader_choice {
	unsigned arch;			/* IANA's code, common/arch.h */
	const char *name[LOADER_NAMES];	/* in pub/loader; NULL: no more */
};

/* All architectures that mkboot knows a loader for. */
const struct loader_choice *loader_choices(size_t *n);

#endif
