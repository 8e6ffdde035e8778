/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_DISKLESS_H
#define MKBOOT_DISKLESS_H

/*
 * Configuration of a system that had a disk, made fit for one that has none.
 * Texts in, texts out, to be freed; NULL with errno.
 */

/*
 * An fstab: what names a disk is commented out, as is the root, which the
 * initrd has mounted.  What is in memory or on a server stays.
 */
char *diskless_fstab(const char *text);

/*
 * ifupdown's interfaces: `auto' and `allow-*' for anything but lo are
 * commented out, since the card that booted is up, and taking it down would
 * take the root away.
 */
char *diskless_interfaces(const char *text);

#endif
