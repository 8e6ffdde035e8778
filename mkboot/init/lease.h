/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_LEASE_H
#define MKBOOT_INIT_LEASE_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp4.h"
#include "common/mac.h"
#include "common/wire.h"

/*
 * The client's side of DHCP (RFC 2131 section 4.4) as a machine without
 * socket or clock: a packet or the passing of time goes in, what is to be
 * done comes out.  Times are milliseconds of one clock that never goes back.
 */
#define LEASE_ADDRESSES 4		/* of a kind that we keep */
#define LEASE_INFINITE UINT32_MAX	/* seconds: for ever */

enum lease_state {
	LEASE_SELECTING,	/* DISCOVER is sent until there is an OFFER */
	LEASE_REQUESTING,
	LEASE_BOUND,
	LEASE_RENEWING,		/* asks the server that gave it */
	LEASE_REBINDING		/* asks everybody */
};

/* What the server gave.  Texts hold nothing but letters, digits, '-', '.'. */
struct lease_facts {
	struct in_addr address, netmask, server;
	struct in_addr next_server;	/* siaddr */
	struct in_addr router[LEASE_ADDRESSES];	/* 0.0.0.0 behind the last */
	struct in_addr dns[LEASE_ADDRESSES];
	uint16_t mtu;			/* 0: not said */
	uint32_t seconds;		/* LEASE_INFINITE: for ever */
	char hostname[64];		/* empty: not said */
	char domain[256];
	char root_path[256];		/* option 17, printable ASCII */
};

struct lease {
	enum lease_state state;
	struct mac mac;
	char hostname[64];	/* sent as option 12; empty: none */
	uint32_t xid;
	uint32_t random;	/* of a small generator, for jitter */
	unsigned attempt;	/* packets sent in this state */
	bool again;		/* an address was held before: say if lost */
	int64_t begun;		/* when this exchange did */
	int64_t deadline;	/* when lease_tick() has something to do */
	int64_t t1, t2, expiry;	/* INT64_MAX: never */
	struct in_addr offered, offerer;
	struct lease_facts facts;
};

enum lease_action {
	LEASE_NOTHING,
	LEASE_BROADCAST,	/* send the packet to everybody */
	LEASE_UNICAST,		/* send it to facts.server */
	LEASE_GOT,		/* a new address: facts is filled */
	LEASE_KEPT,		/* the same address for longer */
	LEASE_REFUSED,		/* NAK: it begins anew by itself */
	LEASE_EXPIRED		/* nobody answered in time: the same */
};

/* Begins in LEASE_SELECTING.  `seed' makes the transaction id and jitter. */
void lease_begin(struct lease *, const struct mac *, const char *hostname,
    uint32_t seed, int64_t now);

/* To be called once `deadline' has come; a packet goes to `out'. */
enum lease_action lease_tick(struct lease *, int64_t now, struct wire_out *out);

/* A packet that came.  Whatever is not for us changes nothing. */
enum lease_action lease_input(struct lease *, const struct dhcp4 *,
    int64_t now);

/* "selecting", ... */
const char *lease_state_name(enum lease_state);
/*
 * The facts as lines key=value for /run/pixie/lease.  Returns the length
 * written, or 0 when it does not fit.
 */
size_t lease_format(const struct lease_facts *, char *text, size_t size);

#endif
