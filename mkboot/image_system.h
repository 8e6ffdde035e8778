/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_IMAGE_SYSTEM_H
#define MKBOOT_IMAGE_SYSTEM_H

#include "mkboot/image.h"
#include "mkboot/recognise.h"

#define ALPINE_SITE "http://dl-cdn.alpinelinux.org/alpine/"

/*
 * A whole system as the root tree of the revision that is being made; each
 * ends the program where it must.
 */

/* This is booted as `kind'; or the end, if -w says another that it cannot. */
void system_kind(const struct image_order *, struct image_made *,
    enum script_kind, const char *what);

/* Its tree, empty; a descriptor. */
int system_make_root(const struct image_order *);
void system_unpack(const struct image_order *, const char *path);
void system_copy(const struct image_order *, const char *path);
/* What lies there now is made fit for machines without disks. */
void system_take(const struct image_order *, struct image_made *,
    enum recognised);
/* Kernel and initrd of a tree that is fit; and its squashfs. */
void system_finish(const struct image_order *, struct image_made *,
    const char *root);

/* Made from the distribution's packages; empty: its usual release. */
void system_debian(const struct image_order *, struct image_made *,
    const char *suite);
void system_alpine(const struct image_order *, struct image_made *,
    const char *branch);

#endif
