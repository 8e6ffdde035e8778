/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INDEX_H
#define MKBOOT_INDEX_H

#include "mkboot/modset.h"
#include "mkboot/plan.h"

/*
 * The modules, decoded, and the index by which /init loads them (the form of
 * mkboot/init/modindex.h).  -1 with errno.
 */
int index_plan(struct plan *, struct modset *, const char *version);

#endif
