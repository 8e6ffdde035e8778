/* SPDX-License-Identifier: ISC */
/* System calls: opens the sockets, or takes those of a supervisor. */
#include "proxydhcpd/sockets.h"

#include <sys/socket.h>

#include <net/if.h>
#include <netinet/in.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/log.h"
#include "proxydhcpd/icmp6.h"
#include "proxydhcpd/link.h"

/* Which of our two ports is this inherited socket? */
static void
adopt(struct sockets *s, const struct daemon *d, unsigned proxy_port, int fd,
    bool must)
{
	union address where;
	socklen_t len = sizeof(where);
	int *slot = NULL, type = 0;
	socklen_t type_len = sizeof(type);

	memset(&where, 0, sizeof(where));
	if (getsockname(fd, &where.sa, &len) == 0 &&
	    where.sa.sa_family == AF_INET &&
	    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_len) == 0 &&
	    type == SOCK_DGRAM) {
		if (address_port(&where.sa) == d->port)
			slot = &s->dhcp;
		else if (address_port(&where.sa) == proxy_port)
			slot = &s->proxy;
	}
	if (slot != NULL && *slot == -1)
		*slot = fd;
	else if (must)
		log_fatal(EXIT_USER, "descriptor %d: not an IPv4 UDP socket on "
		    "port %u or %u; see proxydhcpd(8) for the unit", fd,
		    d->port, proxy_port);
}

/* The DHCP port without binding it; false where that is not allowed. */
static bool
open_link(struct sockets *s, const struct daemon *d, bool requests)
{
	s->link = link_open(d->interface, d->port, requests);
	if (s->link == -1)
		return false;
	if (!requests)
		return true;
	s->sender = link_open_sender();
	s->link_requests = s->sender != -1;
	if (s->sender == -1) {
		close(s->link);
		s->link = -1;
	}
	return s->link_requests;
}

/* Bound to one address a socket hears no broadcast: -l does not apply. */
static void
bind_dhcp(struct sockets *s, const struct daemon *d)
{
	s->dhcp = listen_bind_dhcp(NULL, d->port, d->interface);
	if (s->dhcp == -1)
		listen_fatal(NULL, d->port, d->interface);
	log_info("no packet socket: port %u is shared with a DHCP server on "
	    "this host, if that allows it", d->port);
}

void
sockets_open(struct sockets *s, const struct daemon *d, unsigned proxy_port,
    const int *fds, size_t n, enum listen_origin origin)
{
	const char *proxy_addr = d->listen == NULL ? "0.0.0.0" : d->listen;
	const int on = 1;
	size_t i;

	*s = (struct sockets){ .dhcp = -1, .link = -1, .sender = -1,
	    .proxy = -1, .router = -1 };
	for (i = 0; i < n; i++)
		adopt(s, d, proxy_port, fds[i], origin == LISTEN_FDS);
	if (d->interface != NULL && if_nametoindex(d->interface) == 0) {
		errno = ENODEV;
		listen_fatal(NULL, d->port, d->interface);
	}
	if (!open_link(s, d, s->dhcp == -1)) {
		log_info("other servers' offers are not heard: %s",
		    strerror(errno));
		if (s->dhcp == -1)
			bind_dhcp(s, d);
	}
	if (s->dhcp != -1 && setsockopt(s->dhcp, SOL_SOCKET, SO_BROADCAST,
	    &on, sizeof(on)) == -1)
		log_fatal(EXIT_SYSTEM, "SO_BROADCAST: %s", strerror(errno));
	/* Not shared: unicasts would all go to whoever came last. */
	if (s->proxy == -1)
		s->proxy = listen_bind(SOCK_DGRAM, proxy_addr,
		    proxy_port, d->interface);
	if (s->proxy == -1)
		listen_fatal(proxy_addr, proxy_port, d->interface);
	s->router = icmp6_open(d->interface);
	if (s->router == -1)
		log_info("no router solicitations are heard: %s; machines that "
		    "wait for a router wait on", strerror(errno));
}

int
sockets_join(const struct sockets *s, struct in_addr group, unsigned ifindex)
{
	const struct ip_mreqn wanted = { .imr_multiaddr = group,
	    .imr_ifindex = (int)ifindex };

	if (setsockopt(s->proxy, IPPROTO_IP, IP_ADD_MEMBERSHIP, &wanted,
	    sizeof(wanted)) == 0 || errno == EADDRINUSE)
		return 0;
	return -1;
}
