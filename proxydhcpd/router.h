/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_ROUTER_H
#define PROXYDHCPD_ROUTER_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mac.h"
#include "common/wire.h"

/*
 * The one advertisement that ends a booting machine's wait for an IPv6
 * router where there is none: to it alone, only when it asks, and with no
 * route, prefix or DHCPv6 in it (RFC 4861).
 */
#define ROUTER_ADVERT_SIZE 16	/* octets, the ICMPv6 header with them */

/* Why a solicitation is answered, or not. */
enum router_reason {
	ROUTER_ADVERTISE,
	ROUTER_FORWARDED,
	ROUTER_NOT_SOLICITATION,
	ROUTER_MALFORMED,
	ROUTER_NO_SENDER,
	ROUTER_NOT_LINK_LOCAL,
	ROUTER_NO_MAC,
	ROUTER_NOT_BOOTING,
	ROUTER_REAL,		/* one advertises, or may be about to */
	ROUTER_NOT_WANTED,
	ROUTER_COUNT
};

/* A solicitation, and what IPv6 said of it. */
struct solicitation {
	struct in6_addr from;
	int hop_limit;		/* -1: not known */
	struct mac mac;		/* of the sender, once it is parsed */
};

/*
 * Reads an ICMPv6 message into `mac', by what `from' and `hop_limit' say of
 * it.  ROUTER_ADVERTISE, or why it cannot be answered.
 */
enum router_reason router_parse(struct solicitation *, const uint8_t *,
    size_t len);
/*
 * Is this sender to be answered?  `booting': router_is_booting() says so;
 * `real': router_is_real() does; `wanted': the boot directory.
 */
enum router_reason router_decide(bool booting, bool real, bool wanted);
/* The advertisement, ROUTER_ADVERT_SIZE octets; the kernel sums it up. */
void router_encode(struct wire_out *);
/* One word for a reason, and a sentence's end. */
const char *router_reason_name(enum router_reason);
const char *router_reason_words(enum router_reason);

/*
 * Who was made an offer of late.  Of many at once the oldest are forgotten:
 * such a machine only waits as it would without us.
 */
#define ROUTER_BOOTING_MS (120 * 1000)
#define ROUTER_BUCKETS 512
#define ROUTER_BUCKET_SIZE 8

struct router_clients {
	struct router_client {
		struct mac mac;
		int64_t until_ms;	/* 0: nobody */
	} client[ROUTER_BUCKETS][ROUTER_BUCKET_SIZE];
};

void router_note_boot(struct router_clients *, const struct mac *,
    int64_t now_ms);
bool router_is_booting(const struct router_clients *, const struct mac *,
    int64_t now_ms);
/*
 * Routers that are there.  A link is asked once by a solicitation of our own,
 * and what is heard on it afterwards is noted.
 */
#define ROUTER_LINKS_MAX 64
#define ROUTER_ASK_MS (600 * 1000)	/* then a silent link is asked again */
#define ROUTER_ANSWER_MS 1000	/* RFC 4861's MAX_RA_DELAY_TIME twice */
#define ROUTER_LASTS_MS (600 * 1000)	/* an advert at the least */
#define ROUTER_SOLICIT_SIZE 8	/* octets */

struct router_links {
	size_t n;
	struct router_link {
		unsigned ifindex;
		int64_t asked_ms;	/* 0: never */
		int64_t sure_ms;	/* from then on silence means none */
		int64_t real_until_ms;
	} link[ROUTER_LINKS_MAX];
};

/* Should this link be asked now?  Notes that it is. */
bool router_ask(struct router_links *, unsigned ifindex, int64_t now_ms);
/* A solicitation that names no sender: RFC 4861 section 4.1. */
void router_encode_solicitation(struct wire_out *);
/*
 * Reads an advertisement, which must have come from this link, and notes for
 * how long there is a router.  False for what is none.
 */
bool router_note_advert(struct router_links *, unsigned ifindex,
    const struct in6_addr *from, int hop_limit, const uint8_t *, size_t len,
    int64_t now_ms);
/* Is there a router, or is that not known yet? */
bool router_is_real(const struct router_links *, unsigned ifindex,
    int64_t now_ms);

#endif
