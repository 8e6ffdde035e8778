/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_EXPLAINED_H
#define PROXYDHCPD_EXPLAINED_H

#include <netinet/in.h>

#include <stdbool.h>

/* What -e reads and prints. */
struct explained {
	int bootfd;
	struct in_addr self;	/* our addresses */
	struct in6_addr self6;
	bool proxy;		/* a bare payload came on the proxy port */
	unsigned dhcp_port, proxy_port;
};

/*
 * A UDP payload of DHCPv4 or DHCPv6, or a capture file, on standard input;
 * on standard output what becomes of it, or of each packet.  An exit status.
 */
int explained_run(const struct explained *);

#endif
