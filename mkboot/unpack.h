/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_UNPACK_H
#define MKBOOT_UNPACK_H

#include <stdbool.h>
#include <stdint.h>

#include "mkboot/strings.h"
#include "mkboot/why.h"

/*
 * Tarballs (compressed or not) and ISOs: what is in them, and that as files.
 * Names have no "./" in front.  A file that is cut off is an error, not an
 * end.
 */

/* All names but folders' and devices', sorted.  -1 with a reason. */
int unpack_list(const char *path, struct strings *names, struct why *);

struct unpack {
	/* Where a name is to go below the folder; NULL: nowhere. */
	const char *(*place)(void *context, const char *name);
	void *context;
	bool owners;	/* owners, devices and extended attributes too */
	void (*step)(uint64_t octets);	/* so far; may be NULL */
};
/* Nothing is written outside of the folder, whatever the names are. */
int unpack_into(const char *path, int folder, const struct unpack *,
    struct why *);

#endif
