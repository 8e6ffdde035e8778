/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_RPCBIND_H
#define NFSROOT_RPCBIND_H

#include "nfsroot-helper/portmap.h"

/*
 * A running rpcbind(8), asked by UDP on the loopback: socket, send, recv.
 * The socket is kept, as rpcbind lets go of a program only who registered
 * it, which it knows by whether the port is a reserved one.
 */
struct rpcbind {
	int fd;			/* -1: there is none */
	struct portmap ours;	/* what it took from us */
};

/*
 * Registers all services.  -1 with errno when nobody answers; what another
 * server has registered already is left to it, and logged.
 */
int rpcbind_register(struct rpcbind *, const struct portmap *);
/* Takes back what was registered. */
void rpcbind_unregister(struct rpcbind *);

#endif
