/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_CAPTURE_H
#define PROXYDHCPD_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"
#include "common/wire.h"

/*
 * The UDP datagrams in a capture file (pcap, as tcpdump writes it, or pcapng,
 * as Wireshark does) of Ethernet, with VLAN tags or without, of Linux' "any"
 * interface, or of bare IP.  Reads in place.
 */
#define CAPTURE_LINKS_MAX 16	/* of a pcapng; frames of more are not read */

struct capture {
	struct wire_in rest;
	bool little;		/* the file's octet order */
	bool ng;		/* a pcapng */
	uint32_t link[CAPTURE_LINKS_MAX];	/* LINKTYPE_...; pcap has one */
	size_t links;
	unsigned frame;		/* that was read last, from 1 */
};

struct capture_datagram {
	union address from, to;
	const uint8_t *payload;
	size_t len;		/* as much of it as the file has */
};

enum capture_kind {
	CAPTURE_NONE,		/* something else */
	CAPTURE_READY,
	CAPTURE_OTHER_LINK	/* pcap of a link that is not read here */
};

enum capture_kind capture_open(struct capture *, const uint8_t *, size_t len);
/* The next datagram, whatever its ports; false at the file's end. */
bool capture_next(struct capture *, struct capture_datagram *);

#endif
