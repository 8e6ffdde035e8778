/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_LINK_H
#define PROXYDHCPD_LINK_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"
#include "common/udp4.h"

/*
 * DHCP without a UDP socket: a packet socket hears what comes to the DHCP
 * port whoever has that, and what DHCP servers tell their clients; a raw
 * socket sends from that port.  Both need CAP_NET_RAW to be opened.
 */

/* A packet that was heard. */
struct link_packet {
	struct udp4 udp;	/* its payload is in the caller's buffer */
	unsigned ifindex;
	bool broadcast;		/* by its frame */
	bool has_mac;
	struct mac mac;		/* the frame's source */
};

/*
 * Hears `port' (if `requests') and what comes from it to the clients' port,
 * on `interface', or where that is NULL on each; a filter in the kernel drops
 * all else.  -1 with errno.
 */
int link_open(const char *interface, unsigned port, bool requests);
/* A socket that only sends; -1 with errno. */
int link_open_sender(void);
/*
 * 1 and a packet; 0 for one that is no whole UDP datagram; -1 with errno
 * (EAGAIN: none waits).
 */
int link_receive(int fd, void *, size_t size, struct link_packet *);
/* Sends it by that interface (0: by the routes); 0, or -1 with errno. */
int link_send(int fd, const struct udp4 *, unsigned ifindex);

#endif
