/* SPDX-License-Identifier: ISC */
#ifndef COMMON_DHCP6_H
#define COMMON_DHCP6_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mac.h"
#include "common/wire.h"

/*
 * DHCPv6 messages (RFC 8415, netboot's options by RFC 5970).  Reading copies
 * nothing: a parsed message points into its packet, which must outlive it.
 */
#define DHCP6_PACKET_MAX 1500	/* we read and write none larger */
#define DHCP6_RELAYS_MAX 8	/* HOP_COUNT_LIMIT: RFC 8415 section 7.6 */
#define DHCP6_DUID_MAX 130	/* octets, its type with them: section 11.1 */

enum { DHCP6_CLIENT_PORT = 546, DHCP6_SERVER_PORT = 547 };

enum dhcp6_type {
	DHCP6_SOLICIT = 1, DHCP6_ADVERTISE, DHCP6_REQUEST, DHCP6_CONFIRM,
	DHCP6_RENEW, DHCP6_REBIND, DHCP6_REPLY, DHCP6_RELEASE, DHCP6_DECLINE,
	DHCP6_RECONFIGURE, DHCP6_INFORMATION_REQUEST, DHCP6_RELAY_FORW,
	DHCP6_RELAY_REPL
};

enum dhcp6_tag {
	DHCP6_CLIENT_ID = 1, DHCP6_SERVER_ID = 2, DHCP6_IA_NA = 3,
	DHCP6_IA_TA = 4, DHCP6_IA_ADDRESS = 5, DHCP6_ORO = 6,
	DHCP6_PREFERENCE = 7, DHCP6_ELAPSED_TIME = 8, DHCP6_RELAY_MESSAGE = 9,
	DHCP6_STATUS = 13, DHCP6_RAPID_COMMIT = 14, DHCP6_USER_CLASS = 15,
	DHCP6_VENDOR_CLASS = 16, DHCP6_VENDOR_OPTIONS = 17,
	DHCP6_INTERFACE_ID = 18, DHCP6_DNS = 23, DHCP6_DOMAINS = 24,
	DHCP6_FQDN = 39, DHCP6_NTP = 56, DHCP6_BOOT_URL = 59,
	DHCP6_BOOT_PARAMETERS = 60, DHCP6_CLIENT_ARCH = 61,
	DHCP6_CLIENT_NII = 62, DHCP6_LINK_LAYER_ADDRESS = 79,
	DHCP6_RELAY_PORT = 135
};

/* Options behind one another, each whole; inside a message or an option. */
struct dhcp6_options {
	const uint8_t *start;
	size_t len;
};

struct dhcp6_relay {
	uint8_t hops;
	struct in6_addr link, peer;
	struct dhcp6_options options;	/* DHCP6_RELAY_MESSAGE among them */
};

struct dhcp6 {
	uint8_t type;		/* enum dhcp6_type, or one that it lacks */
	uint32_t xid;		/* 24 bits */
	struct dhcp6_options options;
	size_t relays;		/* that it came through */
	struct dhcp6_relay relay[DHCP6_RELAYS_MAX];	/* the nearest first */
};

enum dhcp6_error {
	DHCP6_OK,
	DHCP6_TOO_SHORT,	/* no whole header */
	DHCP6_TOO_LONG,		/* more than DHCP6_PACKET_MAX */
	DHCP6_BAD_OPTION,	/* one runs past the end of what holds it */
	DHCP6_NO_MESSAGE,	/* a relay's, with no message in it */
	DHCP6_TOO_DEEP		/* through more than DHCP6_RELAYS_MAX */
};

/* Reads a UDP payload; a relay's down to the message of the client. */
enum dhcp6_error dhcp6_parse(struct dhcp6 *, const void *, size_t len);
const char *dhcp6_error_name(enum dhcp6_error);
const char *dhcp6_type_name(unsigned type);

/* The first option of this kind, and its octets; NULL and 0 where none is. */
const uint8_t *dhcp6_get(const struct dhcp6_options *, enum dhcp6_tag,
    size_t *len);
/* One after the other; false at the end.  Begin with a copy of the options. */
bool dhcp6_next(struct dhcp6_options *, uint16_t *tag, const uint8_t **,
    size_t *len);
/* Is this among the options that it asks for? */
bool dhcp6_asks(const struct dhcp6_options *, enum dhcp6_tag);
/*
 * What stands after the length and before the next one in options that are
 * lists of strings: user class, boot parameters, and vendor class behind its
 * enterprise number.  False at the end, or where one is cut off.
 */
bool dhcp6_next_string(struct wire_in *, const uint8_t **, size_t *len);

/* The status code in these options; 0, success, where there is none. */
unsigned dhcp6_status(const struct dhcp6_options *);
/* An identity association, and the first good address in it. */
struct dhcp6_ia {
	uint32_t iaid, renew, rebind;		/* seconds: T1, T2 */
	unsigned status;
	bool has_address;
	struct in6_addr address;
	uint32_t preferred, valid;		/* seconds */
};
/* That of a client's own `iaid'; false where there is none of it. */
bool dhcp6_get_ia(const struct dhcp6_options *, uint32_t iaid,
    struct dhcp6_ia *);

/* The Ethernet address in a DUID-LLT or DUID-LL; false for any other. */
bool dhcp6_duid_mac(const uint8_t *duid, size_t len, struct mac *);
/* The Ethernet address that an interface identifier was made from. */
bool dhcp6_address_mac(const struct in6_addr *, struct mac *);
#define DHCP6_DUID_LL_SIZE 10
void dhcp6_duid_ll(uint8_t duid[DHCP6_DUID_LL_SIZE], const struct mac *);

/* Writing: the header, then options in the order of the calls. */
void dhcp6_put_header(struct wire_out *, enum dhcp6_type, uint32_t xid);
void dhcp6_put(struct wire_out *, enum dhcp6_tag, const void *, size_t len);
void dhcp6_put_text(struct wire_out *, enum dhcp6_tag, const char *);
/* An option for further ones: what is put before its end is inside it. */
size_t dhcp6_begin(struct wire_out *, enum dhcp6_tag);
void dhcp6_end(struct wire_out *, size_t begun);
/* An IA_NA with T1 and T2 as the server likes; address NULL: any. */
void dhcp6_put_ia(struct wire_out *, uint32_t iaid, const struct in6_addr *);
/* Options 16, with its one string. */
void dhcp6_put_vendor_class(struct wire_out *, uint32_t enterprise,
    const char *);

/*
 * A reply through the relays by which a message came (RFC 8415 section 19.3):
 * their headers, then the reply itself, then the end of them.
 */
struct dhcp6_nest {
	size_t relays, begun[DHCP6_RELAYS_MAX];
};
void dhcp6_begin_relays(struct wire_out *, const struct dhcp6 *asked,
    struct dhcp6_nest *);
void dhcp6_end_relays(struct wire_out *, const struct dhcp6_nest *);

#endif
