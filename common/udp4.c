/* SPDX-License-Identifier: ISC */
/* UDP datagrams with their IPv4 header, for packet and raw sockets. */
#include "common/udp4.h"

#include <string.h>

#define IP_HEADER 20		/* octets, without options */
#define UDP_HEADER 8
#define PROTOCOL_UDP 17
#define TTL 64
#define FRAGMENT 0x3fff		/* more fragments, or an offset */

/* RFC 1071: adds up words of 16 bits; an odd octet is a word's high half. */
static uint32_t
add(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *octet = data;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(octet[i] << 8 | octet[i + 1]);
	if (i < len)
		sum += (uint32_t)(octet[i] << 8);
	return sum;
}

static uint16_t
fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

static struct in_addr
get_addr(struct wire_in *w)
{
	return (struct in_addr){ htonl(wire_get_n32(w)) };
}

/* What IP carries, if that is UDP, whole, and its header sums up. */
static bool
parse_ip(struct udp4 *u, struct wire_in *w)
{
	const uint8_t *start = w->pos;
	const size_t whole = w->left;
	size_t header, total;
	uint8_t version, protocol;
	uint16_t fragment;

	version = wire_get_8(w);
	header = (size_t)(version & 15) * 4;
	wire_get_8(w);			/* type of service */
	total = wire_get_n16(w);
	wire_get_n16(w);		/* identification */
	fragment = wire_get_n16(w);
	wire_get_8(w);			/* time to live */
	protocol = wire_get_8(w);
	wire_get_n16(w);		/* checksum, which counts below */
	u->from = get_addr(w);
	u->to = get_addr(w);
	if (w->bad || version >> 4 != 4 || header < IP_HEADER ||
	    total < header || total > whole || (fragment & FRAGMENT) != 0 ||
	    protocol != PROTOCOL_UDP || fold(add(0, start, header)) != 0xffff)
		return false;
	wire_in_init(w, start + header, total - header);
	return true;
}

bool
udp4_parse(struct udp4 *u, const void *packet, size_t size)
{
	struct wire_in w;
	uint16_t len;

	memset(u, 0, sizeof(*u));
	wire_in_init(&w, packet, size);
	if (!parse_ip(u, &w))
		return false;
	u->from_port = wire_get_n16(&w);
	u->to_port = wire_get_n16(&w);
	len = wire_get_n16(&w);
	wire_get_n16(&w);
	if (w.bad || len < UDP_HEADER || (size_t)(len - UDP_HEADER) > w.left)
		return false;
	u->payload = w.pos;
	u->len = (size_t)(len - UDP_HEADER);
	return true;
}

static void
put_ip(struct wire_out *w, const struct udp4 *u, size_t size)
{
	uint8_t header[IP_HEADER];
	struct wire_out ip;

	wire_out_init(&ip, header, sizeof(header));
	wire_put_8(&ip, 4 << 4 | IP_HEADER / 4);
	wire_put_8(&ip, 0);
	wire_put_n16(&ip, (uint16_t)size);
	wire_put_n32(&ip, 0);		/* whole: no identification */
	wire_put_8(&ip, TTL);
	wire_put_8(&ip, PROTOCOL_UDP);
	wire_put_n16(&ip, 0);
	wire_put_bytes(&ip, &u->from, sizeof(u->from));
	wire_put_bytes(&ip, &u->to, sizeof(u->to));
	wire_put_bytes(w, header, 10);
	wire_put_n16(w, (uint16_t)~fold(add(0, header, sizeof(header))));
	wire_put_bytes(w, header + 12, 8);
}

void
udp4_put(struct wire_out *w, const struct udp4 *u)
{
	const size_t size = UDP_HEADER + u->len;
	uint32_t sum = PROTOCOL_UDP;
	uint16_t check;

	if (u->len > UINT16_MAX - UDP4_HEADERS) {
		w->bad = true;
		return;
	}
	put_ip(w, u, IP_HEADER + size);
	/* With the pseudo header of RFC 768, which has the length again. */
	sum = add(sum, &u->from, sizeof(u->from));
	sum = add(sum, &u->to, sizeof(u->to));
	sum += u->from_port + (uint32_t)u->to_port + 2 * (uint32_t)size;
	check = (uint16_t)~fold(add(sum, u->payload, u->len));
	wire_put_n16(w, u->from_port);
	wire_put_n16(w, u->to_port);
	wire_put_n16(w, (uint16_t)size);
	/* A sum of 0 is sent as its other form: 0 means that there is none. */
	wire_put_n16(w, check == 0 ? 0xffff : check);
	wire_put_bytes(w, u->payload, u->len);
}
