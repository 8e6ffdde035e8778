/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_LOOKUP_H
#define PROXYDHCPD_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "proxydhcpd/client.h"
#include "proxydhcpd/offer.h"

/* The boot directory's side of a decision; reads it anew at each call. */

/* What it says of this client, which must have a MAC. */
void lookup_boot(int bootfd, const struct client *, struct boot *);
/* Does it name this machine itself? */
bool lookup_named(int bootfd, const struct mac *);
/* Is this machine's wait for an IPv6 router to be ended? */
bool lookup_advertise(int bootfd, const struct mac *);
/*
 * Is it fit to boot from?  False with the first fault found and what would
 * mend it in `why'.
 */
bool lookup_check(int bootfd, char *why, size_t size);

#endif
