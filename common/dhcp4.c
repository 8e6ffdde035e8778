/* SPDX-License-Identifier: ISC */
/* DHCPv4 packets (RFC 2131, 2132, 3396) to and from host values. */
#include "common/dhcp4.h"

#include <string.h>

#define COOKIE 0x63825363u

/* Where option 52 may send us for more options (RFC 2132 section 9.3). */
enum { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };

static const char *const error_name[] = {
	[DHCP4_OK] = "ok",
	[DHCP4_TOO_SHORT] = "shorter than a DHCP header",
	[DHCP4_TOO_LONG] = "longer than a packet may be",
	[DHCP4_NO_COOKIE] = "no DHCP magic cookie",
	[DHCP4_BAD_OPTION] = "an option runs past its field",
};

static const char *const type_name[] = {
	[DHCP4_NONE] = "BOOTP", [DHCP4_DISCOVER] = "DISCOVER",
	[DHCP4_OFFER] = "OFFER", [DHCP4_REQUEST] = "REQUEST",
	[DHCP4_DECLINE] = "DECLINE", [DHCP4_ACK] = "ACK", [DHCP4_NAK] = "NAK",
	[DHCP4_RELEASE] = "RELEASE", [DHCP4_INFORM] = "INFORM",
};

const char *
dhcp4_error_name(enum dhcp4_error error)
{
	return error_name[error];
}

const char *
dhcp4_type_name(enum dhcp4_type type)
{
	if ((size_t)type >= sizeof(type_name) / sizeof(type_name[0]))
		return "unknown";
	return type_name[type];
}

static struct in_addr
get_addr(struct wire_in *w)
{
	return (struct in_addr){ htonl(wire_get_n32(w)) };
}

/* The next option of a field; false at its end.  A bare PAD is no option. */
static bool
next_option(struct wire_in *w, uint8_t *tag, const uint8_t **data, uint8_t *len)
{
	do {
		if (w->left == 0)
			return false;
		*tag = wire_get_8(w);
	} while (*tag == DHCP4_PAD);
	if (*tag == DHCP4_END)
		return false;
	*len = wire_get_8(w);
	*data = wire_get_span(w, *len);
	return *data != NULL;
}

/* First pass over a field: how long each option is with its parts joined. */
static bool
measure(struct dhcp4 *d, const uint8_t *field, size_t size)
{
	struct wire_in w;
	const uint8_t *data;
	uint8_t tag, len;

	wire_in_init(&w, field, size);
	while (next_option(&w, &tag, &data, &len)) {
		d->option[tag].present = true;
		d->option[tag].len = (uint16_t)(d->option[tag].len + len);
	}
	return !w.bad;
}

/* Second pass: each part goes behind the parts that came before it. */
static void
gather(struct dhcp4 *d, const uint8_t *field, size_t size, uint16_t fill[256])
{
	struct wire_in w;
	const uint8_t *data;
	uint8_t tag, len;

	wire_in_init(&w, field, size);
	while (next_option(&w, &tag, &data, &len)) {
		memcpy(d->store + d->option[tag].at + fill[tag], data, len);
		fill[tag] = (uint16_t)(fill[tag] + len);
	}
}

/* Lays the options out in the store; they fit, as they came in a packet. */
static void
place(struct dhcp4 *d)
{
	uint16_t at = 0;
	size_t tag;

	for (tag = 0; tag < 256; tag++) {
		d->option[tag].at = at;
		at = (uint16_t)(at + d->option[tag].len);
	}
}

static uint8_t
overload(const uint8_t *options, size_t size)
{
	struct wire_in w;
	const uint8_t *data;
	uint8_t tag, len;

	wire_in_init(&w, options, size);
	while (next_option(&w, &tag, &data, &len))
		if (tag == DHCP4_OVERLOAD && len == 1)
			return data[0];
	return 0;
}

static bool
parse_options(struct dhcp4 *d, const uint8_t *options, size_t size,
    const uint8_t sname[64], const uint8_t file[128])
{
	uint16_t fill[256] = { 0 };
	uint8_t over = overload(options, size);

	if (!measure(d, options, size) ||
	    ((over & OVERLOAD_FILE) != 0 && !measure(d, file, 128)) ||
	    ((over & OVERLOAD_SNAME) != 0 && !measure(d, sname, 64)))
		return false;
	place(d);
	gather(d, options, size, fill);
	if ((over & OVERLOAD_FILE) != 0)
		gather(d, file, 128, fill);
	else
		memcpy(d->file, file, 128);
	if ((over & OVERLOAD_SNAME) != 0)
		gather(d, sname, 64, fill);
	else
		memcpy(d->sname, sname, 64);
	return true;
}

static void
parse_header(struct dhcp4 *d, struct wire_in *w)
{
	d->op = wire_get_8(w);
	d->htype = wire_get_8(w);
	d->hlen = wire_get_8(w);
	d->hops = wire_get_8(w);
	d->xid = wire_get_n32(w);
	d->secs = wire_get_n16(w);
	d->flags = wire_get_n16(w);
	d->ciaddr = get_addr(w);
	d->yiaddr = get_addr(w);
	d->siaddr = get_addr(w);
	d->giaddr = get_addr(w);
	memcpy(d->chaddr, wire_get_span(w, 16), 16);
}

enum dhcp4_error
dhcp4_parse(struct dhcp4 *d, const void *packet, size_t len)
{
	struct wire_in w;
	const uint8_t *sname, *file, *type;
	size_t type_len;

	memset(d, 0, sizeof(*d));
	if (len < DHCP4_HEADER)
		return DHCP4_TOO_SHORT;
	if (len > DHCP4_PACKET_MAX)
		return DHCP4_TOO_LONG;
	wire_in_init(&w, packet, len);
	parse_header(d, &w);
	sname = wire_get_span(&w, 64);
	file = wire_get_span(&w, 128);
	if (wire_get_n32(&w) != COOKIE)
		return DHCP4_NO_COOKIE;
	if (!parse_options(d, w.pos, w.left, sname, file))
		return DHCP4_BAD_OPTION;
	type = dhcp4_get(d, DHCP4_MESSAGE_TYPE, &type_len);
	d->type = type_len == 1 ? type[0] : DHCP4_NONE;
	return DHCP4_OK;
}

const uint8_t *
dhcp4_get(const struct dhcp4 *d, enum dhcp4_tag tag, size_t *len)
{
	*len = d->option[tag].len;
	return d->option[tag].present ? d->store + d->option[tag].at : NULL;
}

bool
dhcp4_get_n32(const struct dhcp4 *d, enum dhcp4_tag tag, uint32_t *value)
{
	struct wire_in w;

	wire_in_init(&w, d->store + d->option[tag].at, d->option[tag].len);
	if (w.left != 4)
		return false;
	*value = wire_get_n32(&w);
	return true;
}

bool
dhcp4_get_n16(const struct dhcp4 *d, enum dhcp4_tag tag, uint16_t *value)
{
	struct wire_in w;

	wire_in_init(&w, d->store + d->option[tag].at, d->option[tag].len);
	if (w.left != 2)
		return false;
	*value = wire_get_n16(&w);
	return true;
}

bool
dhcp4_get_addr(const struct dhcp4 *d, enum dhcp4_tag tag, struct in_addr *addr)
{
	uint32_t host;

	if (!dhcp4_get_n32(d, tag, &host))
		return false;
	addr->s_addr = htonl(host);
	return true;
}

bool
dhcp4_has_prefix(const struct dhcp4 *d, enum dhcp4_tag tag, const char *prefix)
{
	size_t len, want = strlen(prefix);
	const uint8_t *data = dhcp4_get(d, tag, &len);

	return data != NULL && len >= want && memcmp(data, prefix, want) == 0;
}

bool
dhcp4_mac(const struct dhcp4 *d, struct mac *mac)
{
	if (d->htype != 1 || d->hlen != sizeof(mac->octet))
		return false;
	memcpy(mac->octet, d->chaddr, sizeof(mac->octet));
	return true;
}

void
dhcp4_put_header(struct wire_out *w, const struct dhcp4 *d)
{
	wire_put_8(w, d->op);
	wire_put_8(w, d->htype);
	wire_put_8(w, d->hlen);
	wire_put_8(w, d->hops);
	wire_put_n32(w, d->xid);
	wire_put_n16(w, d->secs);
	wire_put_n16(w, d->flags);
	wire_put_bytes(w, &d->ciaddr, 4);
	wire_put_bytes(w, &d->yiaddr, 4);
	wire_put_bytes(w, &d->siaddr, 4);
	wire_put_bytes(w, &d->giaddr, 4);
	wire_put_bytes(w, d->chaddr, 16);
	wire_put_bytes(w, d->sname, 64);
	wire_put_bytes(w, d->file, 128);
	wire_put_n32(w, COOKIE);
}

void
dhcp4_put(struct wire_out *w, enum dhcp4_tag tag, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t part;

	do {
		part = len < 255 ? len : 255;
		wire_put_8(w, (uint8_t)tag);
		wire_put_8(w, (uint8_t)part);
		wire_put_bytes(w, p, part);
		p += part;
		len -= part;
	} while (len > 0);
}

void
dhcp4_put_text(struct wire_out *w, enum dhcp4_tag tag, const char *text)
{
	dhcp4_put(w, tag, text, strlen(text));
}

void
dhcp4_put_addr(struct wire_out *w, enum dhcp4_tag tag, struct in_addr addr)
{
	dhcp4_put(w, tag, &addr, sizeof(addr));
}

void
dhcp4_put_8(struct wire_out *w, enum dhcp4_tag tag, uint8_t value)
{
	dhcp4_put(w, tag, &value, 1);
}

void
dhcp4_put_n16(struct wire_out *w, enum dhcp4_tag tag, uint16_t value)
{
	const uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	dhcp4_put(w, tag, b, sizeof(b));
}

void
dhcp4_put_end(struct wire_out *w)
{
	wire_put_8(w, DHCP4_END);
	if (!w->bad && w->len < DHCP4_REPLY_MIN)
		wire_put_zeros(w, DHCP4_REPLY_MIN - w->len);
}
