/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_XATTRS_H
#define MKBOOT_XATTRS_H

#include <stddef.h>

/*
 * The extended attributes of a machine's files, which no newc archive carries:
 * a text in the form of getfattr(1) --dump -e hex, for /init to restore.
 *
 *	# file: usr/bin/ping
 *	security.capability=0x0100000200200000...
 *
 * Octets of a path that are not printable, and a backslash, are \ooo.
 */
struct xattrs {
	char *text;		/* NULL: none */
	size_t len;
};

/*
 * Adds those of an open file or folder: capabilities, ACLs and the user's own;
 * not what a host's security module or its overlays wrote.  -1 with errno.
 */
int xattrs_add(struct xattrs *, int fd, const char *path);
void xattrs_free(struct xattrs *);

#endif
