/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_NEARBY_H
#define NFSROOT_NEARBY_H

#include <sys/socket.h>

#include <stdbool.h>

/*
 * Is this an address of a network that one of our interfaces is on?
 * (getifaddrs.)  Who asks by UDP may not be who it says; from such an
 * address at least no stranger can be hit with our answers.
 */
bool nearby(const struct sockaddr *);
/* The same for one address of ours and its network's mask. */
bool nearby_same_network(const struct sockaddr *, const struct sockaddr *ours,
    const struct sockaddr *mask);

#endif
