/* SPDX-License-Identifier: ISC */
/* Who asks: by seen/ip, the neighbour table and our own networks. */
#include "nfsroot-helper/asker.h"

#include <netinet/in.h>

#include <string.h>

#include "common/address.h"
#include "common/neighbour.h"
#include "nfsroot-helper/nearby.h"

static bool
is_loopback(const union address *a)
{
	if (a->sa.sa_family == AF_INET)
		return ntohl(a->in.sin_addr.s_addr) >> 24 == 127;
	return a->sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

/* An IPv4 address as such, also where it came by a socket for both. */
static void
plain_address(const struct sockaddr *sa, union address *a)
{
	char text[ADDRESS_TEXT];

	if (!address_parse(address_format(sa, text), address_port(sa), a))
		memcpy(a, sa, address_length(sa));
}

static void
identify(struct asker *a, const struct guests *guests, const struct seen *seen)
{
	union address address;
	bool is_seen;

	plain_address(a->address, &address);
	is_seen = seen != NULL && seen_whose(seen, &address.sa, &a->mac);
	if (!is_seen && !a->asked_kernel) {
		a->asked_kernel = true;
		a->kernel_knows = neighbour_mac(&address.sa,
		    &a->kernel_mac);
	}
	if (!is_seen && a->kernel_knows)
		a->mac = a->kernel_mac;
	a->has_mac = is_seen || a->kernel_knows;
	a->privileged = address_port(a->address) < IPPORT_RESERVED;
	a->is_server = a->privileged && is_loopback(&address);
	a->nearby = nearby(&address.sa);
	a->admitted = a->is_server || guests_admit(guests, &address.sa,
	    a->nearby, is_seen);
}

void
asker_identify(struct asker *a, const struct guests *guests,
    const struct seen *seen, int64_t now)
{
	/* Who is not known yet may be told of just now: seen/ is written soon. */
	const int64_t fresh_ms = a->has_mac || a->is_server ? ASKER_FRESH_MS :
	    ASKER_UNKNOWN_MS;

	if (a->identified && now - a->identified_at < fresh_ms)
		return;
	a->identified = true;
	a->identified_at = now;
	if (a->address != NULL)
		identify(a, guests, seen);
	else
		a->admitted = guests->any;
	if (a->trusted)
		a->admitted = a->is_server = a->nearby = true;
}

bool
asker_may_view(const struct asker *a, const struct mac *machine,
    const char **why)
{
	if (a->is_server)
		return true;
	*why = "a machine's view is for that machine alone";
	if (!a->has_mac)
		*why = "a machine's view is for that machine alone, and "
		    "nobody knows whose this address is";
	else if (memcmp(&a->mac, machine, sizeof(*machine)) == 0)
		*why = "a machine's view is for its root alone, who calls "
		    "from a port below 1024";
	return a->privileged && a->has_mac &&
	    memcmp(&a->mac, machine, sizeof(*machine)) == 0;
}
