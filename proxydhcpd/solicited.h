/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SOLICITED_H
#define PROXYDHCPD_SOLICITED_H

#include "common/seen.h"
#include "proxydhcpd/router.h"

/* The ICMPv6 side: router solicitations of machines that boot. */
struct solicited {
	int fd;			/* from icmp6_open(); -1: none is heard */
	int bootfd;
	struct seen *seen;
	struct router_clients booting;
	unsigned long answered, silent;
};

/* What waits on the socket: some of it, then returns. */
void solicited_receive(struct solicited *);

#endif
