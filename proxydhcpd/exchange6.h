/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_EXCHANGE6_H
#define PROXYDHCPD_EXCHANGE6_H

#include <stddef.h>
#include <stdint.h>

#include "common/dhcp6.h"
#include "proxydhcpd/client6.h"
#include "proxydhcpd/offer6.h"
#include "proxydhcpd/text.h"

/* A DHCPv6 packet and what becomes of it: parse, decide, encode. */
struct exchange6 {
	struct arrival6 arrival;	/* the caller's */
	struct dhcp6 packet;	/* points into the octets that were read */
	enum dhcp6_error error;	/* of the packet; if any, no more is set */
	struct client client;
	struct boot boot;	/* looked up where `boot.entry' is not empty */
	enum reason6 reason;
	struct reply6 reply;
	uint8_t encoded[REPLY6_MAX];
	size_t len;		/* octets of it */
};

/*
 * Reads a packet, and tells whether it is one that could be answered, without
 * a look at the boot directory.  Of the arrival `self' may be missing yet.
 */
enum reason6 exchange6_read(struct exchange6 *, const struct recent6 *,
    const uint8_t *, size_t len);
/* From there to the encoded reply, or the reason for none. */
enum reason6 exchange6_decide(struct exchange6 *, int bootfd);
/* Both, in words: what -e prints. */
void exchange6_explain(struct exchange6 *, int bootfd, const uint8_t *,
    size_t len, struct text *);

#endif
