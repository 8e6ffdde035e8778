/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_GRUB_H
#define MKBOOT_GRUB_H

#include <stdbool.h>

#include "mkboot/script.h"

/*
 * The same for GRUB as script.h has for iPXE.  GRUB names files from the root
 * of the server that it came from, by TFTP or HTTP.
 */

/* pub/grub/grub.cfg, where a signed GRUB looks first: finds the machine's. */
const char *grub_first(void);
/* Is such an image one that GRUB can boot?  Not an ISO, nor OpenBSD. */
bool grub_can(const struct script_facts *);
/*
 * A machine's page, with a NUL.  false: too long.  The facts were checked by
 * script_machine(); iPXE's ${settings} in a command line are none of GRUB's,
 * and stay as they are.
 */
bool grub_machine(const struct script_facts *, char text[SCRIPT_SIZE]);

#endif
