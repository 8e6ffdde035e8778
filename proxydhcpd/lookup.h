/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_LOOKUP_H
#define PROXYDHCPD_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxydhcpd/boot.h"
#include "proxydhcpd/client.h"

/* The boot directory's side of a decision; reads it anew at each call. */

/*
 * What many machines have in common, for the few milliseconds in which a room
 * full of them asks: it is read once for all of them.  Zero it before use.
 */
#define LOOKUP_LATELY_MS 10
#define LOOKUP_PROGRAMS 4

struct lookup_memo {
	int64_t until_ms;	/* what is below holds until then */
	bool has_site, has_default;
	unsigned site;		/* names in offer/ */
	struct boot of_default;	/* what machine/default says */
	size_t nprograms;
	struct lookup_program {
		char entry[BOOT_ENTRY_MAX];
		enum pub_answer found;
		char program[BOOT_NAME_MAX];
	} program[LOOKUP_PROGRAMS];
};

/* What it says of this client; one without a MAC is machine/default. */
void lookup_boot(int bootfd, const struct client *, struct boot *);
/* The same, with what the memo has of the last LOOKUP_LATELY_MS. */
void lookup_boot_lately(int bootfd, struct lookup_memo *, int64_t now_ms,
    const struct client *, struct boot *);
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
