/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_EXPLAIN6_H
#define PROXYDHCPD_EXPLAIN6_H

#include <stddef.h>
#include <stdint.h>

#include "common/dhcp6.h"
#include "proxydhcpd/client.h"
#include "proxydhcpd/offer6.h"
#include "proxydhcpd/text.h"

/* A decision on a DHCPv6 packet as lines of text. */

/* A packet that is none. */
void explain6_broken(struct text *, enum dhcp6_error);
/* What came, and what its sender is. */
void explain6_client(struct text *, const struct dhcp6 *,
    const struct client *, const struct arrival6 *);
/* The names below the boot directory that decided, or that are not there. */
void explain6_boot(struct text *, const struct boot *);
void explain6_decision(struct text *, enum reason6);
/* The reply as the client will read it, from its octets. */
void explain6_reply(struct text *, const struct reply6 *,
    const uint8_t *packet, size_t len);

#endif
