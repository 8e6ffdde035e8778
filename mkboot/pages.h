/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PAGES_H
#define MKBOOT_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/facts.h"
#include "mkboot/layers.h"
#include "mkboot/overlay.h"
#include "mkboot/script.h"
#include "mkboot/why.h"

/*
 * What one machine is given: the files of pub/machine/MAC, and how each is
 * made.  Nothing is written here.
 *
 *	machine.cpio	its own files, for its kernel
 *	private.cpio	those of them that nobody else may read
 *	apkovl.tar.gz	the same files for Alpine's own initrd, where the
 *			image has a file `apkovl'
 *	...		the image's pub/, a tree of templates
 *	grub.cfg	its page for GRUB
 *	pxelinux.cfg	its page for PXELINUX
 *	etc/boot.conf	what OpenBSD's pxeboot boots
 *	boot.ipxe	its script for iPXE
 */
struct pages;

struct page {
	const char *path;	/* below pub/machine/MAC */
	bool private;		/* for this machine alone */
	/* Writes it all: 0, or -1 with a reason. */
	int (*write)(const struct pages *, const struct page *,
	    const struct overlay_sink *, struct why *);
	const struct layers_entry *entry;	/* of the image's pub/ */
	const char *text;			/* or made of facts */
};

struct pages {
	const struct machine_facts *machine;
	const char *folder;		/* in pub/machine: mostly its name */
	struct layers files;		/* laid over the root */
	struct layers pub;		/* the image's pub/ */
	struct page *at;
	size_t n;
	bool has_apkovl;
	char script[SCRIPT_SIZE];
	size_t script_len;
	/* For other loaders; empty: none. */
	char grub[SCRIPT_SIZE], pxelinux[SCRIPT_SIZE], openbsd[SCRIPT_SIZE];
};

/* The pages, the script last; to be freed also after -1. */
int pages_make(struct pages *, int bootfd, const struct machine_facts *,
    struct why *);
/* The same for another folder of this machine: an image to choose. */
int pages_make_in(struct pages *, int bootfd, const struct machine_facts *,
    const char *folder, struct why *);
void pages_free(struct pages *);

#endif
