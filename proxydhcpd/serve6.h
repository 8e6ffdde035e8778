/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SERVE6_H
#define PROXYDHCPD_SERVE6_H

#include <netinet/in.h>

#include <stdint.h>

#include "common/daemon.h"
#include "common/listen.h"
#include "proxydhcpd/client6.h"
#include "proxydhcpd/offer6.h"
#include "proxydhcpd/record6.h"

/*
 * DHCPv6, served from one descriptor that can be polled: its two ports, and
 * the clock of the answers that must not go out at once.
 */
#define SERVE6_LATE_MAX 64

struct serve6 {
	struct in6_addr self;	/* the caller's; unspecified: by interface */
	int fd;			/* readable when there is work; -1: unserved */
	int dhcp, proxy, timer;
	bool every_interface;	/* no -i: those too that come up later */
	int64_t look_ms;	/* when to look for such */
	int bootfd;
	struct record6 record;
	struct recent6 recent;
	struct late {
		int64_t due_ms;
		size_t len;	/* 0: nothing waits here */
		struct datagram datagram;
		uint8_t packet[REPLY6_MAX];
	} late[SERVE6_LATE_MAX];
	unsigned long answered, silent, broken;
};

/* Opens the ports; where they cannot be had, says why in one line. */
void serve6_open(struct serve6 *, const struct daemon *, unsigned proxy_port,
    int bootfd, struct seen *);
/* Answers what has come, and sends what is due.  Never waits. */
void serve6_work(struct serve6 *);

#endif
