/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SIX_H
#define MKBOOT_INIT_SIX_H

#include <poll.h>
#include <stdbool.h>

#include "mkboot/init/ipparam.h"
#include "mkboot/init/lease6.h"
#include "mkboot/init/nic.h"
#include "mkboot/init/ra.h"

#define SIX_FDS 2

/* A card on its way to an IPv6 address, and what it came to. */
struct six {
	struct nic nic;
	int router, dhcp;	/* sockets; -1: not open */
	int64_t begun;		/* ms, as net_now() */
	int64_t advertised;	/* when a router first spoke; 0: none did */
	struct ra ra;
	struct lease6 lease;
	bool leased;		/* by DHCPv6: must be kept */
	struct in6_addr address;
	unsigned prefix;
};

void six_begin(struct six *, const struct nic *, uint32_t seed, int64_t now);
/*
 * Sends what is due and reads what came: true once the card has its address.
 * With IP_DHCP6 only DHCPv6's will do.
 */
bool six_step(struct six *, enum ip_how, int64_t now);
/* The address that ip= gave; true once it can be used. */
bool six_fixed(struct six *, const struct ip_param *);
/* What to poll for; how many. */
nfds_t six_poll(const struct six *, struct pollfd fds[SIX_FDS]);
void six_close(struct six *);
/* The facts as lines for /run/pixie/lease; their length. */
size_t six_format(const struct six *, char *text, size_t size);
/* Name servers, DHCPv6's or else the router's; LEASE_ADDRESSES of them. */
const struct in6_addr *six_dns(const struct six *);

#endif
