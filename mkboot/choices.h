/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_CHOICES_H
#define MKBOOT_CHOICES_H

#include <stdbool.h>

#include "mkboot/choice.h"
#include "mkboot/facts.h"
#include "mkboot/why.h"

/* machine/default.IMAGE, in pub/: what is chosen in the menu. */
#define CHOICES_FOLDER (sizeof("default.") + NAME_IMAGE_SIZE)

/*
 * Reads machine/default/menu and image/.  *wanted: it is the default machine,
 * there is a menu and more than one image.  -1: what it says is no good.  To
 * be freed in any case.
 */
int choices_read(struct choice *, int bootfd, const struct machine_facts *,
    bool *wanted, struct why *);
void choices_free(struct choice *);
/* "default.debian" */
void choices_folder(const char *image, char folder[CHOICES_FOLDER]);
/* The image of such a folder; NULL: it is none. */
const char *choices_image(const char *folder);

#endif
