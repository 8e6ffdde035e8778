/* SPDX-License-Identifier: ISC */
/* IPv4 and UDP headers around a DHCP packet. */
#include "mkboot/init/udp4.h"

#define IP_HEADER 20		/* without options */
#define UDP_HEADER 8
#define PROTOCOL_UDP 17
#define TTL 64
#define FRAGMENT 0x3fff		/* more fragments, or an offset */
#define BROADCAST 0xffffffffu

/* RFC 1071: adds up words of 16 bits; an odd octet is a word's high half. */
static uint32_t
add(uint32_t sum, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(data[i] << 8 | data[i + 1]);
	if (i < len)
		sum += (uint32_t)(data[i] << 8);
	return sum;
}

static uint16_t
fold(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/* The sum of what UDP is summed with besides itself (RFC 768). */
static uint32_t
pseudo_header(const uint8_t addresses[8], size_t udp_len)
{
	return add(0, addresses, 8) + PROTOCOL_UDP + (uint32_t)udp_len;
}

static void
put_udp(struct wire_out *w, uint16_t from_port, uint16_t to_port,
    const void *payload, size_t len)
{
	static const uint8_t addresses[8] = { 0, 0, 0, 0, 255, 255, 255, 255 };
	const size_t size = UDP_HEADER + len;
	uint32_t sum;
	uint16_t check;

	sum = pseudo_header(addresses, size) + from_port + to_port +
	    (uint32_t)size;
	check = (uint16_t)~fold(add(sum, payload, len));
	wire_put_n16(w, from_port);
	wire_put_n16(w, to_port);
	wire_put_n16(w, (uint16_t)size);
	/* A sum of 0 is sent as its other form: 0 means that there is none. */
	wire_put_n16(w, check == 0 ? 0xffff : check);
	wire_put_bytes(w, payload, len);
}

void
udp4_put_broadcast(struct wire_out *w, uint16_t from_port, uint16_t to_port,
    const void *payload, size_t len)
{
	const size_t size = IP_HEADER + UDP_HEADER + len;
	uint8_t header[IP_HEADER];
	struct wire_out ip;

	if (size > UINT16_MAX) {
		w->bad = true;
		return;
	}
	wire_out_init(&ip, header, sizeof(header));
	wire_put_8(&ip, 4 << 4 | IP_HEADER / 4);
	wire_put_8(&ip, 0);
	wire_put_n16(&ip, (uint16_t)size);
	wire_put_n32(&ip, 0);		/* whole: no identification */
	wire_put_8(&ip, TTL);
	wire_put_8(&ip, PROTOCOL_UDP);
	wire_put_n16(&ip, 0);
	wire_put_n32(&ip, 0);
	wire_put_n32(&ip, BROADCAST);
	wire_put_bytes(w, header, 10);
	wire_put_n16(w, (uint16_t)~fold(add(0, header, sizeof(header))));
	wire_put_bytes(w, header + 12, 8);
	put_udp(w, from_port, to_port, payload, len);
}

/* What IP carries, if that is UDP, whole, and its header sums up. */
static bool
parse_ip(struct wire_in *w, uint8_t addresses[8])
{
	const uint8_t *start = w->pos, *found;
	size_t header, total, whole = w->left;
	uint8_t protocol;
	uint16_t fragment;

	header = (size_t)(wire_get_8(w) & 15) * 4;
	wire_get_8(w);
	total = wire_get_n16(w);
	wire_get_n16(w);
	fragment = wire_get_n16(w);
	wire_get_8(w);
	protocol = wire_get_8(w);
	wire_get_n16(w);
	found = wire_get_span(w, 8);
	if (w->bad || start[0] >> 4 != 4 || header < IP_HEADER ||
	    total < header || total > whole || (fragment & FRAGMENT) != 0 ||
	    protocol != PROTOCOL_UDP || fold(add(0, start, header)) != 0xffff)
		return false;
	for (size_t i = 0; i < 8; i++)
		addresses[i] = found[i];
	/* Ethernet pads short frames: what counts ends at `total'. */
	wire_in_init(w, start + header, total - header);
	return true;
}

const uint8_t *
udp4_parse(const void *packet, size_t size, uint16_t to_port, bool summed,
    size_t *len)
{
	struct wire_in w;
	const uint8_t *udp;
	uint8_t addresses[8];
	uint16_t to, udp_len, check;

	*len = 0;
	wire_in_init(&w, packet, size);
	if (!parse_ip(&w, addresses))
		return NULL;
	udp = w.pos;
	wire_get_n16(&w);
	to = wire_get_n16(&w);
	udp_len = wire_get_n16(&w);
	check = wire_get_n16(&w);
	if (w.bad || to != to_port || udp_len < UDP_HEADER ||
	    udp_len - UDP_HEADER > (int)w.left)
		return NULL;
	if (summed && check != 0 &&
	    fold(add(pseudo_header(addresses, udp_len), udp, udp_len)) !=
	    0xffff)
		return NULL;
	*len = (size_t)udp_len - UDP_HEADER;
	return w.pos;
}
