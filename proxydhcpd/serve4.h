/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SERVE4_H
#define PROXYDHCPD_SERVE4_H

#include <netinet/in.h>

#include "common/seen.h"
#include "proxydhcpd/notice.h"
#include "proxydhcpd/router.h"
#include "proxydhcpd/sockets.h"

/* The DHCPv4 side: receives, answers, and then records. */
struct serve4 {
	int bootfd;
	struct in_addr self;	/* -l; INADDR_ANY: that of the interface */
	const struct sockets *sockets;
	struct seen *seen;
	struct router_clients *booting;	/* whom we made an offer of late */
	struct notices notices;
	unsigned long answered, silent, broken;
};

/* What waits on the DHCP port, or on 4011: some of it, then returns. */
void serve4_dhcp(struct serve4 *);
void serve4_proxy(struct serve4 *);

#endif
