/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SOLICITED_H
#define PROXYDHCPD_SOLICITED_H

#include "common/seen.h"
#include "proxydhcpd/notice.h"
#include "proxydhcpd/router.h"

/* The ICMPv6 side: router solicitations of machines that boot. */
struct solicited {
	int fd;			/* from icmp6_open(); -1: none is heard */
	int bootfd;
	struct seen *seen;
	struct notices *notices;
	struct router_clients booting;
	struct router_links links;
	unsigned long answered, silent;
};

/*
 * Asks each link (`interface', or where that is NULL all) for its router, so
 * that it is known whether there is one before a machine wants to know.
 */
void solicited_start(struct solicited *, const char *interface,
    int64_t now_ms);
/* What waits on the socket: some of it, then returns. */
void solicited_receive(struct solicited *);
/* This machine was made an offer, and will soon look for a router. */
void solicited_note_boot(struct solicited *, const struct mac *,
    unsigned ifindex, int64_t now_ms);

#endif
