/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_CHOICE_H
#define MKBOOT_CHOICE_H

#include <stdbool.h>

#include "mkboot/name.h"
#include "mkboot/script.h"
#include "mkboot/strings.h"

#define CHOICE_TEXT 61		/* octets of a prompt, with its NUL */
#define CHOICE_WAIT 255		/* seconds: until somebody chooses */

/* What people are asked, at machines that have no image of their own. */
struct choice {
	struct strings images;		/* in the order of the menu */
	char usual[NAME_IMAGE_SIZE];	/* taken when nobody chooses */
	unsigned timeout_s;		/* CHOICE_WAIT at most */
	char prompt[CHOICE_TEXT];
};

/*
 * iPXE's menu, with a NUL: an image each, and the next boot device.  What is
 * chosen is the script machine/default.IMAGE/boot.ipxe.  false: too long.
 */
bool choice_script(const struct choice *, char text[SCRIPT_SIZE]);
/* Can iPXE show it as it is? */
bool choice_prompt_is_good(const char *);

#endif
