/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_STRAY_H
#define NFSROOT_STRAY_H

#include <sys/types.h>

#include "common/listen.h"

/*
 * Broadcasts to the port mapper that the kernel throws away: a machine that
 * was told its address by RARP knows no netmask, and calls the broadcast
 * address of its address' class, 10.255.255.255.  Where the network is only
 * 10.0.0.0/24 that is nobody's.  A packet socket with a filter hears them.
 */

/* A socket, or -1 with errno: EPERM without CAP_NET_RAW. */
int stray_open(const char *interface);
/*
 * The next such call, as datagram_receive() has it: its octets go to `data'.
 * -1 with errno: EAGAIN when none waits; 0 for what is not ours to answer.
 */
ssize_t stray_receive(int fd, void *data, size_t, struct datagram *);

#endif
