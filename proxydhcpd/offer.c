/* SPDX-License-Identifier: ISC */
/* What a netboot client is told: its program, by a PXE 2.1 proxy offer. */
#include "proxydhcpd/offer.h"

#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "common/arch.h"
#include "proxydhcpd/pxe.h"

#define DHCP_SERVER_PORT 67
#define DHCP_CLIENT_PORT 68

/* Which clients are served, whatever they ask. */
static enum reason
consider_client(const struct client *c)
{
	switch (c->class) {
	case CLIENT_OTHER:
		return REASON_NOT_NETBOOT;
	case CLIENT_UBOOT:
		return client_is_uboot_arch(c) ? REASON_ANSWER : REASON_UBOOT;
	case CLIENT_RASPBERRY_PI:
	case CLIENT_IPXE:
		break;		/* its script is the same everywhere */
	case CLIENT_BIOS:
	case CLIENT_UEFI:
	case CLIENT_HTTP:
		if (!c->has_arch)
			return REASON_NO_ARCH;
		break;
	}
	return REASON_ANSWER;
}

static enum reason
consider_item(const struct client *c)
{
	if (c->item == ITEM_MALFORMED)
		return REASON_ITEM_MALFORMED;
	if (c->item == ITEM_ASKED &&
	    (c->item_layer & PXE_LAYER_CREDENTIALS) != 0)
		return REASON_ITEM_CREDENTIALS;
	return REASON_ANSWER;
}

/*
 * On the DHCP port a REQUEST is the DHCP server's, but for one that names a
 * boot item from an address of its own: a search for boot servers by
 * broadcast, PXE 2.1.
 */
static bool
is_search(const struct dhcp4 *d, const struct client *c,
    const struct arrival *a)
{
	return !a->proxy_port && d->type == DHCP4_REQUEST &&
	    c->item != ITEM_NONE && d->ciaddr.s_addr != INADDR_ANY &&
	    d->giaddr.s_addr == INADDR_ANY &&
	    !d->option[DHCP4_REQUESTED_IP].present;
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
	if (!a->proxy_port && !is_search(d, c, a))
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
 * Our own address in figures: a name would need a DNS server that a proxy
 * cannot give (EDK2 HttpBootDhcp4.c never selects such an offer).
 */
static bool
put_url(struct reply *r, const struct boot *b)
{
	union address host = { .in = { .sin_family = AF_INET } };
	const char *program = b->program;
	char text[ADDRESS_TEXT];
	size_t len;
	bool plain;

	host.in.sin_addr = r->self;
	if (b->http[0] != '\0')
		len = strlcpy(r->file, b->http, sizeof(r->file));
	else
		len = (size_t)snprintf(r->file, sizeof(r->file), "http://%s",
		    address_format(&host.sa, text));
	if (len + 1 >= sizeof(r->file))
		return false;
	r->file[len++] = '/';
	for (; *program != '\0'; program++) {
		plain = is_plain(*program);
		if (len + (plain ? 1 : 3) >= sizeof(r->file))
			return false;
		snprintf(r->file + len, sizeof(r->file) - len,
		    plain ? "%c" : "%%%02X", (unsigned char)*program);
		len += plain ? 1 : 3;
	}
	return true;
}

static bool
put_file(struct reply *r, const struct client *c, const struct boot *b)
{
	if (c->class == CLIENT_HTTP || (c->class == CLIENT_IPXE && c->http) ||
	    (c->class == CLIENT_UBOOT && arch_is_http(c->arch)))
		return put_url(r, b);
	return strlcpy(r->file, b->program, sizeof(r->file)) <
	    sizeof(r->file);
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
 * Either can be told otherwise: by a menu, or by `direct', with which the
 * file counts at once.
 */
static void
shape_offer(struct reply *r, const struct dhcp4 *d, const struct client *c,
    const struct boot *b)
{
	const bool pxe = c->class == CLIENT_BIOS || c->class == CLIENT_UEFI;

	r->type = DHCP4_OFFER;
	if (pxe && policy_holds(b, POLICY_DIRECT)) {
		r->vendor = VENDOR_DIRECT;
	} else if (pxe && b->menu.n > 0) {
		r->vendor = VENDOR_MENU;
		r->menu = &b->menu;
		r->file[0] = '\0';
	} else if (c->class == CLIENT_BIOS) {
		r->vendor = VENDOR_MENU;
		r->file[0] = '\0';
	}
	if (r->vendor == VENDOR_MENU)
		r->siaddr.s_addr = INADDR_ANY;
	else if (c->class == CLIENT_UEFI && r->vendor == VENDOR_NONE)
		r->siaddr = r->self;
	address_offer(r, d);
}

/* Does it choose from a menu?  HTTP Boot and a Pi know none. */
static bool
asks_item(const struct dhcp4 *d, const struct client *c)
{
	return d->type == DHCP4_REQUEST && c->item == ITEM_ASKED &&
	    (c->class == CLIENT_BIOS || c->class == CLIENT_UEFI ||
	    c->class == CLIENT_IPXE);
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
	if (asks_item(d, c)) {
		r->vendor = VENDOR_ITEM;
		r->item_type = c->item_type;
		r->item_layer = c->item_layer;
		r->yiaddr = d->ciaddr;
	}
	r->to = a->from;
	r->to_port = a->from_port;
}

/* Does the boot directory have this client answered? */
static enum reason
decide_machine(const struct dhcp4 *d, const struct client *c,
    const struct arrival *a, const struct boot *b)
{
	const unsigned asked_s = d->secs > a->asked_s ? d->secs : a->asked_s;

	if (!b->known)
		return REASON_NO_MACHINE;
	if (!b->image)
		return REASON_NO_IMAGE;
	if (b->fault[0] != '\0')
		return REASON_BAD_VALUE;
	if (d->type == DHCP4_DISCOVER && asked_s < b->delay_s)
		return REASON_NOT_YET;
	if ((is_search(d, c, a) && !b->menu.broadcast) ||
	    (a->multicast && b->menu.multicast.s_addr == INADDR_ANY))
		return REASON_NOT_INVITED;
	return REASON_ANSWER;
}

/* Is this an entry that we have offered, or a menu that needs no program? */
static enum reason
decide_program(const struct dhcp4 *d, const struct client *c,
    const struct boot *b)
{
	const bool asked = asks_item(d, c);

	if (asked && (b->menu.n > 0 ? menu_find(&b->menu, c->item_type) == NULL
	    : c->item_type != PXE_TYPE_VENDOR))
		return REASON_ITEM_UNKNOWN;
	if (asked && c->item_layer != 0 && b->found == PUB_NOT_FOUND)
		return REASON_ITEM_UNKNOWN;
	if (b->found == PUB_OK)
		return REASON_ANSWER;
	return d->type == DHCP4_DISCOVER && b->menu.n > 0 &&
	    (c->class == CLIENT_BIOS || c->class == CLIENT_UEFI) &&
	    !policy_holds(b, POLICY_DIRECT) ? REASON_ANSWER :
	    REASON_NO_PROGRAM;
}

enum reason
offer_decide(struct reply *r, const struct dhcp4 *d, const struct client *c,
    const struct arrival *a, const struct boot *b)
{
	enum reason reason = offer_consider(d, c, a);

	memset(r, 0, sizeof(*r));
	if (reason == REASON_ANSWER)
		reason = decide_machine(d, c, a, b);
	if (reason == REASON_ANSWER)
		reason = decide_program(d, c, b);
	if (reason != REASON_ANSWER)
		return reason;
	r->self = a->self;
	r->siaddr = b->tftp.s_addr == INADDR_ANY ? a->self : b->tftp;
	r->size_max = c->reply_max;
	r->vendor_class = c->class == CLIENT_HTTP ? "HTTPClient" : "PXEClient";
	if (!put_file(r, c, b))
		return REASON_LONG_NAME;
	if (c->class == CLIENT_RASPBERRY_PI) {
		r->vendor = VENDOR_PI;
		r->pi_rom = c->pi_rom;
		r->tftp_name = true;
	}
	if (d->type == DHCP4_DISCOVER)
		shape_offer(r, d, c, b);
	else
		shape_ack(r, d, c, a);
	return REASON_ANSWER;
}
