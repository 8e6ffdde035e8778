/* SPDX-License-Identifier: ISC */
/*
 * Any packets at any times to the DHCP client: it never claims an address
 * that nobody gave, always has something to do later, and sends well-formed
 * packets.  A record is: seconds that pass (1), length (2), packet.
 */
#include "mkboot/init/lease.h"

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
require_sane(const struct lease *l)
{
	char text[4096];
	size_t len, i;

	require(strlen(lease_state_name(l->state)) > 0);
	if (l->state >= LEASE_BOUND) {
		require(l->facts.address.s_addr != INADDR_ANY);
		require(l->t1 <= l->t2 && l->t2 <= l->expiry);
	}
	len = lease_format(&l->facts, text, sizeof(text));
	for (i = 0; i < len; i++)
		require(text[i] == '\n' || (text[i] >= ' ' && text[i] < 127));
}

static void
let_time_pass(struct lease *l, int64_t now)
{
	static struct dhcp4 sent;
	uint8_t packet[DHCP4_PACKET_MAX];
	enum lease_action action;
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	action = lease_tick(l, now, &w);
	require(!w.bad);
	if (action == LEASE_BROADCAST || action == LEASE_UNICAST) {
		require(dhcp4_parse(&sent, packet, w.len) == DHCP4_OK);
		require(sent.type == DHCP4_DISCOVER ||
		    sent.type == DHCP4_REQUEST);
		/* There is no storm: time passes until the next one. */
		require(l->deadline > now);
	} else
		require(w.len == 0);
}

static void
hear(struct lease *l, const uint8_t *data, size_t size, int64_t now)
{
	static struct dhcp4 d;

	if (dhcp4_parse(&d, data, size) != DHCP4_OK)
		return;
	/* A fuzzer would never guess these. */
	d.xid = l->xid;
	d.op = DHCP4_BOOTREPLY;
	d.htype = 1;
	d.hlen = 6;
	memcpy(d.chaddr, l->mac.octet, 6);
	switch (lease_input(l, &d, now)) {
	case LEASE_GOT:
	case LEASE_KEPT:
		require(l->state == LEASE_BOUND);
		require(l->facts.address.s_addr == d.yiaddr.s_addr);
		require(l->deadline > now);
		break;
	case LEASE_REFUSED:
		require(d.type == DHCP4_NAK && l->state == LEASE_SELECTING);
		break;
	case LEASE_NOTHING:
		break;
	default:
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	struct lease l;
	int64_t now = 0;
	size_t len;

	lease_begin(&l, &mac, size % 2 == 0 ? "" : "box", (uint32_t)size, now);
	let_time_pass(&l, now);
	while (size >= 3) {
		now += data[0] * INT64_C(1000);
		len = (size_t)data[1] << 8 | data[2];
		data += 3;
		size -= 3;
		if (len > size)
			len = size;
		hear(&l, data, len, now);
		require_sane(&l);
		let_time_pass(&l, now > l.deadline ? now : l.deadline <
		    now + 100000 ? l.deadline : now);
		require_sane(&l);
		data += len;
		size -= len;
	}
	return 0;
}
