/* SPDX-License-Identifier: ISC */
#ifndef COMMON_NEIGHBOUR_H
#define COMMON_NEIGHBOUR_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

/*
 * The kernel's neighbour table: whose Ethernet address an IP address on one
 * of our links has.  For where seen/ip does not say; it costs a few system
 * calls and a walk through the table.
 */
bool neighbour_mac(const struct sockaddr *, struct mac *);

/*
 * The same out of some rtnetlink(7) messages, answers to RTM_GETNEIGH.  *done
 * is set where these are the last.  Nothing is written to the messages.
 */
bool neighbour_find(void *messages, size_t len, const struct sockaddr *,
    struct mac *, bool *done);

#endif
