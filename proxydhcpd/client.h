/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_CLIENT_H
#define PROXYDHCPD_CLIENT_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/dhcp4.h"
#include "common/mac.h"

/* What kind of netboot client sent a packet. */
enum client_class {
	CLIENT_OTHER,		/* neither PXE nor HTTP boot: not ours */
	CLIENT_IPXE,
	CLIENT_BIOS,		/* a PXE ROM, Intel's Base Code or its kin */
	CLIENT_UEFI,		/* PXE of UEFI firmware */
	CLIENT_HTTP,		/* UEFI HTTP Boot */
	CLIENT_RASPBERRY_PI,	/* its boot ROM or EEPROM */
	CLIENT_UBOOT
};

/* Option 43.71 of a request, PXE 2.1: which entry of the menu it wants. */
enum client_item { ITEM_NONE, ITEM_ASKED, ITEM_MALFORMED };

struct client {
	enum client_class class;
	bool has_mac;		/* else it is known by machine/default alone */
	struct mac mac;
	bool has_arch;
	uint16_t arch;		/* the first that option 93 lists, RFC 4578 */
	bool has_uuid;
	uint8_t uuid[16];	/* as sent: first three fields little-endian */
	bool http;		/* iPXE that was built with HTTP */
	bool pi_rom;		/* a Raspberry Pi 3, whose ROM is particular */
	enum client_item item;
	uint16_t item_type, item_layer;
	size_t reply_max;	/* octets of UDP payload that it can take */
};

#define CLIENT_UUID_TEXT 37

/* What a well-formed packet says of its sender. */
void client_classify(struct client *, const struct dhcp4 *);
/* Does it say one of the codes that U-Boot has of its own? */
bool client_is_uboot_arch(const struct client *);
/* "other", "ipxe", "bios", "uefi", "http", "rpi", "u-boot". */
const char *client_class_name(enum client_class);
/* "03000200-0400-0500-..." as iPXE and dmidecode write it; returns `text'. */
const char *client_uuid_format(const struct client *,
    char text[CLIENT_UUID_TEXT]);
/*
 * Whose address a DHCPREQUEST asks for: option 50, else ciaddr.  False for
 * other messages and for what cannot be one host's address.
 */
bool client_address(const struct dhcp4 *, struct in_addr *);

#endif
