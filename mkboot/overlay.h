/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_OVERLAY_H
#define MKBOOT_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/facts.h"
#include "mkboot/layers.h"
#include "mkboot/why.h"

/*
 * What makes a machine that machine: its identity, the image's template/ with
 * the machine's values in it, the files of its group, and its own files/;
 * the later one wins.
 */
int overlay_layers(struct layers *, int bootfd, const struct machine_facts *,
    struct why *);

/* Is there anything that only the machine itself may be given? */
bool overlay_has_private(const struct layers *);

/*
 * The same as a newc archive that the kernel unpacks beside its initrd:
 * machine/files/, machine/xattrs (xattrs.h) where there are any, and
 * machine/hostname where it has one (one line).  Owners, modes and links
 * stay, times do not; the same files give the same octets.
 *
 * With `private' the files that not everybody on this host may read, and
 * the folders above them, with machine/xattrs.private; else all others.
 */
struct overlay_sink {
	/* Takes all `len' octets: 0, or -1 with errno. */
	int (*write)(void *context, const void *, size_t len);
	void *context;
};

int overlay_write(const struct overlay_sink *, const struct layers *,
    const struct machine_facts *, bool private, struct why *);

#endif
