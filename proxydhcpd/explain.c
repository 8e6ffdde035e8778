/* SPDX-License-Identifier: ISC */
/* Packets, clients and decisions as text: what -e prints. */
#include "proxydhcpd/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/address.h"
#include "common/arch.h"
#include "common/log.h"
#include "proxydhcpd/pxe.h"

#define ESCAPED_MAX 1024

static void put(struct explanation *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

void
explain_init(struct explanation *e, char *text, size_t size)
{
	e->text = text;
	e->size = size;
	e->len = 0;
	text[0] = '\0';
}

static void
put(struct explanation *e, const char *format, ...)
{
	size_t left = e->size - e->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(e->text + e->len, left, format, args);
	va_end(args);
	if (n > 0)
		e->len += (size_t)n < left ? (size_t)n : left - 1;
}

static void
put_hex(struct explanation *e, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		put(e, "%02x", data[i]);
}

static void
put_text(struct explanation *e, const void *data, size_t len)
{
	char text[ESCAPED_MAX];

	put(e, "\"%s\"", log_escape(text, sizeof(text), data, len));
}

static void
put_addr(struct explanation *e, struct in_addr addr)
{
	union address a = { .in = { .sin_family = AF_INET } };
	char text[ADDRESS_TEXT];

	a.in.sin_addr = addr;
	put(e, "%s", address_format(&a.sa, text));
}

void
explain_broken(struct explanation *e, enum dhcp4_error error)
{
	put(e, "packet: broken: %s\ndecision: silence: broken\n",
	    dhcp4_error_name(error));
}

static void
explain_sender(struct explanation *e, const struct dhcp4 *d,
    const struct client *c)
{
	char text[MAC_TEXT];

	if (c->has_mac)
		put(e, "%s", mac_format(&c->mac, text));
	else {
		put(e, "hardware type %u address ", d->htype);
		put_hex(e, d->chaddr, d->hlen < sizeof(d->chaddr) ? d->hlen :
		    sizeof(d->chaddr));
	}
}

void
explain_client(struct explanation *e, const struct dhcp4 *d,
    const struct client *c, const struct arrival *a)
{
	char uuid[CLIENT_UUID_TEXT];
	const uint8_t *value;
	size_t len;

	put(e, "packet: %s on the %s port from ", dhcp4_type_name(d->type),
	    a->proxy_port ? "proxy" : "DHCP");
	explain_sender(e, d, c);
	put(e, "\nclass: %s\n", client_class_name(c->class));
	value = dhcp4_get(d, DHCP4_VENDOR_CLASS, &len);
	if (value != NULL) {
		put(e, "vendor class: ");
		put_text(e, value, len);
		put(e, "\n");
	}
	if (c->has_arch)
		put(e, "architecture: %u (%s)\n", c->arch, arch_name(c->arch));
	if (c->has_uuid)
		put(e, "uuid: %s\n", client_uuid_format(c, uuid));
	if (c->item == ITEM_ASKED)
		put(e, "boot item: type 0x%04x layer 0x%04x\n", c->item_type,
		    c->item_layer);
}

/* A value with the file that has it. */
static void
explain_value(struct explanation *e, const struct boot *b, enum policy policy)
{
	char path[POLICY_PATH_MAX];

	put(e, "%s: %s", policy_name(policy), policy_path(b, policy, path));
	if (policy == POLICY_DELAY)
		put(e, ": %u s", b->delay_s);
	else if (policy == POLICY_TFTP) {
		put(e, ": ");
		put_addr(e, b->tftp);
	} else if (policy == POLICY_HTTP) {
		put(e, ": ");
		put_text(e, b->http, strlen(b->http));
	} else if (policy == POLICY_MENU)
		put(e, ": %zu entr%s", b->menu.n, b->menu.n == 1 ? "y" : "ies");
	put(e, "\n");
}

static void
explain_policies(struct explanation *e, const struct boot *b)
{
	static const enum policy told[] = { POLICY_DIRECT, POLICY_DELAY,
	    POLICY_TFTP, POLICY_HTTP, POLICY_MENU };
	size_t i;

	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (policy_holds(b, told[i]))
			explain_value(e, b, told[i]);
}

/* By which of the two it boots. */
static void
explain_image(struct explanation *e, const struct boot *b)
{
	const bool next = (b->own & POLICY_NEXT) != 0;

	put(e, "image: %s/%s%s\n", b->machine, b->image && next ? "next" :
	    "image", b->image ? "" : ": nothing there");
}

void
explain_boot(struct explanation *e, const struct boot *b)
{
	if (!b->known) {
		put(e, "machine: neither %s nor machine/default\n", b->machine);
		return;
	}
	put(e, "machine: %s\n", b->machine);
	explain_image(e, b);
	if (!b->image)
		return;
	if (b->fault[0] != '\0') {
		put(e, "fault: %s\n", b->fault);
		return;
	}
	explain_policies(e, b);
	put(e, "program: %s: ", b->entry);
	if (b->program[0] != '\0')
		put_text(e, b->program, strlen(b->program));
	if (b->found != PUB_OK)
		put(e, "%s%s", b->program[0] == '\0' ? "" : ": ",
		    pub_answer_words(b->found));
	else if (b->program[0] == '\0')
		put(e, "its own choice of files");
	put(e, "\n");
}

void
explain_decision(struct explanation *e, enum reason reason)
{
	if (reason == REASON_ANSWER)
		put(e, "decision: answer\n");
	else
		put(e, "decision: silence: %s: %s\n", reason_name(reason),
		    reason_words(reason));
}

static void
explain_header(struct explanation *e, const struct dhcp4 *d)
{
	put(e, "  op %u htype %u hlen %u xid 0x%08x flags 0x%04x\n", d->op,
	    d->htype, d->hlen, d->xid, d->flags);
	put(e, "  yiaddr ");
	put_addr(e, d->yiaddr);
	put(e, " siaddr ");
	put_addr(e, d->siaddr);
	put(e, " giaddr ");
	put_addr(e, d->giaddr);
	put(e, "\n  chaddr ");
	put_hex(e, d->chaddr, sizeof(d->chaddr));
	put(e, "\n  file ");
	put_text(e, d->file, strlen(d->file));
	put(e, "\n");
}

static const char *
pxe_name(uint8_t tag)
{
	switch (tag) {
	case PXE_DISCOVERY_CONTROL:
		return "discovery control";
	case PXE_DISCOVERY_GROUP:
		return "discovery group";
	case PXE_BOOT_SERVERS:
		return "boot servers";
	case PXE_BOOT_MENU:
		return "boot menu";
	case PXE_MENU_PROMPT:
		return "menu prompt";
	case PXE_BOOT_ITEM:
		return "boot item";
	default:
		return "unknown";
	}
}

/* Option 43 of PXE: its options one a line, and whether the END stands. */
static void
explain_vendor(struct explanation *e, const uint8_t *data, size_t size)
{
	struct wire_in w;
	uint8_t tag, len;

	put(e, "\n");
	wire_in_init(&w, data, size);
	while (w.left > 0) {
		tag = wire_get_8(&w);
		if (tag == PXE_END) {
			put(e, "    255 end\n");
			continue;
		}
		len = wire_get_8(&w);
		data = wire_get_span(&w, len);
		if (data == NULL)
			break;
		put(e, "    %u %s: ", tag, pxe_name(tag));
		put_hex(e, data, len);
		put(e, "\n");
	}
}

static void
explain_option(struct explanation *e, uint8_t tag, const uint8_t *data,
    size_t len)
{
	struct in_addr addr;

	put(e, "  option %u ", tag);
	if (tag == DHCP4_MESSAGE_TYPE && len == 1)
		put(e, "message type: %s", dhcp4_type_name(data[0]));
	else if (tag == DHCP4_SERVER_ID && len == sizeof(addr)) {
		memcpy(&addr, data, sizeof(addr));
		put(e, "server identifier: ");
		put_addr(e, addr);
	} else if (tag == DHCP4_VENDOR_CLASS) {
		put(e, "vendor class: ");
		put_text(e, data, len);
	} else if (tag == DHCP4_TFTP_SERVER) {
		put(e, "TFTP server name: ");
		put_text(e, data, len);
	} else if (tag == DHCP4_VENDOR) {
		put(e, "vendor specific:");
		explain_vendor(e, data, len);
		return;
	} else {
		put(e, "%s: ", tag == DHCP4_CLIENT_UUID ? "client UUID" :
		    tag == DHCP4_RELAY_AGENT ? "relay agent" : "other");
		put_hex(e, data, len);
	}
	put(e, "\n");
}

/* In the order in which they stand. */
static void
explain_options(struct explanation *e, const uint8_t *options, size_t size)
{
	const uint8_t *data;
	struct wire_in w;
	uint8_t tag, len;

	wire_in_init(&w, options, size);
	while (w.left > 0) {
		tag = wire_get_8(&w);
		if (tag == DHCP4_END)
			break;
		len = wire_get_8(&w);
		data = wire_get_span(&w, len);
		if (data == NULL)
			return;
		explain_option(e, tag, data, len);
	}
	put(e, "  option 255 end, and %zu of padding\n", w.left);
}

void
explain_reply(struct explanation *e, const struct reply *r,
    const uint8_t *packet, size_t len)
{
	struct dhcp4 d;

	put(e, "reply: %zu octets to ", len);
	put_addr(e, r->to);
	put(e, " port %u\n", r->to_port);
	if (dhcp4_parse(&d, packet, len) != DHCP4_OK)
		return;
	explain_header(e, &d);
	explain_options(e, packet + DHCP4_HEADER, len - DHCP4_HEADER);
}
