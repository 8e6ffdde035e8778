/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SERVE4_H
#define PROXYDHCPD_SERVE4_H

#include <netinet/in.h>

#include "common/seen.h"
#include "proxydhcpd/addresses.h"
#include "proxydhcpd/lookup.h"
#include "proxydhcpd/memory.h"
#include "proxydhcpd/notice.h"
#include "proxydhcpd/sockets.h"
#include "proxydhcpd/solicited.h"

/* The DHCPv4 side: receives, answers, and then records. */
struct serve4 {
	int bootfd;
	struct in_addr self;	/* -l; INADDR_ANY: that of the interface */
	unsigned port;		/* the DHCP port */
	const struct sockets *sockets;
	struct seen *seen;
	struct solicited *solicited;	/* is told whom we made an offer */
	struct addresses addresses;
	struct memory memory;
	struct lookup_memo memo;
	struct notices notices;
	unsigned long answered, silent, broken;
};

/* What waits on a socket: some of it, then returns. */
void serve4_dhcp(struct serve4 *);
void serve4_link(struct serve4 *);
void serve4_proxy(struct serve4 *);

#endif
