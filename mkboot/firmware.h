/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_FIRMWARE_H
#define MKBOOT_FIRMWARE_H

#include <stddef.h>

#include "mkboot/plan.h"
#include "mkboot/strings.h"
#include "mkboot/tree.h"

/*
 * The firmware of these names that the tree has, from where a kernel of this
 * version looks for it, decoded.  A name may be a pattern; links between the
 * files stay.  *found counts the names; what is missing is nothing unusual.
 * -1 with errno.
 */
int firmware_plan(struct plan *, const struct tree *, const char *version,
    const struct strings *names, size_t *found);

#endif
