/* SPDX-License-Identifier: ISC */
/* A card on its way to an IPv6 address. */
#include "mkboot/init/six.h"

#include <sys/socket.h>

#include <arpa/inet.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/nic6.h"
#include "mkboot/init/say.h"

/* Milliseconds. */
#define ROUTER_WAIT 4000	/* without a router DHCPv6 may be there alone */
#define DHCP_WAIT 5000		/* where it was announced, but is silent */

void
six_begin(struct six *s, const struct nic *nic, uint32_t seed, int64_t now)
{
	memset(s, 0, sizeof(*s));
	s->nic = *nic;
	s->begun = now;
	s->dhcp = -1;
	s->router = nic6_open_router(nic);
	lease6_begin(&s->lease, &nic->mac, seed, now);
	nic6_listen_to_routers(nic);
}

nfds_t
six_poll(const struct six *s, struct pollfd fds[SIX_FDS])
{
	fds[0] = (struct pollfd){ .fd = s->router, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = s->dhcp, .events = POLLIN };
	return SIX_FDS;
}

void
six_close(struct six *s)
{
	if (s->router != -1)
		close(s->router);
	if (s->dhcp != -1)
		close(s->dhcp);
	s->router = s->dhcp = -1;
}

static void
hear_routers(struct six *s, int64_t now)
{
	uint8_t packet[DHCP6_PACKET_MAX];
	struct ra ra;
	ssize_t n;

	while (s->router != -1 &&
	    (n = recv(s->router, packet, sizeof(packet), 0)) != -1)
		if (ra_parse(&ra, packet, (size_t)n)) {
			s->ra = ra;
			if (s->advertised == 0)
				s->advertised = now;
		}
}

static bool
wants_dhcp(const struct six *s, enum ip_how how, int64_t now)
{
	if (how == IP_DHCP6 || s->ra.managed)
		return true;
	return s->advertised == 0 && now - s->begun >= ROUTER_WAIT;
}

static void
take_lease(struct six *s)
{
	s->leased = true;
	s->address = s->lease.facts.address;
	/* A router says what is on the wire (RFC 5942); none: the usual. */
	s->prefix = s->advertised != 0 ? 128 : 64;
	if (nic6_add_address(&s->nic, &s->address, s->prefix) == -1)
		say_warn("%s: IPv6 address: %s", s->nic.name,
		    strerror(errno));
}

static void
ask_dhcp(struct six *s, int64_t now)
{
	uint8_t packet[DHCP6_PACKET_MAX];
	struct wire_out w;
	struct dhcp6 d;
	ssize_t n;

	wire_out_init(&w, packet, sizeof(packet));
	if (s->dhcp == -1 && (s->dhcp = nic6_open_dhcp(&s->nic)) == -1)
		return;
	/* What is lost is sent again. */
	if (lease6_tick(&s->lease, now, &w) == LEASE_BROADCAST && !w.bad &&
	    nic6_send_dhcp(s->dhcp, &s->nic, packet, w.len) == -1)
		errno = 0;
	while ((n = recv(s->dhcp, packet, sizeof(packet), 0)) != -1)
		if (dhcp6_parse(&d, packet, (size_t)n) == DHCP6_OK &&
		    lease6_input(&s->lease, &d, now) == LEASE_GOT)
			take_lease(s);
}

bool
six_step(struct six *s, enum ip_how how, int64_t now)
{
	struct in6_addr own;

	hear_routers(s, now);
	if (s->leased)
		return nic6_has(&s->nic, &s->address);
	if (!nic6_address(&s->nic, true, &own))
		return false;
	if (wants_dhcp(s, how, now))
		ask_dhcp(s, now);
	if (how == IP_DHCP6 || s->leased ||
	    (s->ra.managed && now - s->advertised < DHCP_WAIT))
		return false;
	s->prefix = 64;
	return nic6_address(&s->nic, false, &s->address);
}

bool
six_fixed(struct six *s, const struct ip_param *ip)
{
	if (s->prefix == 0) {
		s->prefix = ip->prefix6;
		s->address = ip->client6;
		if (nic6_add_address(&s->nic, &s->address, s->prefix) == -1)
			say_warn("%s: IPv6 address: %s", s->nic.name,
			    strerror(errno));
	}
	if (!nic6_has(&s->nic, &s->address))
		return false;
	if (!IN6_IS_ADDR_UNSPECIFIED(&ip->gateway6) &&
	    nic6_default_route(&s->nic, &ip->gateway6) == -1)
		say_warn("%s: IPv6 default route: %s", s->nic.name,
		    strerror(errno));
	return true;
}

const struct in6_addr *
six_dns(const struct six *s)
{
	return s->leased && !IN6_IS_ADDR_UNSPECIFIED(&s->lease.facts.dns[0]) ?
	    s->lease.facts.dns : s->ra.dns;
}

size_t
six_format(const struct six *s, char *text, size_t size)
{
	const struct in6_addr *dns = six_dns(s);
	char address[INET6_ADDRSTRLEN];
	size_t i, len;

	inet_ntop(AF_INET6, &s->address, address, sizeof(address));
	len = (size_t)snprintf(text, size, "address=%s\nprefix=%u\n",
	    address, s->prefix);
	for (i = 0; i < LEASE_ADDRESSES &&
	    !IN6_IS_ADDR_UNSPECIFIED(&dns[i]); i++)
		len += (size_t)snprintf(text + len, size - len, "%s%s",
		    i == 0 ? "dns=" : " ", inet_ntop(AF_INET6, &dns[i],
		    address, sizeof(address)));
	if (i > 0)
		len += (size_t)snprintf(text + len, size - len, "\n");
	if (s->leased && s->lease.facts.valid != LEASE_INFINITE)
		len += (size_t)snprintf(text + len, size - len, "lease=%u\n",
		    s->lease.facts.valid);
	return len;
}
