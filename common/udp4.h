/* SPDX-License-Identifier: ISC */
#ifndef COMMON_UDP4_H
#define COMMON_UDP4_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/* A UDP datagram with its IPv4 header, RFC 791 and RFC 768. */
#define UDP4_HEADERS 28		/* octets before the payload, as we write it */

struct udp4 {
	struct in_addr from, to;
	uint16_t from_port, to_port;	/* host order */
	const uint8_t *payload;		/* in place */
	size_t len;			/* octets of it */
};

/*
 * Reads a packet that begins with its IPv4 header; what follows it (a short
 * frame's padding) is left out.  False for anything but one whole UDP
 * datagram.  The UDP checksum is not looked at: one from the same host may
 * not have its own yet.
 */
bool udp4_parse(struct udp4 *, const void *packet, size_t size);
/* Writes it, summed up; *w goes bad when it does not fit. */
void udp4_put(struct wire_out *, const struct udp4 *);

#endif
