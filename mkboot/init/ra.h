/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_RA_H
#define MKBOOT_INIT_RA_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/init/lease.h"

/*
 * A router advertisement (RFC 4861 section 4.2), of which the kernel takes
 * addresses and routes, and we what it leaves over.
 */
struct ra {
	bool managed;		/* addresses come by DHCPv6 */
	/* RFC 8106; :: behind the last. */
	struct in6_addr dns[LEASE_ADDRESSES];
};

/* An ICMPv6 message; false when it is no whole advertisement. */
bool ra_parse(struct ra *, const void *, size_t len);

#endif
