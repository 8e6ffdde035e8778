/* SPDX-License-Identifier: ISC */
/* The options of a connection's socket: setsockopt. */
#include "nfsroot-helper/stream.h"

#include <sys/socket.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

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

void
stream_tune(int fd)
{
	const int on = 1;

	keep_alive(fd);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}
