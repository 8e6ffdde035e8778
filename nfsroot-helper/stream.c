/* SPDX-License-Identifier: ISC */
/* The options of a connection's socket: getsockopt, setsockopt. */
#include "nfsroot-helper/stream.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string.h>

#define NAME_MAX_OCTETS 16	/* TCP_CA_NAME_MAX */

/* A machine that was switched off must not keep its connection for ever. */
static void
keep_alive(int fd)
{
	const int on = 1, idle = 300, interval = 30, probes = 4;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval,
	    sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

/*
 * BBR sends by a clock: a timer a segment, which on a LAN, where there is no
 * queue in the net to be spared, costs a third of all that a READ costs.
 * Where it is the system's choice, for its web servers, the boot goes without:
 * by cubic, or by reno, which everybody may choose.
 */
static void
send_unpaced(int fd)
{
	static const char paced[] = "bbr", first[] = "cubic", second[] = "reno";
	char name[NAME_MAX_OCTETS + 1] = "";
	socklen_t len = NAME_MAX_OCTETS;

	if (getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len) == -1 ||
	    strncmp(name, paced, strlen(paced)) != 0)
		return;
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, first,
	    sizeof(first) - 1) == -1)
		setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, second,
		    sizeof(second) - 1);
}

void
stream_tune(int fd)
{
	const int on = 1;

	keep_alive(fd);
	send_unpaced(fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}
