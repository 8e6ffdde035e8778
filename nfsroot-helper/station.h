/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_STATION_H
#define NFSROOT_STATION_H

#include <netinet/in.h>

#include <stdbool.h>

#include "common/mac.h"

/* What we are called on one interface: getifaddrs. */
struct station {
	struct mac mac;
	struct in_addr ip;
};

/*
 * Our addresses on the interface, by which `other' is to be spoken to: false
 * when we have none there that is of the same network.
 */
bool station_find(struct station *, unsigned ifindex, struct in_addr other);
/* Is this a broadcast address of a network of ours, or that of all? */
bool station_is_broadcast(struct in_addr);

#endif
