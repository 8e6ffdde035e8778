/* SPDX-License-Identifier: ISC */
/* Which ports are ours: bind, getsockname, and the port mapper's. */
#include "nfsroot-helper/ports.h"

#include <sys/socket.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/listen.h"
#include "common/log.h"
#include "nfsroot-helper/bootparam.h"
#include "nfsroot-helper/mount3.h"
#include "nfsroot-helper/nfs3.h"
#include "nfsroot-helper/reverse.h"
#include "nfsroot-helper/stray.h"

void
ports_note(struct portmap *map, unsigned port, uint32_t protocol)
{
	uint32_t version;

	if (port == PORTMAP_PORT)
		portmap_add(map, PORTMAP_PROGRAM, PORTMAP_VERSION, protocol,
		    port);
	if (port == PORTMAP_PORT || port == PORTS_KLIBC_MOUNT)
		return;
	portmap_add(map, NFS3_PROGRAM, NFS3_VERSION, protocol, port);
	for (version = MOUNT1_VERSION; version <= MOUNT3_VERSION; version++)
		portmap_add(map, MOUNT3_PROGRAM, version, protocol, port);
	if (protocol == PORTMAP_UDP)
		portmap_add(map, BOOTPARAM_PROGRAM, BOOTPARAM_VERSION,
		    protocol, port);
}

void
ports_init(struct ports *p)
{
	memset(p, 0, sizeof(*p));
	p->rpcbind.fd = p->reverse = p->stray = p->mapper = -1;
}

static int
add(struct ports *p, int fd, int type, unsigned port)
{
	if (p->nstreams == PORTS_MAX || p->ndatagrams == PORTS_MAX) {
		errno = ENFILE;
		return -1;
	}
	if (type == SOCK_STREAM)
		p->stream[p->nstreams++] = fd;
	else
		p->datagram[p->ndatagrams++] = fd;
	ports_note(&p->map, port, type == SOCK_STREAM ? PORTMAP_TCP :
	    PORTMAP_UDP);
	return 0;
}

int
ports_inherit(struct ports *p, const int *fds, size_t n)
{
	union address here;
	socklen_t len;
	size_t i;
	int type;

	for (i = 0; i < n; i++) {
		len = sizeof(type);
		if (getsockopt(fds[i], SOL_SOCKET, SO_TYPE, &type, &len) == -1)
			return -1;
		len = sizeof(here);
		memset(&here, 0, sizeof(here));
		if (getsockname(fds[i], &here.sa, &len) == -1 ||
		    add(p, fds[i], type, address_port(&here.sa)) == -1)
			return -1;
	}
	return 0;
}

static int
bind_one(struct ports *p, const struct daemon *d, int type, unsigned port)
{
	int fd = listen_bind(type, d->listen, port, d->interface);

	return fd == -1 ? -1 : add(p, fd, type, port);
}

int
ports_bind(struct ports *p, const struct daemon *d)
{
	return bind_one(p, d, SOCK_STREAM, d->port) == -1 ||
	    bind_one(p, d, SOCK_DGRAM, d->port) == -1 ? -1 : 0;
}

static void
tell_rpcbind(struct ports *p)
{
	if (rpcbind_register(&p->rpcbind, &p->map) == 0)
		log_info("port 111 is another port mapper's: it was told of "
		    "%zu services", p->rpcbind.ours.n);
	else
		log_warn("port 111 is another program's, which is no port "
		    "mapper that answers: %s", strerror(errno));
}

void
ports_bind_mapper(struct ports *p, const struct daemon *d)
{
	if (bind_one(p, d, SOCK_DGRAM, PORTMAP_PORT) == 0) {
		p->mapper = p->datagram[p->ndatagrams - 1];
		p->stray = stray_open(d->interface);
		if (bind_one(p, d, SOCK_STREAM, PORTMAP_PORT) == -1)
			log_warn("port 111 by TCP: %s", strerror(errno));
	} else if (errno == EADDRINUSE)
		tell_rpcbind(p);
	else
		log_info("no port mapper: port 111: %s", strerror(errno));
	if (bind_one(p, d, SOCK_STREAM, PORTS_KLIBC_MOUNT) == -1 ||
	    bind_one(p, d, SOCK_DGRAM, PORTS_KLIBC_MOUNT) == -1)
		log_info("no MOUNT on port %d: %s", PORTS_KLIBC_MOUNT,
		    strerror(errno));
	if ((p->reverse = reverse_open(d->interface)) == -1)
		log_info("no RARP: packet socket: %s", strerror(errno));
}

void
ports_end(struct ports *p)
{
	rpcbind_unregister(&p->rpcbind);
}
