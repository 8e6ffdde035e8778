/* SPDX-License-Identifier: ISC */
/* What a DHCPv4 packet says of the netboot client that sent it. */
#include "proxydhcpd/client.h"

#include <stdio.h>
#include <string.h>

#include "proxydhcpd/pxe.h"

/* UDP and IP headers, which option 57 counts: RFC 2132 section 9.10. */
#define HEADERS 28
/* What every host takes: RFC 2131 section 2, and RFC 2132 section 9.10. */
#define SIZE_MIN 576
/* EDK2 ignores longer ones, PxeBcDhcp4.c: PxeBcDhcp4CallBack. */
#define SIZE_MAX_ETHERNET 1500

#define HTYPE_ETHERNET 1
#define ARCH_UBOOT_ARM 21
#define ARCH_UBOOT_ARM64 22
#define FIRST_EFI_ARCH 6	/* below it, ROMs and Itanium's kin */
#define IPXE_FEATURE_HTTP 0x13	/* src/include/ipxe/features.h */

static const char *const class_name[] = {
	[CLIENT_OTHER] = "other", [CLIENT_IPXE] = "ipxe",
	[CLIENT_BIOS] = "bios", [CLIENT_UEFI] = "uefi",
	[CLIENT_HTTP] = "http", [CLIENT_RASPBERRY_PI] = "rpi",
	[CLIENT_UBOOT] = "u-boot",
};

const char *
client_class_name(enum client_class class)
{
	return class_name[class];
}

/*
 * An option within an option: tag, length, value, ..., perhaps PAD and END.
 * NULL when it is not there or runs past the end.
 */
static const uint8_t *
encapsulated(const struct dhcp4 *d, enum dhcp4_tag outer, uint8_t want,
    uint8_t *len)
{
	const uint8_t *value;
	struct wire_in w;
	size_t size;
	uint8_t tag;

	value = dhcp4_get(d, outer, &size);
	wire_in_init(&w, value, size);
	while (w.left > 0) {
		tag = wire_get_8(&w);
		if (tag == DHCP4_PAD)
			continue;
		if (tag == DHCP4_END)
			break;
		*len = wire_get_8(&w);
		value = wire_get_span(&w, *len);
		if (value == NULL || tag == want)
			return value;
	}
	return NULL;
}

/* Four bare octets from iPXE itself; with their length before, RFC 3004. */
static bool
says_ipxe(const struct dhcp4 *d)
{
	const uint8_t *class;
	size_t len;

	class = dhcp4_get(d, DHCP4_USER_CLASS, &len);
	return class != NULL && memmem(class, len, "iPXE", 4) != NULL;
}

/* The Raspberry Pi Foundation's first, before the Pi 4. */
static const uint8_t pi_rom_oui[] = { 0xb8, 0x27, 0xeb };

/* The Raspberry Pi 3's ROM sends a zero and its serial number four times. */
static bool
is_serial_four_times(const uint8_t *id, size_t len)
{
	static const uint8_t none[4];

	return len == 17 && id[0] == 0 && memcmp(id + 1, none, 4) != 0 &&
	    memcmp(id + 1, id + 5, 12) == 0;
}

/* The ROM of a Pi 3 or older; later ones have a bootloader with a name. */
static bool
is_pi_rom(const struct dhcp4 *d)
{
	const uint8_t *id;
	size_t len;

	id = dhcp4_get(d, DHCP4_CLIENT_UUID, &len);
	return is_serial_four_times(id, len) ||
	    (memcmp(d->chaddr, pi_rom_oui, sizeof(pi_rom_oui)) == 0 &&
	    !dhcp4_has_prefix(d, DHCP4_CLIENT_UUID, "RPi"));
}

/*
 * It says "x86 BIOS" in options 60 and 93, so its maker's addresses and the
 * form of option 97 must tell (DHCP_OPTION97 in the bootloader's manual).
 */
static bool
is_raspberry_pi(const struct dhcp4 *d)
{
	static const uint8_t oui[][3] = {
		{ 0xb8, 0x27, 0xeb }, { 0xdc, 0xa6, 0x32 },
		{ 0xe4, 0x5f, 0x01 }, { 0x28, 0xcd, 0xc1 },
		{ 0xd8, 0x3a, 0xdd }, { 0x2c, 0xcf, 0x67 },
		{ 0x88, 0xa2, 0x9e },
	};
	const uint8_t *id;
	size_t i, len;

	for (i = 0; i < sizeof(oui) / sizeof(oui[0]); i++)
		if (memcmp(d->chaddr, oui[i], sizeof(oui[i])) == 0)
			return true;
	id = dhcp4_get(d, DHCP4_CLIENT_UUID, &len);
	return dhcp4_has_prefix(d, DHCP4_CLIENT_UUID, "RPi") ||
	    is_serial_four_times(id, len);
}

/* IANA's four codes for U-Boot, where it does not say so in option 60. */
bool
client_is_uboot_arch(const struct client *c)
{
	return c->has_arch && c->arch >= 21 && c->arch <= 24;
}

static enum client_class
classify_pxe(const struct client *c, const struct dhcp4 *d)
{
	if (c->has_arch && c->arch == 0 && is_raspberry_pi(d))
		return CLIENT_RASPBERRY_PI;
	if (client_is_uboot_arch(c))
		return CLIENT_UBOOT;
	return c->has_arch && c->arch < FIRST_EFI_ARCH ? CLIENT_BIOS :
	    CLIENT_UEFI;
}

/*
 * iPXE first, for its option 60 is a PXE ROM's.  FlexBoot does not say its
 * name, but sends option 175; which others have used, so alone it is nothing.
 * Option 60 tells the protocol, option 93 the processor: they may disagree.
 */
static enum client_class
classify(const struct client *c, const struct dhcp4 *d)
{
	const bool pxe = dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "PXEClient");
	const bool http = dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "HTTPClient");

	if (says_ipxe(d) || ((pxe || http) && d->option[DHCP4_IPXE].present))
		return CLIENT_IPXE;
	if (pxe)
		return classify_pxe(c, d);
	if (http)
		return CLIENT_HTTP;
	if (dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "U-Boot"))
		return CLIENT_UBOOT;
	return CLIENT_OTHER;
}

/* Older U-Boot names its processor in option 60 alone: "U-Boot.armv8". */
static void
guess_uboot_arch(struct client *c, const struct dhcp4 *d)
{
	c->has_arch = true;
	if (dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "U-Boot.armv8"))
		c->arch = ARCH_UBOOT_ARM64;
	else if (dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "U-Boot.arm"))
		c->arch = ARCH_UBOOT_ARM;
	else
		c->has_arch = false;
}

static void
read_arch(struct client *c, const struct dhcp4 *d)
{
	struct wire_in w;
	const uint8_t *list;
	size_t len;

	list = dhcp4_get(d, DHCP4_CLIENT_ARCH, &len);
	wire_in_init(&w, list, len);
	c->arch = wire_get_n16(&w);
	c->has_arch = !w.bad;
	if (!c->has_arch)
		guess_uboot_arch(c, d);
}

/*
 * Firmware that sends a GUID as its hardware address (hlen 16) may name its
 * Ethernet address in option 61: RFC 2132 section 9.14.
 */
static void
read_mac(struct client *c, const struct dhcp4 *d)
{
	const uint8_t *id;
	size_t len;

	c->has_mac = dhcp4_mac(d, &c->mac);
	if (c->has_mac)
		return;
	id = dhcp4_get(d, DHCP4_CLIENT_ID, &len);
	if (len != 1 + sizeof(c->mac) || id[0] != HTYPE_ETHERNET)
		return;
	memcpy(&c->mac, id + 1, sizeof(c->mac));
	c->has_mac = true;
}

/* All zeros is what firmware sends that was never given one. */
static void
read_uuid(struct client *c, const struct dhcp4 *d)
{
	static const uint8_t none[sizeof(c->uuid)];
	const uint8_t *id;
	size_t len;

	id = dhcp4_get(d, DHCP4_CLIENT_UUID, &len);
	if (len != 1 + sizeof(c->uuid) || id[0] != 0 ||
	    memcmp(id + 1, none, sizeof(none)) == 0)
		return;
	c->has_uuid = true;
	memcpy(c->uuid, id + 1, sizeof(c->uuid));
}

/*
 * Type and layer, two octets each.  Intel's Base Code bears a form with
 * three, whose layer lacks the low octet, so we do.
 */
static void
read_boot_item(struct client *c, const struct dhcp4 *d)
{
	const uint8_t *item;
	uint8_t len = 0;

	item = encapsulated(d, DHCP4_VENDOR, PXE_BOOT_ITEM, &len);
	if (item == NULL)
		return;
	if (len != 3 && len != 4) {
		c->item = ITEM_MALFORMED;
		return;
	}
	c->item = ITEM_ASKED;
	c->item_type = (uint16_t)(item[0] << 8 | item[1]);
	c->item_layer = (uint16_t)(item[2] << 8 | (len == 4 ? item[3] : 0));
}

/*
 * Only a DISCOVER's option 57 means anything: EDK2 corrects it there and
 * leaves 0xff00 in its REQUESTs (PxeBcDhcp4.c: PxeBcDhcp4CallBack).  Some
 * clients count headers in it and some do not, so the smaller reading holds.
 */
static size_t
reply_max(const struct dhcp4 *d)
{
	uint16_t size;

	if (d->type != DHCP4_DISCOVER ||
	    !dhcp4_get_n16(d, DHCP4_MAX_SIZE, &size) || size < SIZE_MIN)
		size = SIZE_MIN;
	if (size > SIZE_MAX_ETHERNET)
		size = SIZE_MAX_ETHERNET;
	return size - HEADERS;
}

void
client_classify(struct client *c, const struct dhcp4 *d)
{
	uint8_t len;

	memset(c, 0, sizeof(*c));
	read_mac(c, d);
	read_arch(c, d);
	read_uuid(c, d);
	read_boot_item(c, d);
	c->reply_max = reply_max(d);
	c->class = classify(c, d);
	c->pi_rom = c->class == CLIENT_RASPBERRY_PI && is_pi_rom(d);
	/* Without its list of features, take it for one of the usual builds. */
	c->http = !d->option[DHCP4_IPXE].present ||
	    encapsulated(d, DHCP4_IPXE, IPXE_FEATURE_HTTP, &len) != NULL;
}

/* RFC 4578 section 2.3 leaves the byte order to EFI's: mixed. */
const char *
client_uuid_format(const struct client *c, char text[CLIENT_UUID_TEXT])
{
	const uint8_t *u = c->uuid;

	snprintf(text, CLIENT_UUID_TEXT, "%02x%02x%02x%02x-%02x%02x-%02x%02x-"
	    "%02x%02x-%02x%02x%02x%02x%02x%02x", u[3], u[2], u[1], u[0], u[5],
	    u[4], u[7], u[6], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
	    u[15]);
	return text;
}

bool
client_address(const struct dhcp4 *d, struct in_addr *addr)
{
	struct in_addr asked = d->ciaddr;
	unsigned first;

	if (d->op != DHCP4_BOOTREQUEST || d->type != DHCP4_REQUEST)
		return false;
	dhcp4_get_addr(d, DHCP4_REQUESTED_IP, &asked);
	first = ntohl(asked.s_addr) >> 24;
	if (first == 0 || first == 127 || first >= 224)
		return false;
	*addr = asked;
	return true;
}
