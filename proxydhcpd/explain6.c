/* SPDX-License-Identifier: ISC */
/* DHCPv6 packets, clients and decisions as text: what -e prints. */
#include "proxydhcpd/explain6.h"

#include <arpa/inet.h>

#include <string.h>

#include "common/arch.h"

static void
put_addr(struct text *t, const void *addr)
{
	char text[INET6_ADDRSTRLEN];

	text_put(t, "%s", inet_ntop(AF_INET6, addr, text, sizeof(text)));
}

void
explain6_broken(struct text *t, enum dhcp6_error error)
{
	text_put(t, "packet: broken: %s\ndecision: silence: broken\n",
	    dhcp6_error_name(error));
}

/* The nearest to us first. */
static void
explain_relays(struct text *t, const struct dhcp6 *d)
{
	size_t i;

	for (i = 0; i < d->relays; i++) {
		text_put(t, "relay: hop %u, on link ", d->relay[i].hops);
		put_addr(t, &d->relay[i].link);
		text_put(t, " for ");
		put_addr(t, &d->relay[i].peer);
		text_put(t, "\n");
	}
}

static void
explain_vendor_class(struct text *t, const uint8_t *data, size_t len)
{
	struct wire_in w;

	wire_in_init(&w, data, len);
	text_put(t, "%u", wire_get_n32(&w));
	while (dhcp6_next_string(&w, &data, &len)) {
		text_put(t, " ");
		text_put_quoted(t, data, len);
	}
	text_put(t, "\n");
}

void
explain6_client(struct text *t, const struct dhcp6 *d, const struct client *c,
    const struct arrival6 *a)
{
	char mac[MAC_TEXT];
	const uint8_t *value;
	size_t len;

	text_put(t, "packet: %s on the %s port from %s\n",
	    dhcp6_type_name(d->type), a->proxy_port ? "proxy" : "DHCPv6",
	    c->has_mac ? mac_format(&c->mac, mac) : "no known MAC");
	explain_relays(t, d);
	text_put(t, "class: %s\n", client_class_name(c->class));
	value = dhcp6_get(&d->options, DHCP6_VENDOR_CLASS, &len);
	if (value != NULL) {
		text_put(t, "vendor class: ");
		explain_vendor_class(t, value, len);
	}
	if (c->has_arch)
		text_put(t, "architecture: %u (%s)\n", c->arch,
		    arch_name(c->arch));
}

void
explain6_boot(struct text *t, const struct boot *b)
{
	if (!b->known) {
		text_put(t, "machine: neither %s nor machine/default\n",
		    b->machine);
		return;
	}
	text_put(t, "machine: %s\nimage: %s/image%s\n", b->machine,
	    b->machine, b->image ? "" : ": nothing there");
	if (!b->image)
		return;
	text_put(t, "program: %s: ", b->entry);
	if (b->program[0] != '\0')
		text_put_quoted(t, b->program, strlen(b->program));
	if (b->found != PUB_OK)
		text_put(t, "%s%s", b->program[0] == '\0' ? "" : ": ",
		    pub_answer_words(b->found));
	text_put(t, "\n");
}

void
explain6_decision(struct text *t, enum reason6 reason)
{
	if (reason == REASON6_ANSWER)
		text_put(t, "decision: answer\n");
	else
		text_put(t, "decision: silence: %s: %s\n",
		    reason6_name(reason), reason6_words(reason));
}

static void
explain_option(struct text *t, unsigned tag, const uint8_t *data, size_t len)
{
	text_put(t, "  option %u ", tag);
	switch (tag) {
	case DHCP6_BOOT_URL:
		text_put(t, "boot file URL: ");
		text_put_quoted(t, data, len);
		text_put(t, "\n");
		break;
	case DHCP6_VENDOR_CLASS:
		text_put(t, "vendor class: ");
		explain_vendor_class(t, data, len);
		break;
	default:
		text_put(t, "%s: ", tag == DHCP6_CLIENT_ID ?
		    "client identifier" : tag == DHCP6_SERVER_ID ?
		    "server identifier" : "other");
		text_put_hex(t, data, len);
		text_put(t, "\n");
	}
}

void
explain6_reply(struct text *t, const struct reply6 *r, const uint8_t *packet,
    size_t len)
{
	struct dhcp6_options rest;
	const uint8_t *data;
	struct dhcp6 d;
	uint16_t tag;
	size_t n;

	text_put(t, "reply: %zu octets to ", len);
	put_addr(t, &r->to);
	text_put(t, " port %u%s\n", r->to_port, r->late ?
	    ", after 10 ms and again after 100" : "");
	if (dhcp6_parse(&d, packet, len) != DHCP6_OK)
		return;
	explain_relays(t, &d);
	text_put(t, "  %s xid 0x%06x\n", dhcp6_type_name(d.type), d.xid);
	rest = d.options;
	while (dhcp6_next(&rest, &tag, &data, &n))
		explain_option(t, tag, data, n);
}
