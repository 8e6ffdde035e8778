/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NET_H
#define MKBOOT_INIT_NET_H

#include <stdbool.h>

#include "mkboot/init/cmdline.h"
#include "mkboot/init/coldplug.h"
#include "mkboot/init/lease.h"
#include "mkboot/init/nic.h"
#include "mkboot/init/six.h"

/* The network that the root comes by. */
struct net {
	struct nic nic;
	struct lease lease;	/* its facts count for static ones too */
	bool leased;		/* by DHCPv4: it must be kept */
	bool ip6;		/* by IPv6: `six' counts, not `lease' */
	struct six six;
};

/*
 * Chooses the card (ip='s device, else BOOTIF's, else the first that gets
 * somewhere), waits for it, for its link and for an address, and sets it up.
 * `ip6': the root's server has an IPv6 address, so that IPv4 is of no use.
 * `hostname' goes to the DHCP server; it may be empty.  Says what it waits
 * for; ends in say_fatal() after bounded times.
 */
void net_up(struct net *, const struct cmdline *, bool ip6, struct coldplug *,
    const char *hostname);
/* Gives the card what lease.facts says: address, route, MTU. */
void net_apply(const struct net *);
/* Writes lease.facts below a folder, as the file "lease". */
void net_record(const struct net *, int folder);
/* Milliseconds that sleep counts too. */
int64_t net_now(void);

#endif
