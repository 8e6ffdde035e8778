/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_EXPLAIN_H
#define PROXYDHCPD_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include "common/dhcp4.h"
#include "proxydhcpd/client.h"
#include "proxydhcpd/offer.h"

/* A decision as lines of text, for people and for tests.  Cut to fit. */
struct explanation {
	char *text;
	size_t size, len;	/* octets there are, and written but the NUL */
};

void explain_init(struct explanation *, char *text, size_t size);
/* A packet that is none. */
void explain_broken(struct explanation *, enum dhcp4_error);
/* What came, and what its sender is. */
void explain_client(struct explanation *, const struct dhcp4 *,
    const struct client *, const struct arrival *);
/* The names below the boot directory that decided, or that are not there. */
void explain_boot(struct explanation *, const struct boot *);
void explain_decision(struct explanation *, enum reason);
/* The reply as the client will read it, from its octets. */
void explain_reply(struct explanation *, const struct reply *,
    const uint8_t *packet, size_t len);

#endif
