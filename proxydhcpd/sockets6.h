/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SOCKETS6_H
#define PROXYDHCPD_SOCKETS6_H

#include <netinet/in.h>

#include <stdbool.h>

#include "common/mac.h"

/* What DHCPv6 is heard by, and what this host is called on a link. */

#define SOCKETS6_INTERFACES_MAX 64

/*
 * A UDP socket on this port for IPv6 alone, in the group of all DHCPv6
 * servers on `interface', or where that is NULL on each one that is up now,
 * SOCKETS6_INTERFACES_MAX at most.  A server on this host that shares its
 * port with others shares it.  Non-blocking, close-on-exec, with
 * IPV6_RECVPKTINFO; or -1 with errno.
 */
int sockets6_open(unsigned port, const char *interface);
/* Joins the group on interfaces that have come up since. */
void sockets6_join(int fd);
/*
 * The address of this interface to be told to clients: a lasting one rather
 * than one that expires, and a link-local one only where there is no other.
 * False, and the unspecified address, where there is none.
 */
bool sockets6_address(unsigned ifindex, struct in6_addr *);
/* Its Ethernet address; false where it has none. */
bool sockets6_mac(unsigned ifindex, struct mac *);

#endif
