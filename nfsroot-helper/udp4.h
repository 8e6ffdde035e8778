/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_UDP4_H
#define NFSROOT_UDP4_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A UDP datagram in its IPv4 packet, RFC 791 and RFC 768. */
struct udp4 {
	struct in_addr from, to;
	uint16_t from_port, to_port;
	const uint8_t *data;	/* in the packet */
	size_t len;
};

/*
 * False for anything else, for a fragment, and for what is cut off.  Sums
 * are not checked: a network's own have been.
 */
bool udp4_parse(struct udp4 *, const void *, size_t len);

#endif
