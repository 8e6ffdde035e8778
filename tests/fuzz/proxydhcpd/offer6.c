/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a DHCPv6 client's packet: a reason always, and an answer that
 * keeps to what a proxy may say.  The first octet is where the packet came in
 * and what the boot directory holds.
 */
#include "proxydhcpd/offer6.h"

#include <stdlib.h>
#include <string.h>

#include "proxydhcpd/client6.h"
#include "proxydhcpd/explain6.h"

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
	    .known = (bits & 4) == 0, .image = (bits & 8) == 0,
	    .found = (bits & 16) == 0 ? PUB_OK : PUB_NOT_FOUND };

	memset(b.program, (bits & 32) == 0 ? 'x' : ' ', (bits & 64) == 0 ? 20 :
	    BOOT_NAME_MAX - 1);
	return b;
}

static bool
has(const struct dhcp6 *d, enum dhcp6_tag tag)
{
	size_t len;

	return dhcp6_get(&d->options, tag, &len) != NULL;
}

/* RFC 8415, and what the issue of a proxy is: no address, nothing of DNS. */
static void
require_proxys_answer(const struct dhcp6 *asked, const struct dhcp6 *d,
    const struct arrival6 *a, const struct client *c)
{
	const uint8_t *id, *back;
	size_t len, n;

	require(d->type == (!a->proxy_port && asked->type == DHCP6_SOLICIT ?
	    DHCP6_ADVERTISE : DHCP6_REPLY));
	require(d->xid == asked->xid && d->relays == asked->relays);
	require(!has(d, DHCP6_IA_NA) && !has(d, DHCP6_IA_TA) &&
	    !has(d, DHCP6_DNS) && !has(d, DHCP6_STATUS));
	id = dhcp6_get(&asked->options, DHCP6_CLIENT_ID, &len);
	back = dhcp6_get(&d->options, DHCP6_CLIENT_ID, &n);
	require(n == len && (len == 0 || memcmp(id, back, n) == 0));
	require(has(d, DHCP6_SERVER_ID));
	require(has(d, DHCP6_BOOT_URL) || has(d, DHCP6_VENDOR_CLASS));
	require(c->class != CLIENT_OTHER && c->class != CLIENT_UBOOT);
	require(dhcp6_asks(&asked->options, DHCP6_BOOT_URL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct recent6 nobody;
	char words[16 * 1024];
	uint8_t packet[REPLY6_MAX];
	struct arrival6 a = { .from = { { { 0xfe, 0x80, [15] = 1 } } },
	    .self = { { { 0x20, 1, [15] = 1 } } }, .from_port = 546 };
	struct dhcp6 asked, answer;
	enum reason6 reason;
	struct client c;
	struct reply6 r;
	struct wire_out w;
	struct text t;
	struct boot b;

	if (size == 0 || dhcp6_parse(&asked, data + 1, size - 1) != DHCP6_OK)
		return 0;
	a.proxy_port = (data[0] & 1) != 0;
	a.multicast = (data[0] & 2) != 0;
	b = boot(data[0]);
	client6_classify(&c, &asked, &a.from, &nobody);
	reason = offer6_decide(&r, &asked, &c, &a, &b);
	require(reason < REASON6_COUNT && reason6_words(reason) != NULL);
	text_init(&t, words, sizeof(words));
	explain6_client(&t, &asked, &c, &a);
	explain6_decision(&t, reason);
	require(strlen(words) == t.len);
	if (reason != REASON6_ANSWER)
		return 0;
	wire_out_init(&w, packet, sizeof(packet));
	reason = offer6_encode(&r, &asked, &a, &w);
	if (reason == REASON6_TOO_LARGE)
		return 0;
	require(reason == REASON6_ANSWER);
	require(dhcp6_parse(&answer, packet, w.len) == DHCP6_OK);
	require_proxys_answer(&asked, &answer, &a, &c);
	explain6_reply(&t, &r, packet, w.len);
	require(strlen(words) == t.len);
	return 0;
}
