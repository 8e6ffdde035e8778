/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_EXCHANGE_H
#define PROXYDHCPD_EXCHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/dhcp4.h"
#include "proxydhcpd/client.h"
#include "proxydhcpd/explain.h"
#include "proxydhcpd/lookup.h"
#include "proxydhcpd/offer.h"

/* A DHCPv4 packet and what becomes of it: parse, decide, encode. */
struct exchange {
	struct arrival arrival;	/* the caller's */
	struct dhcp4 packet;
	enum dhcp4_error error;	/* of the packet; if any, no more is set */
	struct client client;
	struct boot boot;	/* looked up where `boot.entry' is not empty */
	enum reason reason;
	struct reply reply;
	uint8_t encoded[DHCP4_PACKET_MAX];
	size_t len;		/* octets of it */
};

/*
 * Reads a packet, and tells whether it is one that could be answered, without
 * a look at the boot directory.
 */
enum reason exchange_read(struct exchange *, const uint8_t *, size_t len);
/* What the boot directory says of its sender, if that is asked at all. */
void exchange_look_up(struct exchange *, int bootfd, struct lookup_memo *,
    int64_t now_ms);
/* From there to the encoded reply, or the reason for none. */
enum reason exchange_decide(struct exchange *);
/* Both, in words: what -e prints. */
void exchange_explain(struct exchange *, int bootfd, const uint8_t *,
    size_t len, struct explanation *);

#endif
