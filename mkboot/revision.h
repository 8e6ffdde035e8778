/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_REVISION_H
#define MKBOOT_REVISION_H

#include "mkboot/name.h"
#include "mkboot/strings.h"

/*
 * Revisions of an image: pub/image/NAME is a link to NAME@REVISION beside
 * it, and so is root/NAME where the tree came with the revision.  Which one
 * is booted is said by the link in pub/image alone.  Readers are given the
 * revision's own path, so that what a machine fetches is of one revision, and
 * one that runs keeps its root.  A folder that is no link has none.
 */
#define REVISION_SIZE (NAME_IMAGE_SIZE + sizeof("@4294967295") - 1)

/* "NAME@REVISION"; 0 is "NAME". */
void revision_name(const char *image, unsigned revision,
    char name[REVISION_SIZE]);
/* The number in "NAME@REVISION" of this image; 0 for any other name. */
unsigned revision_number(const char *image, const char *name);

/* The one that is booted; 0: it has none. */
unsigned revision_current(int bootfd, const char *image);
/* The highest of this image in a folder ("pub/image", "root"); 0: none. */
unsigned revision_highest(int bootfd, const char *folder, const char *image);
/* All in a folder, by name, sorted by number.  -1 with errno. */
int revision_list(int bootfd, const char *folder, const char *image,
    struct strings *);

#endif
