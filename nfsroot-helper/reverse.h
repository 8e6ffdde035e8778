/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_REVERSE_H
#define NFSROOT_REVERSE_H

#include "common/seen.h"

/* RARP on all Ethernet interfaces, or on one: a packet socket. */

/* A socket, or -1 with errno: EPERM without CAP_NET_RAW. */
int reverse_open(const char *interface);
/*
 * Answers what waits.  Only machines that boot so (diskless.h) are told, and
 * only an address of the network that they ask on.
 */
void reverse_serve(int fd, int bootfd, struct seen *);

#endif
