/* SPDX-License-Identifier: ISC */
/* A proxy's reply as a packet. */
#include <string.h>

#include "common/address.h"
#include "proxydhcpd/offer.h"
#include "proxydhcpd/pxe.h"

/*
 * What the Raspberry Pi's manual has ("Network booting"): it looks for this
 * text in the first entry, with three blanks where the boot ROM does.
 */
#define PI_TEXT "Raspberry Pi Boot"
#define PI_ROM_TEXT PI_TEXT "   "
#define PI_PROMPT "PXE"

static void
put_option(struct wire_out *w, uint8_t tag, const void *data, size_t len)
{
	wire_put_8(w, tag);
	wire_put_8(w, (uint8_t)len);
	wire_put_bytes(w, data, len);
}

/* Entry type 0, for which no boot server need be listed. */
static void
put_pi(struct wire_out *w, bool rom)
{
	static const uint8_t control[] = { PXE_NO_BROADCAST |
	    PXE_NO_MULTICAST };
	const char *text = rom ? PI_ROM_TEXT : PI_TEXT;
	const size_t len = strlen(text);

	put_option(w, PXE_DISCOVERY_CONTROL, control, sizeof(control));
	wire_put_8(w, PXE_MENU_PROMPT);
	wire_put_8(w, 1 + sizeof(PI_PROMPT) - 1);
	wire_put_8(w, 0);
	wire_put_bytes(w, PI_PROMPT, sizeof(PI_PROMPT) - 1);
	wire_put_8(w, PXE_BOOT_MENU);
	wire_put_8(w, (uint8_t)(3 + len));
	wire_put_n16(w, PXE_TYPE_LOCAL);
	wire_put_8(w, (uint8_t)len);
	wire_put_bytes(w, text, len);
}

/*
 * Bit 3 with a file, and no multicast: Intel's Base Code drops the offer
 * where multicast is left open without a group (Pxe_bc_dhcp.c:
 * DHCPOfferAckEdit).
 */
static void
put_direct(struct wire_out *w)
{
	static const uint8_t control[] = { PXE_DOWNLOAD_FILE |
	    PXE_NO_MULTICAST };

	put_option(w, PXE_DISCOVERY_CONTROL, control, sizeof(control));
}

static void
put_item(struct wire_out *w, const struct reply *r)
{
	wire_put_8(w, PXE_BOOT_ITEM);
	wire_put_8(w, 4);
	wire_put_n16(w, r->item_type);
	wire_put_n16(w, r->item_layer);
}

static void
put_menu(struct wire_out *w, const struct reply *r)
{
	struct menu one;

	menu_of_one(&one);
	menu_put(w, r->menu == NULL ? &one : r->menu, r->self);
}

/* Option 43, which some ROMs read on past its length for want of its END. */
static void
put_vendor(struct wire_out *w, const struct reply *r)
{
	struct wire_out vendor;
	uint8_t buffer[255];

	if (r->vendor == VENDOR_NONE)
		return;
	wire_out_init(&vendor, buffer, sizeof(buffer));
	if (r->vendor == VENDOR_MENU)
		put_menu(&vendor, r);
	else if (r->vendor == VENDOR_DIRECT)
		put_direct(&vendor);
	else if (r->vendor == VENDOR_PI)
		put_pi(&vendor, r->pi_rom);
	else
		put_item(&vendor, r);
	wire_put_8(&vendor, PXE_END);
	if (vendor.bad)
		w->bad = true;
	dhcp4_put(w, DHCP4_VENDOR, buffer, vendor.len);
}

/* An option of the client's, given back as it was. */
static void
put_echo(struct wire_out *w, const struct dhcp4 *asked, enum dhcp4_tag tag)
{
	const uint8_t *value;
	size_t len;

	value = dhcp4_get(asked, tag, &len);
	if (value != NULL)
		dhcp4_put(w, tag, value, len);
}

static void
put_header(struct wire_out *w, const struct reply *r, const struct dhcp4 *asked)
{
	struct dhcp4 d = {
		.op = DHCP4_BOOTREPLY, .htype = asked->htype,
		.hlen = asked->hlen, .xid = asked->xid, .flags = asked->flags,
		.yiaddr = r->yiaddr, .siaddr = r->siaddr,
		.giaddr = asked->giaddr,
	};

	/* All 16: Intel's Base Code compares them all. */
	memcpy(d.chaddr, asked->chaddr, sizeof(d.chaddr));
	strlcpy(d.file, r->file, sizeof(d.file));
	dhcp4_put_header(w, &d);
}

static void
put_tftp_name(struct wire_out *w, const struct reply *r)
{
	union address host = { .in = { .sin_family = AF_INET } };
	char text[ADDRESS_TEXT];

	host.in.sin_addr = r->siaddr;
	if (r->tftp_name)
		dhcp4_put_text(w, DHCP4_TFTP_SERVER,
		    address_format(&host.sa, text));
}

enum reason
offer_encode(const struct reply *r, const struct dhcp4 *asked,
    struct wire_out *w)
{
	put_header(w, r, asked);
	dhcp4_put_8(w, DHCP4_MESSAGE_TYPE, (uint8_t)r->type);
	dhcp4_put_addr(w, DHCP4_SERVER_ID, r->self);
	dhcp4_put_text(w, DHCP4_VENDOR_CLASS, r->vendor_class);
	put_tftp_name(w, r);
	put_echo(w, asked, DHCP4_CLIENT_UUID);
	put_vendor(w, r);
	/* Last, where a relay looks for it: RFC 3046 section 2.2. */
	put_echo(w, asked, DHCP4_RELAY_AGENT);
	dhcp4_put_end(w);
	return w->bad || w->len > r->size_max ? REASON_TOO_LARGE :
	    REASON_ANSWER;
}
