/* SPDX-License-Identifier: ISC */
/* What a netboot client is told: its program, by a PXE 2.1 proxy offer. */
#include "proxydhcpd/offer.h"

#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "proxydhcpd/pxe.h"

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68

#define MENU_TEXT "Pixie"

static const struct {
	const char *name, *words;
} reasons[REASON_COUNT] = {
	[REASON_ANSWER] = { "answer", "answered" },
	[REASON_BROKEN] = { "broken", "it cannot be read" },
	[REASON_NOT_A_REQUEST] = { "not-a-request",
	    "the packet is a server's, not a client's" },
	[REASON_NOT_NETBOOT] = { "not-netboot",
	    "neither a PXE nor an HTTP boot client" },
	[REASON_RASPBERRY_PI] = { "raspberry-pi",
	    "a Raspberry Pi's own firmware is not served" },
	[REASON_UBOOT] = { "u-boot", "U-Boot is not served" },
	[REASON_NOT_A_DISCOVER] = { "not-a-discover",
	    "on the DHCP port only a DISCOVER is ours to answer" },
	[REASON_NOT_FOR_PROXY] = { "not-for-proxy",
	    "on the proxy port only a REQUEST is answered" },
	[REASON_NO_MAC] = { "no-mac",
	    "no Ethernet address that could name the machine" },
	[REASON_NO_ARCH] = { "no-arch",
	    "it does not say its architecture (option 93)" },
	[REASON_NO_ADDRESS] = { "no-address",
	    "we have no address on that interface" },
	[REASON_NO_SENDER] = { "no-sender",
	    "the packet has no source that could be answered" },
	[REASON_ITEM_MALFORMED] = { "item-malformed",
	    "the boot item (option 43.71) has a wrong length" },
	[REASON_ITEM_CREDENTIALS] = { "item-credentials",
	    "it asks for BIS credentials, and there are none" },
	[REASON_ITEM_UNKNOWN] = { "item-unknown",
	    "it asks for a boot item or layer that we did not offer" },
	[REASON_NO_MACHINE] = { "no-machine",
	    "the boot directory names neither it nor a default" },
	[REASON_NO_IMAGE] = { "no-image",
	    "its folder has no image: it is left alone" },
	[REASON_NO_PROGRAM] = { "no-program",
	    "there is no program for it" },
	[REASON_LONG_NAME] = { "long-name",
	    "its program's name does not fit a packet" },
	[REASON_TOO_LARGE] = { "too-large",
	    "the reply would exceed what the client can take" },
};

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

const char *
reason_words(enum reason reason)
{
	return reasons[reason].words;
}

/* Which clients are served, whatever they ask. */
static enum reason
consider_client(const struct client *c)
{
	switch (c->class) {
	case CLIENT_OTHER:
		return REASON_NOT_NETBOOT;
	case CLIENT_RASPBERRY_PI:
		return REASON_RASPBERRY_PI;
	case CLIENT_UBOOT:
		return REASON_UBOOT;
	case CLIENT_IPXE:
		break;		/* its script is the same everywhere */
	case CLIENT_BIOS:
	case CLIENT_UEFI:
	case CLIENT_HTTP:
		if (!c->has_arch)
			return REASON_NO_ARCH;
		break;
	}
	return c->has_mac ? REASON_ANSWER : REASON_NO_MAC;
}

static enum reason
consider_item(const struct client *c)
{
	if (c->item == ITEM_NONE)
		return REASON_ANSWER;
	if (c->item == ITEM_MALFORMED)
		return REASON_ITEM_MALFORMED;
	if ((c->item_layer & PXE_LAYER_CREDENTIALS) != 0)
		return REASON_ITEM_CREDENTIALS;
	if (c->item_type != PXE_TYPE_VENDOR || c->item_layer != 0)
		return REASON_ITEM_UNKNOWN;
	return REASON_ANSWER;
}

enum reason
offer_consider(const struct dhcp4 *d, const struct client *c,
    const struct arrival *a)
{
	enum reason reason;

	if (d->op != DHCP4_BOOTREQUEST)
		return REASON_NOT_A_REQUEST;
	reason = consider_client(c);
	if (reason != REASON_ANSWER)
		return reason;
	if (a->self.s_addr == INADDR_ANY)
		return REASON_NO_ADDRESS;
	if (!a->proxy_port)
		return d->type == DHCP4_DISCOVER ? REASON_ANSWER :
		    REASON_NOT_A_DISCOVER;
	if (d->type != DHCP4_REQUEST)
		return REASON_NOT_FOR_PROXY;
	if (a->from.s_addr == INADDR_ANY || a->from_port == 0)
		return REASON_NO_SENDER;
	return consider_item(c);
}

/* RFC 3986's unreserved characters and the slash stand for themselves. */
static bool
is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || (c != '\0' && strchr("-._~/", c) != NULL);
}

/*
 * The address in figures: a name would need a DNS server that a proxy cannot
 * give (EDK2 HttpBootDhcp4.c never selects such an offer).
 */
static bool
put_url(char *file, size_t size, struct in_addr self, const char *program)
{
	union address host = { .in = { .sin_family = AF_INET } };
	char text[ADDRESS_TEXT];
	size_t len;
	bool plain;

	host.in.sin_addr = self;
	len = (size_t)snprintf(file, size, "http://%s/",
	    address_format(&host.sa, text));
	for (; *program != '\0'; program++) {
		plain = is_plain(*program);
		if (len + (plain ? 1 : 3) >= size)
			return false;
		snprintf(file + len, size - len, plain ? "%c" : "%%%02X",
		    (unsigned char)*program);
		len += plain ? 1 : 3;
	}
	return true;
}

static bool
put_file(struct reply *r, const struct client *c, const char *program)
{
	if (c->class == CLIENT_HTTP || (c->class == CLIENT_IPXE && c->http))
		return put_url(r->file, sizeof(r->file), r->self, program);
	return strlcpy(r->file, program, sizeof(r->file)) < sizeof(r->file);
}

/*
 * Broadcast, since in a proxy's offer the client has no address yet, whatever
 * its flags say; to 255.255.255.255, for EDK2 misses a subnet's broadcast.
 * Behind a relay, the relay does it (RFC 2131 section 4.1).
 */
static void
address_offer(struct reply *r, const struct dhcp4 *d)
{
	if (d->giaddr.s_addr != INADDR_ANY) {
		r->to = d->giaddr;
		r->to_port = DHCP_SERVER_PORT;
	} else {
		r->to.s_addr = htonl(INADDR_BROADCAST);
		r->to_port = DHCP_CLIENT_PORT;
	}
}

/*
 * An old ROM gets a menu of one entry, chosen at once, and asks 4011 for its
 * program: an offer that names the file in a header is not taken by all.
 * UEFI gets no option 43 at all, since EDK2 before 2017 drops proxy offers
 * that have one (commit 8cdd559be6), and asks the host in siaddr, port 4011.
 */
static void
shape_offer(struct reply *r, const struct dhcp4 *d, const struct client *c)
{
	r->type = DHCP4_OFFER;
	if (c->class == CLIENT_BIOS) {
		r->menu = true;
		r->file[0] = '\0';
	} else
		r->siaddr = r->self;
	address_offer(r, d);
}

/*
 * To the port that asked: 4011 from EDK2 and ROMs, 68 from iPXE.
 *
 * yiaddr: where a boot item was asked for, the client's own address, for
 * OpenBSD's pxeboot and others take theirs from this packet of the PXE stack
 * (stand/libsa/pxe.c).  Else none: Intel's Base Code throws an answer to a
 * plain request away that has one (Pxe_bc_dhcp.c: GetBINLAck).
 */
static void
shape_ack(struct reply *r, const struct dhcp4 *d, const struct client *c,
    const struct arrival *a)
{
	r->type = DHCP4_ACK;
	r->siaddr = r->self;
	if (c->item == ITEM_ASKED) {
		r->item = true;
		r->item_type = c->item_type;
		r->item_layer = c->item_layer;
		r->yiaddr = d->ciaddr;
	}
	r->to = a->from;
	r->to_port = a->from_port;
}

enum reason
offer_decide(struct reply *r, const struct dhcp4 *d, const struct client *c,
    const struct arrival *a, const struct boot *b)
{
	enum reason reason = offer_consider(d, c, a);

	memset(r, 0, sizeof(*r));
	if (reason != REASON_ANSWER)
		return reason;
	if (!b->known)
		return REASON_NO_MACHINE;
	if (!b->image)
		return REASON_NO_IMAGE;
	if (b->found != PUB_OK)
		return REASON_NO_PROGRAM;
	r->self = a->self;
	r->size_max = c->reply_max;
	r->vendor_class = c->class == CLIENT_HTTP ? "HTTPClient" : "PXEClient";
	if (!put_file(r, c, b->program))
		return REASON_LONG_NAME;
	if (a->proxy_port)
		shape_ack(r, d, c, a);
	else
		shape_offer(r, d, c);
	return REASON_ANSWER;
}

/*
 * One entry, taken at once (prompt of 0 seconds).  All four tags must stand:
 * Intel's Base Code drops an offer that forbids broadcast and multicast and
 * lists no server, or has no menu or prompt (Pxe_bc_dhcp.c: DHCPOfferAckEdit).
 */
static void
put_menu(struct wire_out *w, struct in_addr server)
{
	static const char text[] = MENU_TEXT;
	const uint8_t len = sizeof(text) - 1;

	wire_put_8(w, PXE_DISCOVERY_CONTROL);
	wire_put_8(w, 1);
	wire_put_8(w, PXE_NO_BROADCAST | PXE_NO_MULTICAST);
	wire_put_8(w, PXE_BOOT_SERVERS);
	wire_put_8(w, 7);
	wire_put_n16(w, PXE_TYPE_VENDOR);
	wire_put_8(w, 1);
	wire_put_bytes(w, &server, 4);
	wire_put_8(w, PXE_BOOT_MENU);
	wire_put_8(w, (uint8_t)(3 + len));
	wire_put_n16(w, PXE_TYPE_VENDOR);
	wire_put_8(w, len);
	wire_put_bytes(w, text, len);
	wire_put_8(w, PXE_MENU_PROMPT);
	wire_put_8(w, (uint8_t)(1 + len));
	wire_put_8(w, 0);
	wire_put_bytes(w, text, len);
}

static void
put_item(struct wire_out *w, const struct reply *r)
{
	wire_put_8(w, PXE_BOOT_ITEM);
	wire_put_8(w, 4);
	wire_put_n16(w, r->item_type);
	wire_put_n16(w, r->item_layer);
}

/* Option 43, which some ROMs read on past its length for want of its END. */
static void
put_vendor(struct wire_out *w, const struct reply *r)
{
	struct wire_out vendor;
	uint8_t buffer[255];

	if (!r->menu && !r->item)
		return;
	wire_out_init(&vendor, buffer, sizeof(buffer));
	if (r->menu)
		put_menu(&vendor, r->self);
	else
		put_item(&vendor, r);
	wire_put_8(&vendor, PXE_END);
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

enum reason
offer_encode(const struct reply *r, const struct dhcp4 *asked,
    struct wire_out *w)
{
	put_header(w, r, asked);
	dhcp4_put_8(w, DHCP4_MESSAGE_TYPE, (uint8_t)r->type);
	dhcp4_put_addr(w, DHCP4_SERVER_ID, r->self);
	dhcp4_put_text(w, DHCP4_VENDOR_CLASS, r->vendor_class);
	put_echo(w, asked, DHCP4_CLIENT_UUID);
	put_vendor(w, r);
	/* Last, where a relay looks for it: RFC 3046 section 2.2. */
	put_echo(w, asked, DHCP4_RELAY_AGENT);
	dhcp4_put_end(w);
	return w->bad || w->len > r->size_max ? REASON_TOO_LARGE :
	    REASON_ANSWER;
}
