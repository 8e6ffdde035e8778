/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_OFFER_H
#define PROXYDHCPD_OFFER_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp4.h"
#include "common/wire.h"
#include "proxydhcpd/boot.h"
#include "proxydhcpd/client.h"
#include "proxydhcpd/reason.h"

/* Where a packet came in, and from whom. */
struct arrival {
	bool proxy_port;	/* on 4011; else on 67 */
	bool multicast;		/* to a group */
	struct in_addr self;	/* our address, as the client reaches it */
	struct in_addr from;
	uint16_t from_port;	/* host order */
	bool has_link;		/* the frame's own source, on 67 */
	struct mac link;
	unsigned asked_s;	/* seconds that we have heard it ask */
};

/* What option 43 of a reply holds. */
enum vendor {
	VENDOR_NONE,
	VENDOR_MENU,		/* entries, and where to ask for them */
	VENDOR_DIRECT,		/* boot the file of this packet, ask nobody */
	VENDOR_ITEM,		/* the entry that was asked for */
	VENDOR_PI		/* what a Raspberry Pi looks for */
};

/* An answer as host values. */
struct reply {
	enum dhcp4_type type;	/* DHCP4_OFFER or DHCP4_ACK */
	const char *vendor_class;
	struct in_addr self;	/* option 54 */
	struct in_addr yiaddr, siaddr;
	char file[128];		/* empty: in the ACK that follows */
	enum vendor vendor;
	const struct menu *menu;	/* of a boot; NULL: of one entry */
	bool pi_rom;		/* a Pi's boot ROM, which pads the text */
	bool tftp_name;		/* siaddr as option 66 too */
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
/*
 * The answer by what the boot directory says, or why there is none.  It
 * points into `boot' where that has a menu.
 */
enum reason offer_decide(struct reply *, const struct dhcp4 *,
    const struct client *, const struct arrival *, const struct boot *);
/* The reply as a packet of at most reply.size_max octets. */
enum reason offer_encode(const struct reply *, const struct dhcp4 *asked,
    struct wire_out *);

#endif
