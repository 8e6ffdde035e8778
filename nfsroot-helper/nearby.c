/* SPDX-License-Identifier: ISC */
/* Who is on a network of ours: getifaddrs. */
#include "nfsroot-helper/nearby.h"

#include <ifaddrs.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "common/address.h"

/* The octets of the host's address; NULL for another family. */
static const uint8_t *
octets_of(const struct sockaddr *sa, size_t *len)
{
	*len = sa->sa_family == AF_INET ? 4 : 16;
	if (sa->sa_family == AF_INET)
		return (const uint8_t *)&((const struct sockaddr_in *)
		    (const void *)sa)->sin_addr;
	return sa->sa_family != AF_INET6 ? NULL :
	    ((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr;
}

bool
nearby_same_network(const struct sockaddr *sa, const struct sockaddr *ours,
    const struct sockaddr *mask)
{
	const uint8_t *a, *b, *m;
	size_t len, i;

	if (sa->sa_family != ours->sa_family ||
	    (a = octets_of(sa, &len)) == NULL)
		return false;
	b = octets_of(ours, &len);
	m = octets_of(mask, &len);
	for (i = 0; m != NULL && i < len; i++)
		if (((a[i] ^ b[i]) & m[i]) != 0)
			return false;
	return m != NULL;
}

bool
nearby(const struct sockaddr *sa)
{
	struct ifaddrs *all, *i;
	bool found = false;

	if (getifaddrs(&all) == -1)
		return false;
	for (i = all; i != NULL && !found; i = i->ifa_next)
		found = i->ifa_addr != NULL && i->ifa_netmask != NULL &&
		    nearby_same_network(sa, i->ifa_addr, i->ifa_netmask);
	freeifaddrs(all);
	return found;
}
