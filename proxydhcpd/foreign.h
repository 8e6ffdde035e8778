/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_FOREIGN_H
#define PROXYDHCPD_FOREIGN_H

#include <netinet/in.h>

#include "common/dhcp4.h"

/*
 * What other servers tell clients, as far as no proxy can mend it: it is said
 * in the log, with their address.
 */
enum foreign {
	FOREIGN_CLASS = 1 << 0,	/* gives addresses, and says "PXEClient" */
	FOREIGN_FILE = 1 << 1,	/* gives addresses, and a boot file */
	FOREIGN_PROXY = 1 << 2	/* gives no address: another proxy */
};

/*
 * The bits that hold of a server's packet, 0 for most; `server' gets who sent
 * it: option 54, else `from'.
 */
unsigned foreign_judge(const struct dhcp4 *, struct in_addr from,
    struct in_addr *server);
/* What of it matters to whom, and what would help: the end of a log line. */
const char *foreign_words(enum foreign);

#endif
