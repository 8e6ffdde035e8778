/* SPDX-License-Identifier: ISC */
/* Ports to send from; holds socket, bind, recvmmsg. */
#include "tftpd/port.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define ROOM (2 * 1024 * 1024)	/* octets of waiting packets */

/*
 * Room for a thousand machines that are switched on at once: the default
 * holds some 200 packets, and one that is lost costs its client time.
 * Without root, the kernel gives at most net.core.rmem_max.
 */
static void
make_room(int fd)
{
	const int octets = ROOM;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets,
	    sizeof(octets)) == -1)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets,
		    sizeof(octets));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &octets,
	    sizeof(octets)) == -1)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &octets,
		    sizeof(octets));
}

static void
adopt(struct port *p, int fd)
{
	socklen_t len = sizeof(p->local);

	memset(p, 0, sizeof(*p));
	p->fd = fd;
	make_room(fd);
	getsockname(fd, &p->local.sa, &len);
}

void
port_adopt(struct port *p, int fd)
{
	adopt(p, fd);
	p->listens = p->any = true;
}

/* fe80::1 is an address only together with its interface. */
static void
set_scope(union address *a, unsigned ifindex)
{
	if (a->sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&a->in6.sin6_addr))
		a->in6.sin6_scope_id = ifindex;
}

/* The address that was asked, or where it is unknown, any of its family. */
static union address
asked(const struct datagram *way)
{
	union address local = way->local;

	if (local.sa.sa_family == AF_UNSPEC)
		local.sa.sa_family = way->peer.sa.sa_family;
	set_scope(&local, way->ifindex);
	return local;
}

/*
 * It is not connected, even while there is one transfer: a stranger's packet
 * would then be met by the kernel with an ICMP message, where RFC 1350
 * section 4 has an ERROR 5.
 */
int
port_open(struct port *p, const struct datagram *way)
{
	const union address local = asked(way);
	const int fd = socket(local.sa.sa_family,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int error;

	if (fd == -1)
		return -1;
	if (bind(fd, &local.sa, address_length(&local.sa)) == -1) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	adopt(p, fd);
	return 0;
}

bool
port_suits(const struct port *p, const struct datagram *way)
{
	union address local = asked(way);

	/* The port is in the same place for both families. */
	local.in.sin_port = p->local.in.sin_port;
	return !p->listens && address_equal(&p->local.sa, &local.sa);
}

/* The kernel writes lengths where it found how much room there was. */
static void
make_ready(struct inbox *in, size_t n)
{
	struct msghdr *h;
	size_t i;

	for (i = 0; i < n; i++) {
		h = &in->msg[i].msg_hdr;
		h->msg_namelen = sizeof(in->way[i].peer);
		h->msg_control = &in->control[i];
		h->msg_controllen = sizeof(in->control[i]);
	}
}

void
inbox_open(struct inbox *in)
{
	size_t i;

	memset(in, 0, sizeof(*in));
	for (i = 0; i < PORT_BATCH; i++) {
		in->iov[i] = (struct iovec){ in->packet[i], PORT_PACKET };
		in->msg[i].msg_hdr = (struct msghdr){
			.msg_iov = &in->iov[i], .msg_iovlen = 1,
			.msg_name = &in->way[i].peer,
		};
	}
	make_ready(in, PORT_BATCH);
}

bool
port_receive(const struct port *p, struct inbox *in)
{
	int i, n;

	make_ready(in, in->n);
	n = recvmmsg(p->fd, in->msg, PORT_BATCH, 0, NULL);
	in->n = n == -1 ? 0 : (size_t)n;
	for (i = 0; i < n; i++) {
		in->len[i] = in->msg[i].msg_len;
		if (p->any)
			datagram_note(&in->way[i], &in->msg[i].msg_hdr);
	}
	return n > 0;
}

int
port_send(const struct port *p, const struct datagram *way,
    const struct wire_out *w)
{
	if (p->any)
		return datagram_send(p->fd, w->start, w->len, way) == -1 ?
		    -1 : 0;
	return sendto(p->fd, w->start, w->len, 0, &way->peer.sa,
	    address_length(&way->peer.sa)) == -1 ? -1 : 0;
}

bool
port_error_passes(int error)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ENOBUFS:
	case ENOMEM:
	case ECONNREFUSED:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENETDOWN:
	case ENETUNREACH:
	case EPERM:		/* a packet filter's doing */
		return true;
	default:
		return false;
	}
}

uint32_t
port_hash(const union address *a)
{
	uint32_t hash = 2166136261u, word;
	const uint8_t *octets = a->in6.sin6_addr.s6_addr;
	size_t i, len = sizeof(a->in6.sin6_addr);

	if (a->sa.sa_family == AF_INET) {
		octets = (const uint8_t *)&a->in.sin_addr;
		len = sizeof(a->in.sin_addr);
	}
	for (i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, octets + i, sizeof(word));
		hash = (hash ^ word) * 2654435761u;
	}
	hash = (hash ^ address_port(&a->sa)) * 2654435761u;
	return hash ^ hash >> 15;
}

void
port_part(struct port *p, const union address *client)
{
	p->gone[p->gone_at++ % PORT_GONE] = port_hash(client);
}

bool
port_parted(const struct port *p, const union address *client)
{
	const uint32_t hash = port_hash(client);
	size_t i;

	for (i = 0; i < PORT_GONE; i++)
		if (p->gone[i] == hash)
			return true;
	return false;
}
