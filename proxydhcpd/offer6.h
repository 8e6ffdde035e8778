/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_OFFER6_H
#define PROXYDHCPD_OFFER6_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp6.h"
#include "common/wire.h"
#include "proxydhcpd/boot.h"
#include "proxydhcpd/client.h"

/* An answer fits what every link carries whole: RFC 8200 section 5. */
#define REPLY6_MAX 1232		/* octets of UDP payload */

#define OFFER6_DUID_SIZE 14	/* a DUID-LLT */

/* Where a DHCPv6 packet came in, and from whom. */
struct arrival6 {
	bool proxy_port;	/* on 4011; else on 547 */
	bool multicast;		/* to all servers, not to us alone */
	struct in6_addr self;	/* our address, as the client reaches it */
	struct in6_addr from;
	uint16_t from_port;	/* host order */
	uint8_t duid[OFFER6_DUID_SIZE];		/* what we call ourselves */
};

/* Why there is an answer, or none. */
enum reason6 {
	REASON6_ANSWER,
	REASON6_BROKEN,		/* no packet at all */
	REASON6_NOT_A_REQUEST,
	REASON6_NOT_NETBOOT,
	REASON6_UBOOT,
	REASON6_NOT_ASKED,
	REASON6_NO_CLIENT_ID,
	REASON6_NO_ARCH,
	REASON6_MALFORMED,
	REASON6_STATEFUL,
	REASON6_NOT_OURS,
	REASON6_NOT_FOR_PROXY,
	REASON6_OTHER_SERVER,
	REASON6_NO_MACHINE,
	REASON6_NO_IMAGE,
	REASON6_BAD_VALUE,
	REASON6_NOT_YET,
	REASON6_NO_PROGRAM,
	REASON6_NO_ADDRESS,
	REASON6_TOO_LARGE,
	REASON6_COUNT
};

/* An answer as host values. */
struct reply6 {
	enum dhcp6_type type;	/* DHCP6_ADVERTISE or DHCP6_REPLY */
	const char *vendor_class;	/* NULL: none */
	char url[3 * BOOT_NAME_MAX + BOOT_PREFIX_MAX];	/* empty: ask on 4011 */
	struct in6_addr to;
	uint16_t to_port;	/* host order */
	bool late;		/* see offer6.c: firmware is not ready yet */
};

/* What we call ourselves on the link where our card has this address. */
void offer6_duid(uint8_t duid[OFFER6_DUID_SIZE], const struct mac *);
/*
 * Is this a packet that we answer at all?  Asks nothing of the boot
 * directory, nor for our address.
 */
enum reason6 offer6_consider(const struct dhcp6 *, const struct client *,
    const struct arrival6 *);
/* The answer by what the boot directory says, or why there is none. */
enum reason6 offer6_decide(struct reply6 *, const struct dhcp6 *,
    const struct client *, const struct arrival6 *, const struct boot *);
/* The reply as a packet. */
enum reason6 offer6_encode(const struct reply6 *, const struct dhcp6 *asked,
    const struct arrival6 *, struct wire_out *);
/* One word for a reason, and a sentence's end. */
const char *reason6_name(enum reason6);
const char *reason6_words(enum reason6);

#endif
