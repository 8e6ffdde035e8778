/* SPDX-License-Identifier: ISC */
/*
 * Any octets as an answer to a DHCPv6 client in each of its states, and as a
 * router's advertisement.
 */
#include "mkboot/init/lease6.h"
#include "mkboot/init/ra.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
try_state(const struct dhcp6 *d, enum lease_state lease_state)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	enum lease_action action;
	uint8_t out[DHCP6_PACKET_MAX];
	struct lease6 l;
	struct wire_out w;

	lease6_begin(&l, &mac, 1, 0);
	l.state = lease_state;
	l.xid = d->xid;
	action = lease6_input(&l, d, 1000);
	require(l.server_len <= sizeof(l.server));
	require(l.deadline >= 0);
	if (action == LEASE_GOT || action == LEASE_KEPT) {
		require(l.state == LEASE_BOUND && l.deadline > 1000);
		require(l.t1 <= l.t2 && l.t2 <= l.expiry);
	}
	wire_out_init(&w, out, sizeof(out));
	action = lease6_tick(&l, l.deadline, &w);
	require(!w.bad);
	require(action == LEASE_BROADCAST || action == LEASE_EXPIRED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dhcp6 d;
	struct ra ra;

	(void)ra_parse(&ra, data, size);
	if (dhcp6_parse(&d, data, size) != DHCP6_OK)
		return 0;
	try_state(&d, LEASE_SELECTING);
	try_state(&d, LEASE_REQUESTING);
	try_state(&d, LEASE_RENEWING);
	return 0;
}
