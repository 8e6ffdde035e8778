/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_ALIAS_H
#define MKBOOT_ALIAS_H

#include <stdbool.h>

#include "mkboot/why.h"

/*
 * Other names of pub/machine/MAC, for who cannot spell it so: links named by
 * its MAC with colons and by its UUID, where seen/MAC/uuid knows it.  Alpine's
 * apkovl=URL has them as {MAC} and {UUID}.
 *
 * With `wanted' they are there afterwards, else not.
 */
int alias_set(int bootfd, const char *machine, bool wanted, struct why *);

/* The same of its pxelinux.cfg, where PXELINUX looks for it, if it is there. */
int alias_pxelinux(int bootfd, const char *machine, bool wanted, struct why *);

#endif
