/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a client's packet: a reason always, and an answer that keeps
 * to what a proxy may say.  The first octet is where the packet came in and
 * what the boot directory holds.
 */
#include "proxydhcpd/offer.h"

#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#include "proxydhcpd/explain.h"
#include "proxydhcpd/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static struct boot
boot(uint8_t bits)
{
	struct boot b = { .machine = "machine/default", .entry = "pub/loader/7",
	    .known = (bits & 2) == 0, .image = (bits & 4) == 0,
	    .found = (bits & 8) == 0 ? PUB_OK : PUB_NOT_FOUND };

	memset(b.program, (bits & 16) == 0 ? 'x' : ' ', (bits & 32) == 0 ? 20 :
	    120);
	if ((bits & 128) == 0)
		return b;
	/* One with everything: a menu, and servers elsewhere. */
	menu_init(&b.menu);
	menu_add(&b.menu, "0-Ours", "x");
	menu_add(&b.menu, "1-Theirs", "3@192.0.2.9");
	menu_add(&b.menu, "2-Disk", "local");
	b.menu.broadcast = (bits & 2) == 0;
	b.own = POLICY_MENU | ((bits & 8) == 0 ? 0 : POLICY_DIRECT);
	b.known = b.image = true;
	b.tftp.s_addr = htonl(0xc0000205);
	return b;
}

/* RFC 2131 and PXE 2.1: what holds for every answer of a proxy. */
static void
require_proxys_answer(const struct dhcp4 *asked, const struct dhcp4 *d,
    const struct arrival *a, const struct reply *r, size_t len)
{
	struct in_addr server;
	const uint8_t *option;
	size_t n;

	require(len >= DHCP4_REPLY_MIN && len <= 1472 && len <= r->size_max);
	require(d->op == DHCP4_BOOTREPLY && d->xid == asked->xid);
	require(memcmp(d->chaddr, asked->chaddr, sizeof(d->chaddr)) == 0);
	require(d->flags == asked->flags);
	require(d->giaddr.s_addr == asked->giaddr.s_addr);
	require(d->type == (asked->type == DHCP4_REQUEST ? DHCP4_ACK :
	    DHCP4_OFFER));
	require(asked->type == DHCP4_REQUEST ||
	    d->yiaddr.s_addr == INADDR_ANY);
	require(a->proxy_port || asked->type == DHCP4_DISCOVER ||
	    (asked->ciaddr.s_addr != INADDR_ANY &&
	    !asked->option[DHCP4_REQUESTED_IP].present));
	require(dhcp4_get_addr(d, DHCP4_SERVER_ID, &server));
	require(server.s_addr == a->self.s_addr);
	require(!d->option[DHCP4_LEASE_TIME].present);
	require(!d->option[DHCP4_SUBNET_MASK].present);
	require(!d->option[DHCP4_ROUTER].present);
	option = dhcp4_get(d, DHCP4_VENDOR, &n);
	require(option == NULL || (n <= 255 && option[n - 1] == 255));
	require(option == NULL || dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS,
	    "PXEClient"));
	require(d->file[0] != '\0' || option != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dhcp4 asked, answer;
	static char text[16 * 1024];
	uint8_t packet[DHCP4_PACKET_MAX];
	struct explanation e;
	struct arrival a;
	struct client c;
	struct reply r;
	struct wire_out w;
	struct in_addr server;
	struct boot b;
	enum reason reason;

	if (size == 0 || dhcp4_parse(&asked, data + 1, size - 1) != DHCP4_OK)
		return 0;
	a = (struct arrival){ .proxy_port = (data[0] & 1) != 0,
	    .self = { htonl(0xc0000201) }, .from = asked.ciaddr,
	    .from_port = 4011 };
	require(foreign_judge(&asked, asked.siaddr, &server) == 0 ||
	    asked.op == DHCP4_BOOTREPLY);
	b = boot(data[0]);
	client_classify(&c, &asked);
	explain_init(&e, text, (data[0] & 64) == 0 ? sizeof(text) : 100);
	explain_client(&e, &asked, &c, &a);
	explain_boot(&e, &b);
	reason = offer_decide(&r, &asked, &c, &a, &b);
	if (reason == REASON_ANSWER) {
		wire_out_init(&w, packet, sizeof(packet));
		reason = offer_encode(&r, &asked, &w);
	}
	require(reason < REASON_COUNT && strlen(reason_name(reason)) > 0);
	explain_decision(&e, reason);
	if (reason == REASON_ANSWER) {
		require(c.class != CLIENT_OTHER);
		require(asked.type == DHCP4_REQUEST ||
		    (asked.type == DHCP4_DISCOVER && !a.proxy_port));
		require(c.class != CLIENT_IPXE || r.vendor != VENDOR_MENU);
		require(dhcp4_parse(&answer, packet, w.len) == DHCP4_OK);
		require_proxys_answer(&asked, &answer, &a, &r, w.len);
		explain_reply(&e, &r, packet, w.len);
	}
	require(e.len < e.size && text[e.len] == '\0');
	return 0;
}
