/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_PORTS_H
#define NFSROOT_PORTS_H

#include "common/daemon.h"
#include "nfsroot-helper/portmap.h"
#include "nfsroot-helper/rpcbind.h"

/*
 * The sockets, bound here or inherited, and what the port mapper says of
 * them.  NFS, MOUNT and BOOTPARAM are answered on one port; the port mapper's
 * own is 111, and klibc's nfsmount asks for MOUNT on port 627 where no port
 * mapper answers it (usr/kinit/nfsmount/mount.c, MOUNT_PORT).
 */
#define PORTS_MAX 16
#define PORTS_KLIBC_MOUNT 627

struct ports {
	int stream[PORTS_MAX], datagram[PORTS_MAX];
	size_t nstreams, ndatagrams;
	struct portmap map;
	struct rpcbind rpcbind;
	int reverse;		/* reverse.h; -1: none */
	int stray;		/* stray.h; -1: none, or no port 111 */
	int mapper;		/* port 111 by UDP; -1: another's */
};

/* Notes that NFS, MOUNT and, by UDP, BOOTPARAM are at this port. */
void ports_note(struct portmap *, unsigned port, uint32_t protocol);
void ports_init(struct ports *);
/* Takes sockets that were passed.  -1 with errno for one that is none. */
int ports_inherit(struct ports *, const int *fds, size_t n);
/* Binds the daemon's own port, TCP and UDP.  -1 with errno. */
int ports_bind(struct ports *, const struct daemon *);
/*
 * The further ports, and RARP, as far as they can be had; where a port mapper
 * runs already it is told of ours.  Says in the log what came of it.
 */
void ports_bind_mapper(struct ports *, const struct daemon *);
/* Tells a port mapper that we told of our ports that we end. */
void ports_end(struct ports *);

#endif
