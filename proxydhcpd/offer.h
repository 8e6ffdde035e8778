/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_OFFER_H
#define PROXYDHCPD_OFFER_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bootdir.h"
#include "common/dhcp4.h"
#include "common/wire.h"
#include "proxydhcpd/client.h"

/* Where a packet came in, and from whom. */
struct arrival {
	bool proxy_port;	/* on 4011; else on 67 */
	struct in_addr self;	/* our address, as the client reaches it */
	struct in_addr from;
	uint16_t from_port;	/* host order */
};

#define BOOT_NAME_MAX 256

/* What the boot directory says of a machine and its processor. */
struct boot {
	char machine[32];	/* "machine/MAC", or "machine/default" */
	bool known;		/* that folder is there */
	bool image;		/* and has an image */
	char entry[32];		/* "pub/loader/7": what was looked up */
	enum pub_answer found;
	char program[BOOT_NAME_MAX];	/* below pub/, what it led to */
};

/* Why there is an answer, or none. */
enum reason {
	REASON_ANSWER,
	REASON_BROKEN,		/* no packet at all */
	REASON_NOT_A_REQUEST,
	REASON_NOT_NETBOOT,
	REASON_RASPBERRY_PI,
	REASON_UBOOT,
	REASON_NOT_A_DISCOVER,	/* on 67 all else is the DHCP server's */
	REASON_NOT_FOR_PROXY,	/* on 4011, and no REQUEST */
	REASON_NO_MAC,
	REASON_NO_ARCH,
	REASON_NO_ADDRESS,
	REASON_NO_SENDER,
	REASON_ITEM_MALFORMED,
	REASON_ITEM_CREDENTIALS,
	REASON_ITEM_UNKNOWN,
	REASON_NO_MACHINE,
	REASON_NO_IMAGE,
	REASON_NO_PROGRAM,
	REASON_LONG_NAME,
	REASON_TOO_LARGE,
	REASON_COUNT
};

/* An answer as host values. */
struct reply {
	enum dhcp4_type type;	/* DHCP4_OFFER or DHCP4_ACK */
	const char *vendor_class;
	struct in_addr self;	/* option 54 */
	struct in_addr yiaddr, siaddr;
	char file[128];		/* empty: in the ACK that follows */
	bool menu;		/* option 43 with one entry: ask 4011 for it */
	bool item;		/* option 43 repeats the entry asked for */
	uint16_t item_type, item_layer;
	size_t size_max;	/* octets */
	struct in_addr to;
	uint16_t to_port;	/* host order */
};

/*
 * Is this a packet that we answer at all?  Asks nothing of the boot
 * directory, so that a busy LAN's other packets cost no look-up.
 */
enum reason offer_consider(const struct dhcp4 *, const struct client *,
    const struct arrival *);
/* The answer by what the boot directory says, or why there is none. */
enum reason offer_decide(struct reply *, const struct dhcp4 *,
    const struct client *, const struct arrival *, const struct boot *);
/* The reply as a packet of at most reply.size_max octets. */
enum reason offer_encode(const struct reply *, const struct dhcp4 *asked,
    struct wire_out *);
/* One word for a reason, and a sentence's end. */
const char *reason_name(enum reason);
const char *reason_words(enum reason);

#endif
