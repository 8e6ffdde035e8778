/* SPDX-License-Identifier: ISC */
/* UDP datagrams out of a capture file. */
#include "proxydhcpd/capture.h"

#include <net/ethernet.h>

#include <string.h>

/* The first octets of a file; pcap's also with nanoseconds. */
enum {
	MAGIC = 0xa1b2c3d4u, MAGIC_NANO = 0xa1b23c4du,
	NG_SECTION = 0x0a0d0d0au
};
/* Blocks of a pcapng: draft-ietf-opsawg-pcapng. */
enum {
	NG_ORDER = 0x1a2b3c4d, NG_INTERFACE = 1, NG_SIMPLE = 3,
	NG_PACKET = 6
};
/* https://www.tcpdump.org/linktypes.html */
enum {
	LINK_ETHERNET = 1, LINK_RAW = 101, LINK_COOKED = 113,
	LINK_COOKED2 = 276
};

#define FRAGMENT 0x1fff		/* of IPv4's flags: where this one stands */

static uint32_t
get_32(const struct capture *c, struct wire_in *w)
{
	uint32_t v = wire_get_n32(w);

	return c->little ? __builtin_bswap32(v) : v;
}

static bool
is_link(uint32_t link)
{
	return link == LINK_ETHERNET || link == LINK_RAW ||
	    link == LINK_COOKED || link == LINK_COOKED2;
}

enum capture_kind
capture_open(struct capture *c, const uint8_t *data, size_t len)
{
	uint32_t magic;

	memset(c, 0, sizeof(*c));
	wire_in_init(&c->rest, data, len);
	magic = wire_get_n32(&c->rest);
	c->ng = magic == NG_SECTION;
	if (c->ng) {
		wire_in_init(&c->rest, data, len);
		return CAPTURE_READY;
	}
	c->little = magic == __builtin_bswap32(MAGIC) ||
	    magic == __builtin_bswap32(MAGIC_NANO);
	if (!c->little && magic != MAGIC && magic != MAGIC_NANO)
		return CAPTURE_NONE;
	wire_get_span(&c->rest, 16);	/* version, time zone, snap length */
	c->link[0] = get_32(c, &c->rest) & 0xffff;
	c->links = 1;
	return is_link(c->link[0]) ? CAPTURE_READY : CAPTURE_OTHER_LINK;
}

/* Past the link's header; what the frame holds, as Ethernet numbers it. */
static uint16_t
skip_link(uint32_t link, struct wire_in *w)
{
	uint16_t type;

	if (link == LINK_RAW)
		return w->left > 0 && w->pos[0] >> 4 == 6 ? ETHERTYPE_IPV6 :
		    ETHERTYPE_IP;
	if (link == LINK_COOKED2) {
		type = wire_get_n16(w);
		wire_get_span(w, 18);
		return type;
	}
	wire_get_span(w, link == LINK_COOKED ? 14 : 2 * ETHER_ADDR_LEN);
	type = wire_get_n16(w);
	while (type == ETHERTYPE_VLAN || type == 0x88a8 /* 802.1ad */) {
		wire_get_n16(w);
		type = wire_get_n16(w);
	}
	return type;
}

/* IPv4 with its options; false for what is not the start of a datagram. */
static bool
read_ip4(struct capture_datagram *d, struct wire_in *w)
{
	const uint8_t *h = wire_get_span(w, 20);

	if (h == NULL || h[0] >> 4 != 4 || (h[0] & 15) < 5 ||
	    h[9] != IPPROTO_UDP || ((h[6] << 8 | h[7]) & FRAGMENT) != 0)
		return false;
	d->from.in.sin_family = d->to.in.sin_family = AF_INET;
	memcpy(&d->from.in.sin_addr, h + 12, 4);
	memcpy(&d->to.in.sin_addr, h + 16, 4);
	return wire_get_span(w, (size_t)(h[0] & 15) * 4 - 20) != NULL;
}

static bool
read_ip6(struct capture_datagram *d, struct wire_in *w)
{
	const uint8_t *h = wire_get_span(w, 40);

	if (h == NULL || h[0] >> 4 != 6 || h[6] != IPPROTO_UDP)
		return false;
	d->from.in6.sin6_family = d->to.in6.sin6_family = AF_INET6;
	memcpy(&d->from.in6.sin6_addr, h + 8, 16);
	memcpy(&d->to.in6.sin6_addr, h + 24, 16);
	return true;
}

/* The two families have the port at the same place. */
static bool
read_udp(struct capture_datagram *d, struct wire_in *w)
{
	uint16_t len;

	d->from.in.sin_port = htons(wire_get_n16(w));
	d->to.in.sin_port = htons(wire_get_n16(w));
	len = wire_get_n16(w);
	wire_get_n16(w);	/* the sum: senders leave it to hardware */
	if (w->bad || len < 8)
		return false;
	d->payload = w->pos;
	d->len = len - 8u < w->left ? len - 8u : w->left;
	return true;
}

static bool
read_frame(struct capture_datagram *d, uint32_t link, struct wire_in *w)
{
	uint16_t type;

	memset(d, 0, sizeof(*d));
	type = skip_link(link, w);
	if (type == ETHERTYPE_IP)
		return read_ip4(d, w) && read_udp(d, w);
	return type == ETHERTYPE_IPV6 && read_ip6(d, w) && read_udp(d, w);
}

/* The next block's kind, and its body; 0 at the file's end. */
static uint32_t
next_block(struct capture *c, struct wire_in *body)
{
	const uint8_t *start;
	struct wire_in order;
	uint32_t kind, len;

	kind = wire_get_n32(&c->rest);
	if (kind == NG_SECTION && c->rest.left >= 8) {
		wire_in_init(&order, c->rest.pos + 4, 4);
		c->little = wire_get_n32(&order) != NG_ORDER;
		c->links = 0;
	} else if (c->little)
		kind = __builtin_bswap32(kind);
	len = get_32(c, &c->rest);
	start = wire_get_span(&c->rest, len < 12 ? SIZE_MAX : len - 12);
	wire_get_n32(&c->rest);		/* the length again */
	if (start == NULL || c->rest.bad)
		return 0;
	wire_in_init(body, start, len - 12);
	return kind;
}

static void
add_link(struct capture *c, struct wire_in *body)
{
	uint16_t link = wire_get_n16(body);

	if (c->links < CAPTURE_LINKS_MAX)
		c->link[c->links++] = c->little ? __builtin_bswap16(link) :
		    link;
}

/* A block's frame; false for one of an interface that was not introduced. */
static bool
open_block(struct capture *c, uint32_t kind, struct wire_in *body,
    uint32_t *link)
{
	uint32_t interface = 0, len;
	const uint8_t *frame;

	if (kind == NG_PACKET) {
		interface = get_32(c, body);
		wire_get_span(body, 8);		/* when */
		len = get_32(c, body);
		wire_get_n32(body);		/* its length on the wire */
	} else {
		len = get_32(c, body);
		if (len > body->left)
			len = (uint32_t)body->left;
	}
	frame = wire_get_span(body, len);
	if (frame == NULL || interface >= c->links)
		return false;
	wire_in_init(body, frame, len);
	*link = c->link[interface];
	return true;
}

static bool
next_ng_frame(struct capture *c, struct wire_in *w, uint32_t *link)
{
	uint32_t kind;

	while ((kind = next_block(c, w)) != 0) {
		if (kind == NG_INTERFACE)
			add_link(c, w);
		if (kind != NG_PACKET && kind != NG_SIMPLE)
			continue;
		c->frame++;
		if (open_block(c, kind, w, link))
			return true;
	}
	return false;
}

static bool
next_frame(struct capture *c, struct wire_in *w, uint32_t *link)
{
	const uint8_t *frame;
	uint32_t len;

	if (c->ng)
		return next_ng_frame(c, w, link);
	wire_get_span(&c->rest, 8);	/* when */
	len = get_32(c, &c->rest);
	wire_get_n32(&c->rest);		/* its length on the wire */
	frame = wire_get_span(&c->rest, len);
	if (frame == NULL)
		return false;
	c->frame++;
	wire_in_init(w, frame, len);
	*link = c->link[0];
	return true;
}

bool
capture_next(struct capture *c, struct capture_datagram *d)
{
	struct wire_in w;
	uint32_t link;

	while (next_frame(c, &w, &link))
		if (is_link(link) && read_frame(d, link, &w))
			return true;
	return false;
}
