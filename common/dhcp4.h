/* SPDX-License-Identifier: ISC */
#ifndef COMMON_DHCP4_H
#define COMMON_DHCP4_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mac.h"
#include "common/wire.h"

/*
 * A DHCPv4 packet as host values (RFC 2131 section 2).
 *
 *  0: op(1) htype(1) hlen(1) hops(1)   4: xid(4)   8: secs(2) flags(2)
 * 12: ciaddr(4) yiaddr(4) siaddr(4) giaddr(4)     28: chaddr(16)
 * 44: sname(64) file(128)            236: magic cookie(4)  240: options
 */
#define DHCP4_HEADER 240	/* octets up to the options */
#define DHCP4_PACKET_MAX 1500	/* we read and write none larger */
#define DHCP4_REPLY_MIN 300	/* BOOTP clients drop less: RFC 1542 2.1 */

enum { DHCP4_BOOTREQUEST = 1, DHCP4_BOOTREPLY = 2 };
enum { DHCP4_FLAG_BROADCAST = 0x8000 };

enum dhcp4_type {
	DHCP4_NONE, DHCP4_DISCOVER, DHCP4_OFFER, DHCP4_REQUEST, DHCP4_DECLINE,
	DHCP4_ACK, DHCP4_NAK, DHCP4_RELEASE, DHCP4_INFORM
};

enum dhcp4_tag {
	DHCP4_PAD = 0, DHCP4_SUBNET_MASK = 1, DHCP4_ROUTER = 3,
	DHCP4_DNS = 6, DHCP4_HOST_NAME = 12, DHCP4_DOMAIN = 15,
	DHCP4_ROOT_PATH = 17, DHCP4_MTU = 26, DHCP4_NTP = 42, DHCP4_VENDOR = 43,
	DHCP4_REQUESTED_IP = 50, DHCP4_LEASE_TIME = 51, DHCP4_OVERLOAD = 52,
	DHCP4_MESSAGE_TYPE = 53, DHCP4_SERVER_ID = 54,
	DHCP4_PARAMETER_LIST = 55, DHCP4_MESSAGE = 56, DHCP4_MAX_SIZE = 57,
	DHCP4_RENEWAL_TIME = 58, DHCP4_REBINDING_TIME = 59,
	DHCP4_VENDOR_CLASS = 60, DHCP4_CLIENT_ID = 61, DHCP4_TFTP_SERVER = 66,
	DHCP4_BOOT_FILE = 67, DHCP4_USER_CLASS = 77, DHCP4_RELAY_AGENT = 82,
	DHCP4_CLIENT_ARCH = 93, DHCP4_CLIENT_NII = 94, DHCP4_CLIENT_UUID = 97,
	DHCP4_IPXE = 175, DHCP4_END = 255
};

struct dhcp4_option {
	bool present;
	uint16_t len;		/* octets; parts joined, RFC 3396 */
	uint16_t at;		/* where in struct dhcp4's store */
};

struct dhcp4 {
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t secs, flags;
	struct in_addr ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[16];
	char sname[65];		/* empty when it held options */
	char file[129];
	enum dhcp4_type type;	/* option 53; DHCP4_NONE when absent */
	struct dhcp4_option option[256];
	uint8_t store[DHCP4_PACKET_MAX];
};

enum dhcp4_error {
	DHCP4_OK,
	DHCP4_TOO_SHORT,	/* no whole header */
	DHCP4_TOO_LONG,		/* more than DHCP4_PACKET_MAX */
	DHCP4_NO_COOKIE,
	DHCP4_BAD_OPTION	/* one runs past the end of its field */
};

/*
 * Reads a UDP payload.  Options are gathered from the options field and,
 * where option 52 says so, from file and sname (RFC 2131 section 4.1, in that
 * order); a missing END is borne, since real clients omit it.
 */
enum dhcp4_error dhcp4_parse(struct dhcp4 *, const void *, size_t len);
const char *dhcp4_error_name(enum dhcp4_error);
const char *dhcp4_type_name(enum dhcp4_type);

/* An option's octets and their number; NULL and 0 when it is absent. */
const uint8_t *dhcp4_get(const struct dhcp4 *, enum dhcp4_tag, size_t *len);
/* Options with a fixed size; false when absent or of another size. */
bool dhcp4_get_addr(const struct dhcp4 *, enum dhcp4_tag, struct in_addr *);
bool dhcp4_get_n32(const struct dhcp4 *, enum dhcp4_tag, uint32_t *);
bool dhcp4_get_n16(const struct dhcp4 *, enum dhcp4_tag, uint16_t *);
/* True when the option's octets begin with this text. */
bool dhcp4_has_prefix(const struct dhcp4 *, enum dhcp4_tag, const char *);
/* The Ethernet address (htype 1, hlen 6); false for any other hardware. */
bool dhcp4_mac(const struct dhcp4 *, struct mac *);

/*
 * Writing: the header with its cookie, then options in the order of the
 * calls, then the end, padded with zeros after END to DHCP4_REPLY_MIN.
 * The header's fields are all taken from the struct; its options are not.
 */
void dhcp4_put_header(struct wire_out *, const struct dhcp4 *);
/* Split into parts of 255 where longer (RFC 3396). */
void dhcp4_put(struct wire_out *, enum dhcp4_tag, const void *, size_t len);
void dhcp4_put_text(struct wire_out *, enum dhcp4_tag, const char *);
void dhcp4_put_addr(struct wire_out *, enum dhcp4_tag, struct in_addr);
void dhcp4_put_8(struct wire_out *, enum dhcp4_tag, uint8_t);
void dhcp4_put_n16(struct wire_out *, enum dhcp4_tag, uint16_t);
void dhcp4_put_end(struct wire_out *);

#endif
