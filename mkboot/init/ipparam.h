/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_IPPARAM_H
#define MKBOOT_INIT_IPPARAM_H

#include <netinet/in.h>

#include <stdbool.h>

#define IPPARAM_DNS 2
#define IPPARAM_DEVICE 16

enum ip_how {
	IP_DHCP,		/* DHCPv4, or what the root's server needs */
	IP_STATIC,
	IP_AUTO6,		/* IPv6 by router, DHCPv6 where it says so */
	IP_DHCP6,
	IP_STATIC6,
	IP_OFF
};

/*
 * ip=, as in the kernel's admin-guide/nfs/nfsroot.rst, with IPv6 addresses in
 * brackets and the words for them as dracut.cmdline(7) has them.
 */
struct ip_param {
	enum ip_how how;
	/* 0.0.0.0: not said. */
	struct in_addr client, server, gateway, netmask;
	struct in6_addr client6, gateway6;	/* with IP_STATIC6 */
	unsigned prefix6;			/* bits */
	char hostname[64];
	char device[IPPARAM_DEVICE];
	struct in_addr dns[IPPARAM_DNS];
};

/* What is wrong with the value, or NULL. */
const char *ipparam_parse(struct ip_param *, const char *value);

/* Does it ask for IPv6 alone? */
bool ipparam_is_ip6(const struct ip_param *);

#endif
