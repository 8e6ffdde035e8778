/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_OVERLAY_H
#define MKBOOT_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/facts.h"
#include "mkboot/why.h"

/*
 * machine.cpio: what makes a machine that machine.  A newc archive with
 * machine/hostname (one line), where it has one, and machine/files/, the tree
 * that is laid over its root; machine/seed, and machine/xattrs (xattrs.h),
 * where there are any.  The same tree gives the same octets.
 *
 * Owners, modes and links stay; times do not.  What belongs to the user who
 * runs this, when that is not root, becomes root's.
 */
struct overlay {
	/* Takes all `len' octets: 0, or -1 with errno. */
	int (*write)(void *context, const void *, size_t len);
	void *context;
	/*
	 * Set by overlay_write(): a file in it may not be read by everybody
	 * here on the server, so that the archive may not either.
	 */
	bool is_private;
};

int overlay_write(struct overlay *, int bootfd, const struct machine_facts *,
    struct why *);

#endif
