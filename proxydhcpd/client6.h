/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_CLIENT6_H
#define PROXYDHCPD_CLIENT6_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp6.h"
#include "common/mac.h"
#include "proxydhcpd/client.h"

/*
 * Who asked of late, by identifier and transaction: firmware's second
 * question comes from an address that does not tell its Ethernet address.
 * Of many at once the oldest are forgotten.
 */
#define RECENT6_MAX 256

struct recent6 {
	struct {
		uint64_t key;
		struct mac mac;
	} client[RECENT6_MAX];
	size_t next;
};

void recent6_note(struct recent6 *, const struct dhcp6 *, const struct mac *);

/*
 * What a well-formed DHCPv6 packet from this address says of its sender.
 * has_uuid and item are never set: there are no such things over IPv6.
 */
void client6_classify(struct client *, const struct dhcp6 *,
    const struct in6_addr *from, const struct recent6 *);
/*
 * Which address it asks a server for, in messages that every server hears.
 * False for other messages and for what cannot be one host's address.
 */
bool client6_address(const struct dhcp6 *, struct in6_addr *);

#endif
