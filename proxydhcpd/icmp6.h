/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_ICMP6_H
#define PROXYDHCPD_ICMP6_H

#include <sys/types.h>

#include <stddef.h>

#include "common/address.h"

/* The raw socket that router solicitations and advertisements come by. */

#define ICMP6_INTERFACES_MAX 64

/*
 * Hears the routers' group on `interface', or where that is NULL on each one
 * that is up now, ICMP6_INTERFACES_MAX at most.  The memberships end with the
 * socket.  Close-on-exec and non-blocking; -1 with errno, where there is no
 * IPv6 or no CAP_NET_RAW.
 */
int icmp6_open(const char *interface);
/*
 * Octets received, from whom (with the interface as its scope), and the hop
 * limit, -1 if unknown; or -1 with errno (EAGAIN: none waits).
 */
ssize_t icmp6_receive(int fd, void *, size_t size, struct sockaddr_in6 *from,
    int *hop_limit);
/* To one host, from our link-local address on its link; 0, or -1 with errno. */
int icmp6_send(int fd, const void *, size_t len, const struct sockaddr_in6 *to);
/* To all routers of a link; 0, or -1 with errno. */
int icmp6_send_to_routers(int fd, const void *, size_t len, unsigned ifindex);

#endif
