/* SPDX-License-Identifier: ISC */
#ifndef COMMON_LISTEN_H
#define COMMON_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/address.h"

/*
 * A daemon's sockets: bound here, or inherited from inetd (descriptor 0) or
 * a supervisor that speaks LISTEN_FDS (systemd, s6-fdholder).
 */
enum listen_origin {
	LISTEN_NONE,		/* nothing inherited: bind */
	LISTEN_INETD_WAIT,	/* fd 0 is a datagram or a listening socket */
	LISTEN_INETD_NOWAIT,	/* fd 0 is one accepted connection */
	LISTEN_FDS		/* from fd 3 on, LISTEN_FDS of them */
};

/*
 * What was inherited.  `fds' gets up to `max' descriptors, *n their number.
 * LISTEN_PID must be ours.  Descriptors are made close-on-exec and
 * non-blocking.
 */
enum listen_origin listen_inherited(int *fds, size_t max, size_t *n);

/*
 * A non-blocking, close-on-exec socket of `type' (SOCK_DGRAM, SOCK_STREAM)
 * bound to addr (NULL: any, IPv6 and IPv4 on one socket where IPv6 exists,
 * else IPv4) and port, to one interface only where `interface' is not NULL.
 * Streams listen.  Datagrams are given IP_PKTINFO and IPV6_RECVPKTINFO.
 * -1 with errno: EINVAL for a bad address, ENODEV for no such interface.
 */
int listen_bind(int type, const char *addr, unsigned port,
    const char *interface);
/* The same for IPv4 only, with SO_REUSEADDR and SO_BROADCAST: DHCP. */
int listen_bind_dhcp(const char *addr, unsigned port, const char *interface);

/* The line for a listen_bind() that failed, in words that help. */
void listen_fatal(const char *addr, unsigned port, const char *interface)
    __attribute__((noreturn));

/*
 * A datagram with the address that it was sent to and the interface that it
 * came by, so that the answer can leave from there.  IPv4 is AF_INET also
 * where it came by a dual-stack socket.
 */
struct datagram {
	union address peer;
	union address local;	/* the port is not filled in */
	unsigned ifindex;	/* 0: unknown */
	bool multicast;		/* sent to a group; `local' is our own */
};
/* recvmsg; octets received, or -1 with errno (EAGAIN: none waits). */
ssize_t datagram_receive(int fd, void *, size_t, struct datagram *);
/* sendmsg to d->peer, from d->local's address by d->ifindex where set. */
ssize_t datagram_send(int fd, const void *, size_t, const struct datagram *);

/*
 * For who takes or sends many at once (recvmmsg, sendmmsg).  The first fills
 * in all but d->peer, which msg_name was to point to, in zeros; the second
 * lays out a message's control data and returns its length, 0 where d->local
 * is unknown.
 */
union datagram_control {
	char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
	    CMSG_SPACE(sizeof(struct in_pktinfo))];
	struct cmsghdr align;
};
void datagram_note(struct datagram *, struct msghdr *);
size_t datagram_source(const struct datagram *, union datagram_control *);

#endif
