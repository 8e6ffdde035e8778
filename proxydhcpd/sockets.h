/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SOCKETS_H
#define PROXYDHCPD_SOCKETS_H

#include <stddef.h>

#include "common/daemon.h"
#include "common/listen.h"

/* What clients are heard by. */
struct sockets {
	int dhcp, proxy;	/* UDP: the DHCP port, and 4011 */
	int router;		/* router solicitations; -1: not heard */
};

/*
 * Those inherited, and the rest bound here; ends the program with a line when
 * one of the two ports cannot be had.
 */
void sockets_open(struct sockets *, const struct daemon *, unsigned proxy_port,
    const int *fds, size_t n, enum listen_origin);

#endif
