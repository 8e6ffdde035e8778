/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_LOOKUP_H
#define PROXYDHCPD_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "proxydhcpd/boot.h"
#include "proxydhcpd/client.h"

/* The boot directory's side of a decision; reads it anew at each call. */

/* What it says of this client; one without a MAC is machine/default. */
void lookup_boot(int bootfd, const struct client *, struct boot *);
/*
 * What it says of the folder b->machine, and where that is silent, offer/ of
 * all: the values, but no program.
 */
void lookup_policies(int bootfd, struct boot *);
/* Does it name this machine itself? */
bool lookup_named(int bootfd, const struct mac *);
/* Is this machine's wait for an IPv6 router to be ended? */
bool lookup_advertise(int bootfd, const struct mac *);

#endif
