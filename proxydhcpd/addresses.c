/* SPDX-License-Identifier: ISC */
/* System calls: which IPv4 addresses this host has, and where. */
#include "proxydhcpd/addresses.h"

#include <net/if.h>

#include <ifaddrs.h>
#include <string.h>

static void
note(struct addresses *a, const struct ifaddrs *i)
{
	struct sockaddr_in in;

	if (a->n == ADDRESSES_MAX || i->ifa_addr == NULL ||
	    i->ifa_addr->sa_family != AF_INET || (i->ifa_flags & IFF_UP) == 0)
		return;
	memcpy(&in, i->ifa_addr, sizeof(in));
	a->of[a->n].ifindex = if_nametoindex(i->ifa_name);
	a->of[a->n].addr = in.sin_addr;
	a->n++;
}

/* When it cannot be read, what is known still holds. */
static void
refresh(struct addresses *a, int64_t now_ms)
{
	struct ifaddrs *list, *i;

	if (now_ms < a->until_ms || getifaddrs(&list) == -1)
		return;
	a->n = 0;
	for (i = list; i != NULL; i = i->ifa_next)
		note(a, i);
	freeifaddrs(list);
	a->until_ms = now_ms + ADDRESSES_AGE_MS;
}

struct in_addr
addresses_of(struct addresses *a, unsigned ifindex, int64_t now_ms)
{
	size_t i;

	refresh(a, now_ms);
	for (i = 0; i < a->n; i++)
		if (a->of[i].ifindex == ifindex)
			return a->of[i].addr;
	return (struct in_addr){ INADDR_ANY };
}

bool
addresses_have(struct addresses *a, struct in_addr addr, int64_t now_ms)
{
	size_t i;

	refresh(a, now_ms);
	for (i = 0; i < a->n; i++)
		if (a->of[i].addr.s_addr == addr.s_addr)
			return true;
	return false;
}
