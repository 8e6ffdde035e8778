/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_PROXYDHCPD_PACKET6_H
#define TESTS_UNIT_PROXYDHCPD_PACKET6_H

#include <arpa/inet.h>

#include <string.h>

#include "common/dhcp6.h"

/* A client's message, option by option, for the tests of DHCPv6. */
struct packet6 {
	uint8_t octets[DHCP6_PACKET_MAX];
	struct wire_out w;
	struct dhcp6 d;		/* after packet6_parse() */
};

static const struct mac packet6_mac = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

static inline struct in6_addr
addr6(const char *text)
{
	struct in6_addr addr = { 0 };

	inet_pton(AF_INET6, text, &addr);
	return addr;
}

static inline void
packet6_begin(struct packet6 *p, enum dhcp6_type type)
{
	wire_out_init(&p->w, p->octets, sizeof(p->octets));
	dhcp6_put_header(&p->w, type, 0x8bbc72);
}

/* A DUID-LL of this MAC. */
static inline void
packet6_put_client(struct packet6 *p, const struct mac *mac)
{
	uint8_t duid[DHCP6_DUID_LL_SIZE];

	dhcp6_duid_ll(duid, mac);
	dhcp6_put(&p->w, DHCP6_CLIENT_ID, duid, sizeof(duid));
}

static inline void
packet6_put_n16(struct packet6 *p, enum dhcp6_tag tag, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	dhcp6_put(&p->w, tag, b, sizeof(b));
}

static inline enum dhcp6_error
packet6_parse(struct packet6 *p)
{
	return dhcp6_parse(&p->d, p->octets, p->w.len);
}

/* What UEFI's PXE sends: its class, architecture, and the wish for a URL. */
static inline void
packet6_uefi(struct packet6 *p, enum dhcp6_type type, const char *class,
    uint16_t arch)
{
	packet6_begin(p, type);
	packet6_put_client(p, &packet6_mac);
	packet6_put_n16(p, DHCP6_ORO, DHCP6_BOOT_URL);
	packet6_put_n16(p, DHCP6_CLIENT_ARCH, arch);
	if (class != NULL)
		dhcp6_put_vendor_class(&p->w, 343, class);
}

/* iPXE's, whose identifier is a UUID. */
static inline void
packet6_ipxe(struct packet6 *p, enum dhcp6_type type)
{
	static const uint8_t uuid[18] = { 0, 4, 7 };

	packet6_begin(p, type);
	dhcp6_put(&p->w, DHCP6_CLIENT_ID, uuid, sizeof(uuid));
	packet6_put_n16(p, DHCP6_ORO, DHCP6_BOOT_URL);
	packet6_put_n16(p, DHCP6_CLIENT_ARCH, 7);
	dhcp6_put_vendor_class(&p->w, 343, "PXEClient:Arch:00007:UNDI:003010");
	dhcp6_put(&p->w, DHCP6_USER_CLASS, "\0\4iPXE", 6);
}

#endif
