/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_ASKER_H
#define NFSROOT_ASKER_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stdint.h>

#include "common/mac.h"
#include "common/seen.h"
#include "nfsroot-helper/disk.h"
#include "nfsroot-helper/guests.h"

#define ASKER_FRESH_MS 5000	/* how long it is believed who somebody is */
#define ASKER_UNKNOWN_MS 20	/* and that nobody knows */

/* Who asks, and what is remembered of a connection. */
struct asker {
	const char *host;	/* its address as text */
	const struct sockaddr *address;	/* NULL: unknown */
	bool trusted;		/* the administrator by -e, who may all */
	bool identified;
	int64_t identified_at;	/* ms */
	bool admitted;		/* it may mount at all */
	bool nearby;		/* it is on a network of ours */
	bool privileged;	/* it calls from a port below 1024 */
	bool is_server;		/* root of this very server */
	bool has_mac;		/* by seen/ip, or else the neighbour table */
	struct mac mac;
	/* What the latter says, which is asked once: it may be long. */
	bool asked_kernel, kernel_knows;
	struct mac kernel_mac;
	/* It has others beside it: its calls wait for no disk, disk.h. */
	bool hurried;
	struct disk_want had;	/* what was done for its call already */
	uint64_t reading;	/* export whose first READ was noted here */
	struct in_addr local;	/* of ours that it called; 0.0.0.0: IPv6 */
	bool datagram;		/* by UDP: replies are kept short */
};

/* Finds out who it is, unless that was done lately. */
void asker_identify(struct asker *, const struct guests *, const struct seen *,
    int64_t now);
/*
 * May it have the view of this machine?  That machine may, root of it, and
 * root of the server; *why says else.
 */
bool asker_may_view(const struct asker *, const struct mac *, const char **why);

#endif
