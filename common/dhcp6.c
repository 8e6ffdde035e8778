/* SPDX-License-Identifier: ISC */
/* DHCPv6 messages (RFC 8415, 5970) to and from host values. */
#include "common/dhcp6.h"

#include <string.h>

#define XID_MAX 0xffffffu

/* RFC 8415 section 11; 1 is Ethernet in IANA's hardware types. */
enum { DUID_LLT = 1, DUID_LL = 3 };
enum { ETHERNET = 1 };

static const char *const error_name[] = {
	[DHCP6_OK] = "ok",
	[DHCP6_TOO_SHORT] = "shorter than a DHCPv6 header",
	[DHCP6_TOO_LONG] = "longer than a packet may be",
	[DHCP6_BAD_OPTION] = "an option runs past its field",
	[DHCP6_NO_MESSAGE] = "a relay's message with nothing in it",
	[DHCP6_TOO_DEEP] = "through too many relays",
};

static const char *const type_name[] = {
	[DHCP6_SOLICIT] = "SOLICIT", [DHCP6_ADVERTISE] = "ADVERTISE",
	[DHCP6_REQUEST] = "REQUEST", [DHCP6_CONFIRM] = "CONFIRM",
	[DHCP6_RENEW] = "RENEW", [DHCP6_REBIND] = "REBIND",
	[DHCP6_REPLY] = "REPLY", [DHCP6_RELEASE] = "RELEASE",
	[DHCP6_DECLINE] = "DECLINE", [DHCP6_RECONFIGURE] = "RECONFIGURE",
	[DHCP6_INFORMATION_REQUEST] = "INFORMATION-REQUEST",
	[DHCP6_RELAY_FORW] = "RELAY-FORW", [DHCP6_RELAY_REPL] = "RELAY-REPL",
};

const char *
dhcp6_error_name(enum dhcp6_error error)
{
	return error_name[error];
}

const char *
dhcp6_type_name(unsigned type)
{
	if (type >= sizeof(type_name) / sizeof(type_name[0]) ||
	    type_name[type] == NULL)
		return "unknown";
	return type_name[type];
}

bool
dhcp6_next(struct dhcp6_options *o, uint16_t *tag, const uint8_t **data,
    size_t *len)
{
	struct wire_in w;

	wire_in_init(&w, o->start, o->len);
	*tag = wire_get_n16(&w);
	*len = wire_get_n16(&w);
	*data = wire_get_span(&w, *len);
	if (w.bad)
		return false;
	*o = (struct dhcp6_options){ w.pos, w.left };
	return true;
}

/* Are they whole, to the last octet? */
static bool
options_init(struct dhcp6_options *o, const uint8_t *start, size_t len)
{
	struct dhcp6_options rest = { start, len };
	const uint8_t *data;
	uint16_t tag;
	size_t n;

	*o = rest;
	while (dhcp6_next(&rest, &tag, &data, &n))
		continue;
	return rest.len == 0;
}

const uint8_t *
dhcp6_get(const struct dhcp6_options *o, enum dhcp6_tag want, size_t *len)
{
	struct dhcp6_options rest = *o;
	const uint8_t *data;
	uint16_t tag;

	while (dhcp6_next(&rest, &tag, &data, len))
		if (tag == want)
			return data;
	*len = 0;
	return NULL;
}

static enum dhcp6_error
parse_message(struct dhcp6 *d, struct wire_in *w)
{
	d->type = wire_get_8(w);
	d->xid = (uint32_t)wire_get_8(w) << 16;
	d->xid |= wire_get_n16(w);
	if (w->bad)
		return DHCP6_TOO_SHORT;
	return options_init(&d->options, w->pos, w->left) ? DHCP6_OK :
	    DHCP6_BAD_OPTION;
}

static void
get_address(struct in6_addr *addr, struct wire_in *w)
{
	const uint8_t *span = wire_get_span(w, sizeof(*addr));

	if (span != NULL)
		memcpy(addr, span, sizeof(*addr));
}

/* A relay's header; `w' is then what it relays. */
static enum dhcp6_error
parse_relay(struct dhcp6 *d, struct wire_in *w)
{
	const uint8_t *message;
	struct dhcp6_relay *r;
	size_t len;

	if (d->relays == DHCP6_RELAYS_MAX)
		return DHCP6_TOO_DEEP;
	r = &d->relay[d->relays++];
	wire_get_8(w);		/* the type, that led here */
	r->hops = wire_get_8(w);
	get_address(&r->link, w);
	get_address(&r->peer, w);
	if (w->bad)
		return DHCP6_TOO_SHORT;
	if (!options_init(&r->options, w->pos, w->left))
		return DHCP6_BAD_OPTION;
	message = dhcp6_get(&r->options, DHCP6_RELAY_MESSAGE, &len);
	if (message == NULL || len == 0)
		return DHCP6_NO_MESSAGE;
	wire_in_init(w, message, len);
	return DHCP6_OK;
}

enum dhcp6_error
dhcp6_parse(struct dhcp6 *d, const void *packet, size_t len)
{
	enum dhcp6_error error;
	struct wire_in w;

	memset(d, 0, sizeof(*d));
	if (len > DHCP6_PACKET_MAX)
		return DHCP6_TOO_LONG;
	wire_in_init(&w, packet, len);
	while (w.left > 0 && (w.pos[0] == DHCP6_RELAY_FORW ||
	    w.pos[0] == DHCP6_RELAY_REPL)) {
		error = parse_relay(d, &w);
		if (error != DHCP6_OK)
			return error;
	}
	return parse_message(d, &w);
}

bool
dhcp6_asks(const struct dhcp6_options *o, enum dhcp6_tag want)
{
	const uint8_t *list;
	struct wire_in w;
	size_t len;

	list = dhcp6_get(o, DHCP6_ORO, &len);
	wire_in_init(&w, list, len);
	while (w.left >= 2)
		if (wire_get_n16(&w) == want)
			return true;
	return false;
}

bool
dhcp6_next_string(struct wire_in *w, const uint8_t **data, size_t *len)
{
	if (w->left == 0)
		return false;
	*len = wire_get_n16(w);
	*data = wire_get_span(w, *len);
	return *data != NULL;
}

unsigned
dhcp6_status(const struct dhcp6_options *o)
{
	const uint8_t *status;
	struct wire_in w;
	size_t len;

	status = dhcp6_get(o, DHCP6_STATUS, &len);
	wire_in_init(&w, status, len);
	return wire_get_n16(&w);
}

/* Valid, and preferred no longer than that: RFC 8415 section 21.6. */
static bool
read_address(struct dhcp6_ia *ia, const uint8_t *data, size_t len)
{
	struct dhcp6_options options;
	struct wire_in w;

	wire_in_init(&w, data, len);
	get_address(&ia->address, &w);
	ia->preferred = wire_get_n32(&w);
	ia->valid = wire_get_n32(&w);
	return !w.bad && options_init(&options, w.pos, w.left) &&
	    dhcp6_status(&options) == 0 && ia->valid > 0 &&
	    ia->preferred <= ia->valid;
}

static bool
read_ia(struct dhcp6_ia *ia, const uint8_t *data, size_t len)
{
	struct dhcp6_options options, rest;
	struct wire_in w;
	uint16_t tag;

	memset(ia, 0, sizeof(*ia));
	wire_in_init(&w, data, len);
	ia->iaid = wire_get_n32(&w);
	ia->renew = wire_get_n32(&w);
	ia->rebind = wire_get_n32(&w);
	if (w.bad || !options_init(&options, w.pos, w.left))
		return false;
	ia->status = dhcp6_status(&options);
	rest = options;
	while (!ia->has_address && dhcp6_next(&rest, &tag, &data, &len))
		ia->has_address = tag == DHCP6_IA_ADDRESS &&
		    read_address(ia, data, len);
	return true;
}

bool
dhcp6_get_ia(const struct dhcp6_options *o, uint32_t iaid, struct dhcp6_ia *ia)
{
	struct dhcp6_options rest = *o;
	const uint8_t *data;
	uint16_t tag;
	size_t len;

	while (dhcp6_next(&rest, &tag, &data, &len))
		if (tag == DHCP6_IA_NA && read_ia(ia, data, len) &&
		    ia->iaid == iaid)
			return true;
	return false;
}

bool
dhcp6_duid_mac(const uint8_t *duid, size_t len, struct mac *mac)
{
	const uint8_t *octets;
	struct wire_in w;
	uint16_t type;

	wire_in_init(&w, duid, len);
	type = wire_get_n16(&w);
	if ((type != DUID_LLT && type != DUID_LL) ||
	    wire_get_n16(&w) != ETHERNET)
		return false;
	if (type == DUID_LLT)
		wire_get_n32(&w);	/* when it was made */
	octets = wire_get_span(&w, sizeof(mac->octet));
	if (octets == NULL || w.left > 0)
		return false;
	memcpy(mac->octet, octets, sizeof(mac->octet));
	return true;
}

/* RFC 4291 appendix A: ff:fe in the middle, universal/local bit inverted. */
bool
dhcp6_address_mac(const struct in6_addr *addr, struct mac *mac)
{
	const uint8_t *id = addr->s6_addr + 8;

	if (id[3] != 0xff || id[4] != 0xfe)
		return false;
	memcpy(mac->octet, id, 3);
	memcpy(mac->octet + 3, id + 5, 3);
	mac->octet[0] ^= 2;
	return true;
}

void
dhcp6_duid_ll(uint8_t duid[DHCP6_DUID_LL_SIZE], const struct mac *mac)
{
	static const uint8_t head[] = { 0, DUID_LL, 0, ETHERNET };

	memcpy(duid, head, sizeof(head));
	memcpy(duid + sizeof(head), mac->octet, sizeof(mac->octet));
}

void
dhcp6_put_header(struct wire_out *w, enum dhcp6_type type, uint32_t xid)
{
	wire_put_n32(w, (uint32_t)type << 24 | (xid & XID_MAX));
}

void
dhcp6_put(struct wire_out *w, enum dhcp6_tag tag, const void *data, size_t len)
{
	size_t begun = dhcp6_begin(w, tag);

	wire_put_bytes(w, data, len);
	dhcp6_end(w, begun);
}

void
dhcp6_put_text(struct wire_out *w, enum dhcp6_tag tag, const char *text)
{
	dhcp6_put(w, tag, text, strlen(text));
}

size_t
dhcp6_begin(struct wire_out *w, enum dhcp6_tag tag)
{
	wire_put_n16(w, (uint16_t)tag);
	wire_put_n16(w, 0);
	return w->len;
}

/* Its length, now that it is known. */
void
dhcp6_end(struct wire_out *w, size_t begun)
{
	size_t len = w->len - begun;

	if (len > UINT16_MAX)
		w->bad = true;
	if (w->bad)
		return;
	w->start[begun - 2] = (uint8_t)(len >> 8);
	w->start[begun - 1] = (uint8_t)len;
}

void
dhcp6_put_ia(struct wire_out *w, uint32_t iaid, const struct in6_addr *addr)
{
	size_t ia = dhcp6_begin(w, DHCP6_IA_NA), address;

	wire_put_n32(w, iaid);
	wire_put_n32(w, 0);
	wire_put_n32(w, 0);
	if (addr != NULL) {
		address = dhcp6_begin(w, DHCP6_IA_ADDRESS);
		wire_put_bytes(w, addr, sizeof(*addr));
		wire_put_n32(w, 0);
		wire_put_n32(w, 0);
		dhcp6_end(w, address);
	}
	dhcp6_end(w, ia);
}

void
dhcp6_put_vendor_class(struct wire_out *w, uint32_t enterprise,
    const char *text)
{
	size_t begun = dhcp6_begin(w, DHCP6_VENDOR_CLASS);

	wire_put_n32(w, enterprise);
	wire_put_n16(w, (uint16_t)strlen(text));
	wire_put_bytes(w, text, strlen(text));
	dhcp6_end(w, begun);
}

/* What a relay wants back as it was: RFC 8415 section 21.18, RFC 8357. */
static void
echo(struct wire_out *w, const struct dhcp6_options *o, enum dhcp6_tag tag)
{
	const uint8_t *data;
	size_t len;

	data = dhcp6_get(o, tag, &len);
	if (data != NULL)
		dhcp6_put(w, tag, data, len);
}

void
dhcp6_begin_relays(struct wire_out *w, const struct dhcp6 *asked,
    struct dhcp6_nest *nest)
{
	const struct dhcp6_relay *r;

	for (nest->relays = 0; nest->relays < asked->relays; nest->relays++) {
		r = &asked->relay[nest->relays];
		wire_put_8(w, DHCP6_RELAY_REPL);
		wire_put_8(w, r->hops);
		wire_put_bytes(w, &r->link, sizeof(r->link));
		wire_put_bytes(w, &r->peer, sizeof(r->peer));
		echo(w, &r->options, DHCP6_INTERFACE_ID);
		echo(w, &r->options, DHCP6_RELAY_PORT);
		nest->begun[nest->relays] = dhcp6_begin(w, DHCP6_RELAY_MESSAGE);
	}
}

void
dhcp6_end_relays(struct wire_out *w, const struct dhcp6_nest *nest)
{
	size_t i;

	for (i = nest->relays; i > 0; i--)
		dhcp6_end(w, nest->begun[i - 1]);
}
