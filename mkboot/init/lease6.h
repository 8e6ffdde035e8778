/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_LEASE6_H
#define MKBOOT_INIT_LEASE6_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp6.h"
#include "mkboot/init/lease.h"

/*
 * The client's side of DHCPv6 (RFC 8415 section 18.2) for one address, as a
 * machine without socket or clock, like lease.h's for DHCPv4.
 */
struct lease6_facts {
	struct in6_addr address;
	uint32_t valid;		/* seconds; LEASE_INFINITE: for ever */
	struct in6_addr dns[LEASE_ADDRESSES];	/* :: behind the last */
};

struct lease6 {
	enum lease_state state;
	uint8_t duid[DHCP6_DUID_LL_SIZE];
	uint32_t iaid, xid;
	uint32_t random;	/* of a small generator */
	unsigned attempt;	/* packets sent in this state */
	int64_t begun, deadline, t1, t2, expiry;	/* as in struct lease */
	uint8_t server[DHCP6_DUID_MAX];
	size_t server_len;
	struct in6_addr offered;
	struct lease6_facts facts;
};

void lease6_begin(struct lease6 *, const struct mac *, uint32_t seed,
    int64_t now);
/*
 * To be called once `deadline' has come.  Everything is sent to all servers
 * and relays of the wire (ff02::1:2): LEASE_BROADCAST, or LEASE_EXPIRED.
 */
enum lease_action lease6_tick(struct lease6 *, int64_t now, struct wire_out *);
/* LEASE_GOT, LEASE_KEPT, LEASE_REFUSED or LEASE_NOTHING. */
enum lease_action lease6_input(struct lease6 *, const struct dhcp6 *,
    int64_t now);

#endif
