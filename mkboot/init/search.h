/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SEARCH_H
#define MKBOOT_INIT_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/coldplug.h"
#include "mkboot/init/lease.h"
#include "mkboot/init/nic.h"
#include "mkboot/init/six.h"
#include "mkboot/init/stack.h"

/* The search for the card that the root comes by. */

/* A card that may be the one. */
struct port {
	struct nic nic;
	bool up;		/* has link */
	int fd;			/* of DHCPv4; -1: not asking */
	struct lease lease;
	struct six six;		/* where it is IPv6 that is looked for */
};

enum wait { WAIT_CARD, WAIT_LINK, WAIT_ADDRESS };

struct search {
	const struct cmdline *cmdline;
	struct coldplug *coldplug;
	const char *hostname;
	bool ip6;
	struct stack stack;
	struct port port[NIC_MAX];
	size_t ports;
	int64_t begun;		/* of the present wait: ms, as net_now() */
	int64_t told;
	enum wait wait;
};

void search_enter(struct search *, enum wait);
/* Looks for new hardware, and switches on what may be the card. */
void search_cards(struct search *);
/*
 * Now and then a line about what we wait for; at the end of our patience one
 * that ends it: say_fatal().
 */
void search_tell(struct search *);

#endif
