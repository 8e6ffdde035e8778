/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_NEXT_H
#define MKBOOT_NEXT_H

#include <stdbool.h>

#include "mkboot/why.h"

/*
 * machine/MAC/next: an image to be booted once.  It is taken away when
 * seen/MAC/log shows that it was, after the link was made: its kernel was
 * fetched whole; or, where image/NAME/done says `up', the system reported
 * itself up (or fetched its kernel three times and never did).
 *
 * *gone: it was taken away.  -1 with a reason.
 */
int next_settle(int bootfd, const char *machine, bool *gone, struct why *);

#endif
