/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_IMAGE_PARTS_H
#define MKBOOT_IMAGE_PARTS_H

#include "mkboot/image.h"
#include "mkboot/recognise.h"

/*
 * Single files into the revision that is being made; each ends the program
 * where it must.
 */
void parts_from_file(const struct image_order *, const char *path,
    const char *file);
void parts_from_folder(const struct image_order *, const char *folder,
    const struct recognition *);
void parts_from_archive(const struct image_order *, const char *path,
    const struct recognition *);
/* The names recognised are the last parts of these paths. */
void parts_from_files(const struct image_order *,
    const struct strings *paths, const struct recognition *);
/* pxeboot and the kernel of an OpenBSD root. */
void parts_from_openbsd(const struct image_order *, const char *root);

#endif
