/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_GUESTS_H
#define NFSROOT_GUESTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/address.h"

/*
 * Who may mount, as -a says it: networks, and the words `local' (whoever is
 * on a network that an interface of the server is on), `seen' (whoever's
 * address seen/ip knows) and `any'.  Without -a: local and seen.
 */
#define GUESTS_MAX 64		/* networks */

struct guests {
	bool said;		/* by -a; else the default is in force */
	bool any, local, seen;
	size_t n;
	struct {
		union address address;
		unsigned bits;
	} network[GUESTS_MAX];
};

void guests_init(struct guests *);
/* A word of -a; false when it is none, or there are too many. */
bool guests_add(struct guests *, const char *word);
bool guests_admit(const struct guests *, const struct sockaddr *,
    bool is_local, bool is_seen);

#endif
