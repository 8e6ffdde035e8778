/* SPDX-License-Identifier: ISC */
/* System calls: opens the sockets, or takes those of a supervisor. */
#include "proxydhcpd/sockets.h"

#include <sys/socket.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/address.h"
#include "common/log.h"
#include "proxydhcpd/icmp6.h"

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

void
sockets_open(struct sockets *s, const struct daemon *d, unsigned proxy_port,
    const int *fds, size_t n, enum listen_origin origin)
{
	const char *proxy_addr = d->listen == NULL ? "0.0.0.0" : d->listen;
	const int on = 1;
	size_t i;

	*s = (struct sockets){ .dhcp = -1, .proxy = -1, .router = -1 };
	for (i = 0; i < n; i++)
		adopt(s, d, proxy_port, fds[i], origin == LISTEN_FDS);
	/*
	 * Bound to one address, a socket hears no broadcast; so -l does not
	 * apply here.
	 */
	if (s->dhcp == -1)
		s->dhcp = listen_bind_dhcp(NULL, d->port, d->interface);
	if (s->dhcp == -1)
		listen_fatal(NULL, d->port, d->interface);
	if (setsockopt(s->dhcp, SOL_SOCKET, SO_BROADCAST, &on,
	    sizeof(on)) == -1)
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
