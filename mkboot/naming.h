/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_NAMING_H
#define MKBOOT_NAMING_H

#include "mkboot/name.h"
#include "mkboot/why.h"

/*
 * Numbers and host names for new machines.  Who renders is the only one who
 * gives them: command_render_lock() must be held.
 */

/*
 * The next number, from 1, that no machine had: machine/default/number keeps
 * the last one.  0 with a reason.
 */
unsigned long naming_number(int bootfd, struct why *);

/*
 * The host name of a new machine: the first one in machine/default/hostnames,
 * one a line, that no machine has; else after the pattern in
 * machine/default/hostname, as node-@N@ or pc-@MAC4@.  Empty where there is
 * neither; -1 with a reason where there is none left, or it is no host name.
 */
int naming_host(int bootfd, const char *machine, unsigned long number,
    char hostname[NAME_HOST_SIZE], struct why *);

#endif
