/* SPDX-License-Identifier: ISC */
/* RARP packets from octets and to octets, RFC 903. */
#include "nfsroot-helper/rarp.h"

#include <string.h>

#define HARDWARE_ETHERNET 1
#define HARDWARE_IEEE802 6
#define PROTOCOL_IPV4 0x0800
#define MAC_LEN 6
#define IP_LEN 4

static void
get_octets(struct wire_in *in, void *to, size_t len)
{
	const uint8_t *span = wire_get_span(in, len);

	if (span != NULL)
		memcpy(to, span, len);
}

bool
rarp_parse(struct rarp *r, const void *data, size_t len)
{
	uint16_t hardware, protocol;
	uint8_t hlen, plen;
	struct wire_in in;

	memset(r, 0, sizeof(*r));
	wire_in_init(&in, data, len);
	hardware = wire_get_n16(&in);
	protocol = wire_get_n16(&in);
	hlen = wire_get_8(&in);
	plen = wire_get_8(&in);
	r->operation = wire_get_n16(&in);
	get_octets(&in, r->sender.octet, MAC_LEN);
	get_octets(&in, &r->sender_ip, IP_LEN);
	get_octets(&in, r->target.octet, MAC_LEN);
	get_octets(&in, &r->target_ip, IP_LEN);
	return !in.bad && protocol == PROTOCOL_IPV4 && hlen == MAC_LEN &&
	    plen == IP_LEN && (hardware == HARDWARE_ETHERNET ||
	    hardware == HARDWARE_IEEE802) && (r->operation == RARP_REQUEST ||
	    r->operation == RARP_REPLY);
}

void
rarp_put(struct wire_out *out, const struct rarp *r)
{
	wire_put_n16(out, HARDWARE_ETHERNET);
	wire_put_n16(out, PROTOCOL_IPV4);
	wire_put_8(out, MAC_LEN);
	wire_put_8(out, IP_LEN);
	wire_put_n16(out, r->operation);
	wire_put_bytes(out, r->sender.octet, MAC_LEN);
	wire_put_bytes(out, &r->sender_ip, IP_LEN);
	wire_put_bytes(out, r->target.octet, MAC_LEN);
	wire_put_bytes(out, &r->target_ip, IP_LEN);
}

void
rarp_answer(struct rarp *reply, const struct rarp *request,
    struct in_addr address, const struct mac *mac, struct in_addr ip)
{
	reply->operation = RARP_REPLY;
	reply->sender = *mac;
	reply->sender_ip = ip;
	reply->target = request->target;
	reply->target_ip = address;
}
