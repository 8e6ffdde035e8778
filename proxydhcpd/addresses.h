/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_ADDRESSES_H
#define PROXYDHCPD_ADDRESSES_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * This host's IPv4 addresses: a packet socket does not say by which of them a
 * packet came.  Read anew when they are older than a second, or lack one.
 */
#define ADDRESSES_MAX 256
#define ADDRESSES_AGE_MS 1000
#define ADDRESSES_MISS_MS 50	/* where an interface has none */

struct addresses {
	int64_t read_ms;	/* 0: never */
	size_t n;
	struct {
		unsigned ifindex;
		struct in_addr addr;
	} of[ADDRESSES_MAX];
};

/* The first one of an interface; INADDR_ANY, if it has none. */
struct in_addr addresses_of(struct addresses *, unsigned ifindex,
    int64_t now_ms);
/* Is this one of ours, on whichever interface? */
bool addresses_have(struct addresses *, struct in_addr, int64_t now_ms);

#endif
