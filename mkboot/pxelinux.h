/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PXELINUX_H
#define MKBOOT_PXELINUX_H

#include <stdbool.h>

#include "mkboot/script.h"

/* The same for PXELINUX as script.h has for iPXE. */

/*
 * Is such an image one that PXELINUX can boot?  Words that name the server it
 * cannot write, so not what is fetched by HTTP.
 */
bool pxelinux_can(const struct script_facts *);
/*
 * A machine's page, with a NUL.  false: too long.  The facts were checked by
 * script_machine().
 */
bool pxelinux_machine(const struct script_facts *, char text[SCRIPT_SIZE]);

#endif
