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
refresh(struct addresses *a, int64_t age_ms, int64_t now_ms)
{
	struct ifaddrs *list, *i;

	if ((a->read_ms != 0 && now_ms - a->read_ms < age_ms) ||
	    getifaddrs(&list) == -1)
		return;
	a->n = 0;
	for (i = list; i != NULL; i = i->ifa_next)
		note(a, i);
	freeifaddrs(list);
	a->read_ms = now_ms;
}

static struct in_addr
find(const struct addresses *a, unsigned ifindex)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->of[i].ifindex == ifindex)
			return a->of[i].addr;
	return (struct in_addr){ INADDR_ANY };
}

struct in_addr
addresses_of(struct addresses *a, unsigned ifindex, int64_t now_ms)
{
	struct in_addr addr;

	refresh(a, ADDRESSES_AGE_MS, now_ms);
	addr = find(a, ifindex);
	if (addr.s_addr != INADDR_ANY)
		return addr;
	/* It may have got one just now. */
	refresh(a, ADDRESSES_MISS_MS, now_ms);
	return find(a, ifindex);
}

bool
addresses_have(struct addresses *a, struct in_addr addr, int64_t now_ms)
{
	size_t i;

	refresh(a, ADDRESSES_AGE_MS, now_ms);
	for (i = 0; i < a->n; i++)
		if (a->of[i].addr.s_addr == addr.s_addr)
			return true;
	return false;
}
