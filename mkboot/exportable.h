/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_EXPORTABLE_H
#define MKBOOT_EXPORTABLE_H

#include "mkboot/export.h"
#include "mkboot/why.h"

/* Is it text that stands for itself in all these formats? */
bool exportable_word(const char *);
/*
 * Reads what there is to export; boot and address are the caller's.  What
 * cannot be said to others is left out, with a warning.  -1 with *why.
 */
int exportable_read(int bootfd, struct export_facts *, struct why *);
void exportable_free(struct export_facts *);

#endif
