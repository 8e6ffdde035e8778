/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_STACK_H
#define MKBOOT_INIT_STACK_H

#include <stdbool.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/coldplug.h"

/* Makes the cards of bond= and vlan= once what they stand on is there. */
struct stack {
	bool bonded, tagged;	/* made, or tried to */
};

/* To be called again and again while cards appear. */
void stack_make(struct stack *, const struct cmdline *, struct coldplug *);
/* The card on top, which gets the address; NULL where nothing is stacked. */
const char *stack_top(const struct cmdline *);

#endif
