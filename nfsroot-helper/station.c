/* SPDX-License-Identifier: ISC */
/* What we are called on an interface: getifaddrs. */
#include "nfsroot-helper/station.h"

#include <sys/socket.h>

#include <net/if.h>
#include <netpacket/packet.h>

#include <ifaddrs.h>
#include <stddef.h>
#include <string.h>

#include "common/address.h"
#include "nfsroot-helper/nearby.h"

struct search {
	struct station *found;
	union address other;
	bool has_mac, has_ip;
};

static void
note_address(struct search *s, const struct ifaddrs *i)
{
	const int family = i->ifa_addr->sa_family;
	struct sockaddr_ll link;
	struct sockaddr_in in;

	if (family == AF_PACKET) {
		memcpy(&link, i->ifa_addr, sizeof(link));
		memcpy(&s->found->mac, link.sll_addr, sizeof(s->found->mac));
		s->has_mac = link.sll_halen == sizeof(s->found->mac);
	} else if (family == AF_INET && !s->has_ip &&
	    i->ifa_netmask != NULL && nearby_same_network(&s->other.sa,
	    i->ifa_addr, i->ifa_netmask)) {
		memcpy(&in, i->ifa_addr, sizeof(in));
		s->found->ip = in.sin_addr;
		s->has_ip = true;
	}
}

bool
station_find(struct station *found, unsigned ifindex, struct in_addr other)
{
	struct search s = { .found = found };
	struct ifaddrs *all, *i;
	char name[IF_NAMESIZE];

	s.other.in.sin_family = AF_INET;
	s.other.in.sin_addr = other;
	if (if_indextoname(ifindex, name) == NULL || getifaddrs(&all) == -1)
		return false;
	for (i = all; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && strcmp(i->ifa_name, name) == 0)
			note_address(&s, i);
	freeifaddrs(all);
	return s.has_mac && s.has_ip;
}

/* As the kernel has it: the last of the network, and what was set. */
static bool
is_broadcast_of(const struct ifaddrs *i, struct in_addr address)
{
	struct sockaddr_in ours, mask, set;

	if (i->ifa_addr == NULL || i->ifa_netmask == NULL ||
	    i->ifa_addr->sa_family != AF_INET)
		return false;
	memcpy(&ours, i->ifa_addr, sizeof(ours));
	memcpy(&mask, i->ifa_netmask, sizeof(mask));
	if (address.s_addr == (ours.sin_addr.s_addr | ~mask.sin_addr.s_addr))
		return true;
	if ((i->ifa_flags & IFF_BROADCAST) == 0 || i->ifa_broadaddr == NULL)
		return false;
	memcpy(&set, i->ifa_broadaddr, sizeof(set));
	return address.s_addr == set.sin_addr.s_addr;
}

bool
station_is_broadcast(struct in_addr address)
{
	struct ifaddrs *all, *i;
	bool found = address.s_addr == htonl(INADDR_BROADCAST);

	if (found || getifaddrs(&all) == -1)
		return found;
	for (i = all; i != NULL && !found; i = i->ifa_next)
		found = is_broadcast_of(i, address);
	freeifaddrs(all);
	return found;
}
