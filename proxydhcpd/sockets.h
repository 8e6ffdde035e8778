/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_SOCKETS_H
#define PROXYDHCPD_SOCKETS_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/daemon.h"
#include "common/listen.h"

/* What clients are heard by; -1: not. */
struct sockets {
	int dhcp;		/* UDP on the DHCP port, or */
	int link, sender;	/* a packet socket, and a raw one to send */
	bool link_requests;	/* link hears clients, not only servers */
	int proxy;		/* UDP, 4011 */
	int router;		/* router solicitations */
};

/*
 * Those inherited, and the rest opened here; ends the program with a line
 * when clients could not be heard on one of the two ports.
 *
 * Where nobody passed a socket for it, the DHCP port is not bound but heard
 * by a packet socket: of two that share a port, unicasts reach only the later
 * one, and a DHCP server on this host needs its clients' renewals.
 */
void sockets_open(struct sockets *, const struct daemon *, unsigned proxy_port,
    const int *fds, size_t n, enum listen_origin);
/*
 * Hears a group on the proxy port of an interface from now on; 0, also where
 * it does so already, or -1 with errno.
 */
int sockets_join(const struct sockets *, struct in_addr group,
    unsigned ifindex);

#endif
