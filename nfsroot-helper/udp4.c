/* SPDX-License-Identifier: ISC */
/* UDP in IPv4, from octets. */
#include "nfsroot-helper/udp4.h"

#include <string.h>

#include "common/wire.h"

#define IP_HEAD 20
#define UDP_HEAD 8
#define MORE_FRAGMENTS 0x2000
#define FRAGMENT_OFFSET 0x1fff

/* The head of the packet; what follows it is left in `in'. */
static bool
parse_ip(struct udp4 *u, struct wire_in *in, size_t len)
{
	const uint8_t first = wire_get_8(in);
	const size_t head = (first & 15u) * 4u;
	uint16_t total, fragment;
	const uint8_t *span;
	uint8_t protocol;

	wire_get_8(in);
	total = wire_get_n16(in);
	wire_get_n16(in);
	fragment = wire_get_n16(in);
	wire_get_8(in);
	protocol = wire_get_8(in);
	wire_get_n16(in);
	if ((span = wire_get_span(in, 8)) == NULL || first >> 4 != 4 ||
	    head < IP_HEAD || total < head || total > len ||
	    protocol != IPPROTO_UDP ||
	    (fragment & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) != 0)
		return false;
	memcpy(&u->from, span, 4);
	memcpy(&u->to, span + 4, 4);
	wire_get_span(in, head - IP_HEAD);
	/* Ethernet may have padded it. */
	in->left -= len - total;
	return !in->bad;
}

bool
udp4_parse(struct udp4 *u, const void *data, size_t len)
{
	struct wire_in in;
	size_t length;

	memset(u, 0, sizeof(*u));
	wire_in_init(&in, data, len);
	if (!parse_ip(u, &in, len))
		return false;
	u->from_port = wire_get_n16(&in);
	u->to_port = wire_get_n16(&in);
	length = wire_get_n16(&in);
	wire_get_n16(&in);
	if (in.bad || length < UDP_HEAD || length - UDP_HEAD > in.left)
		return false;
	u->len = length - UDP_HEAD;
	u->data = in.pos;
	return true;
}
