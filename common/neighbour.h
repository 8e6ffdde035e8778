/* SPDX-License-Identifier: ISC */
#ifndef COMMON_NEIGHBOUR_H
#define COMMON_NEIGHBOUR_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

/*
 * Whose address is this, by the kernel's neighbour table (ARP, NDP)?  Asked
 * over netlink; it knows who is on a network of ours and spoke to us lately.
 * No privilege is needed.  False when nobody's, or when it cannot be asked.
 */
bool neighbour_whose(const struct sockaddr *, struct mac *);

/*
 * One datagram of the table, RTM_NEWNEIGH messages: true when the address is
 * in it.  *more: its end is not in it.
 */
bool neighbour_parse(const void *, size_t, const struct sockaddr *,
    struct mac *, bool *more);

#endif
