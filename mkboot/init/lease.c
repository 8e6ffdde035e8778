/* SPDX-License-Identifier: ISC */
/* The client's side of DHCP as a machine without socket or clock. */
#include "mkboot/init/lease.h"

#include <arpa/inet.h>

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NEVER INT64_MAX
#define SECOND 1000
#define BACKOFF_MAX 8		/* seconds between two packets */
#define REQUESTS_MAX 4		/* unanswered, then DISCOVER again */
#define PLAIN_TRIES 2		/* then we ask for broadcast answers */
#define RENEW_MIN (60 * SECOND)	/* RFC 2131 section 4.4.5 */
#define SECONDS_MIN 30		/* of a lease: less would be a storm */
#define SECONDS_UNSAID 3600
#define MAX_MESSAGE 1472	/* what fits an Ethernet frame */
#define MTU_MIN 576		/* every host must take that: RFC 791 */

static const char *const state_name[] = {
	[LEASE_SELECTING] = "selecting", [LEASE_REQUESTING] = "requesting",
	[LEASE_BOUND] = "bound", [LEASE_RENEWING] = "renewing",
	[LEASE_REBINDING] = "rebinding",
};

const char *
lease_state_name(enum lease_state state)
{
	return state_name[state];
}

/* xorshift32: good enough to spread a room full of machines. */
static uint32_t
next_random(struct lease *l)
{
	l->random ^= l->random << 13;
	l->random ^= l->random >> 17;
	l->random ^= l->random << 5;
	return l->random;
}

/* 1, 2, 4, 8, 8 ... seconds, each give or take a quarter. */
static int64_t
backoff(struct lease *l)
{
	const unsigned shift = l->attempt < 4 ? l->attempt : 4;
	int64_t s = INT64_C(1) << (shift > 0 ? shift - 1 : 0);

	if (s > BACKOFF_MAX)
		s = BACKOFF_MAX;
	return s * SECOND * 3 / 4 + next_random(l) % (s * SECOND / 2);
}

static void
enter(struct lease *l, enum lease_state state, int64_t now)
{
	l->state = state;
	l->attempt = 0;
	l->deadline = now;
}

static void
select_server(struct lease *l, int64_t now)
{
	l->xid = next_random(l);
	l->begun = now;
	enter(l, LEASE_SELECTING, now);
}

void
lease_begin(struct lease *l, const struct mac *mac, const char *hostname,
    uint32_t seed, int64_t now)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	l->mac = *mac;
	strlcpy(l->hostname, hostname, sizeof(l->hostname));
	/* Two cards with one seed must not share their ids. */
	l->random = seed;
	for (i = 0; i < sizeof(mac->octet); i++)
		l->random = l->random * 31 + mac->octet[i];
	if (l->random == 0)
		l->random = 1;
	l->t1 = l->t2 = l->expiry = NEVER;
	select_server(l, now);
}

static bool
has_address(const struct lease *l)
{
	return l->state == LEASE_RENEWING || l->state == LEASE_REBINDING;
}

static void
put_packet(const struct lease *l, enum dhcp4_type type, int64_t now,
    struct wire_out *out)
{
	static const uint8_t wanted[] = {
		DHCP4_SUBNET_MASK, DHCP4_ROUTER, DHCP4_DNS, DHCP4_HOST_NAME,
		DHCP4_DOMAIN, DHCP4_ROOT_PATH, DHCP4_MTU, DHCP4_LEASE_TIME,
		DHCP4_SERVER_ID, DHCP4_RENEWAL_TIME, DHCP4_REBINDING_TIME
	};
	const int64_t secs = (now - l->begun) / SECOND;
	struct dhcp4 d = {
		.op = DHCP4_BOOTREQUEST,
		.htype = 1,
		.hlen = sizeof(l->mac.octet),
		.xid = l->xid,
		.secs = (uint16_t)(secs < UINT16_MAX ? secs : UINT16_MAX),
		/* As needed: some switches and servers lose unicast answers. */
		.flags = l->attempt >= PLAIN_TRIES && !has_address(l) ?
		    DHCP4_FLAG_BROADCAST : 0
	};

	memcpy(d.chaddr, l->mac.octet, sizeof(l->mac.octet));
	if (has_address(l))
		d.ciaddr = l->facts.address;
	dhcp4_put_header(out, &d);
	dhcp4_put_8(out, DHCP4_MESSAGE_TYPE, (uint8_t)type);
	/*
	 * No client identifier: the lease then goes by the hardware address,
	 * as it did for the firmware that booted us (RFC 2131 section 4.2).
	 */
	if (l->state == LEASE_REQUESTING) {
		dhcp4_put_addr(out, DHCP4_REQUESTED_IP, l->offered);
		dhcp4_put_addr(out, DHCP4_SERVER_ID, l->offerer);
	} else if (l->state == LEASE_SELECTING && l->again)
		dhcp4_put_addr(out, DHCP4_REQUESTED_IP, l->facts.address);
	dhcp4_put_n16(out, DHCP4_MAX_SIZE, MAX_MESSAGE);
	if (l->hostname[0] != '\0')
		dhcp4_put_text(out, DHCP4_HOST_NAME, l->hostname);
	dhcp4_put(out, DHCP4_PARAMETER_LIST, wanted, sizeof(wanted));
	dhcp4_put_end(out);
}

/* Half of what is left until the next state, but a minute at least. */
static int64_t
next_renewal(int64_t now, int64_t until)
{
	const int64_t half = (until - now) / 2;

	return half < RENEW_MIN ? (until - now < RENEW_MIN ? until :
	    now + RENEW_MIN) : now + half;
}

static enum lease_action
renew(struct lease *l, int64_t now, struct wire_out *out)
{
	if (now >= l->expiry) {
		l->again = true;
		select_server(l, now);
		return LEASE_EXPIRED;
	}
	if (l->state == LEASE_BOUND) {
		l->xid = next_random(l);
		l->begun = now;
		enter(l, LEASE_RENEWING, now);
	}
	if (now >= l->t2)
		l->state = LEASE_REBINDING;
	l->deadline = next_renewal(now, l->state == LEASE_RENEWING ?
	    l->t2 : l->expiry);
	put_packet(l, DHCP4_REQUEST, now, out);
	l->attempt++;
	return l->state == LEASE_RENEWING ? LEASE_UNICAST : LEASE_BROADCAST;
}

enum lease_action
lease_tick(struct lease *l, int64_t now, struct wire_out *out)
{
	if (now < l->deadline)
		return LEASE_NOTHING;
	if (l->state != LEASE_SELECTING && l->state != LEASE_REQUESTING)
		return renew(l, now, out);
	if (l->state == LEASE_REQUESTING && l->attempt == REQUESTS_MAX)
		enter(l, LEASE_SELECTING, now);
	put_packet(l, l->state == LEASE_SELECTING ? DHCP4_DISCOVER :
	    DHCP4_REQUEST, now, out);
	l->attempt++;
	l->deadline = now + backoff(l);
	return LEASE_BROADCAST;
}

/* Up to LEASE_ADDRESSES addresses of one option. */
static void
take_addresses(const struct dhcp4 *d, enum dhcp4_tag tag,
    struct in_addr *to)
{
	const uint8_t *data;
	size_t len, i;

	data = dhcp4_get(d, tag, &len);
	for (i = 0; i < LEASE_ADDRESSES && 4 * i + 4 <= len; i++)
		memcpy(&to[i], data + 4 * i, 4);
}

/*
 * A name from the network, which will stand in files and in the kernel: none
 * at all rather than one with other characters than a host's name may have.
 */
static void
take_name(const struct dhcp4 *d, enum dhcp4_tag tag, char *to, size_t size)
{
	const uint8_t *data;
	size_t len, i;

	to[0] = '\0';
	data = dhcp4_get(d, tag, &len);
	while (len > 0 && data[len - 1] == '\0')
		len--;
	if (len == 0 || len >= size || data[0] == '-' || data[0] == '.')
		return;
	for (i = 0; i < len; i++)
		if (data[i] > 126 || (!isalnum(data[i]) && data[i] != '-' &&
		    data[i] != '.'))
			return;
	memcpy(to, data, len);
	to[len] = '\0';
}

static void
take_root_path(const struct dhcp4 *d, char *to, size_t size)
{
	const uint8_t *data;
	size_t len, i;

	to[0] = '\0';
	data = dhcp4_get(d, DHCP4_ROOT_PATH, &len);
	while (len > 0 && data[len - 1] == '\0')
		len--;
	if (len >= size)
		return;
	for (i = 0; i < len; i++)
		if (data[i] <= ' ' || data[i] > 126)
			return;
	if (len > 0)
		memcpy(to, data, len);
	to[len] = '\0';
}

static void
take_facts(struct lease *l, const struct dhcp4 *d)
{
	struct lease_facts *f = &l->facts;

	memset(f, 0, sizeof(*f));
	f->address = d->yiaddr;
	f->next_server = d->siaddr;
	if (!dhcp4_get_addr(d, DHCP4_SERVER_ID, &f->server))
		f->server = l->offerer;
	if (!dhcp4_get_addr(d, DHCP4_SUBNET_MASK, &f->netmask))
		f->netmask.s_addr = htonl(0xffffff00);
	take_addresses(d, DHCP4_ROUTER, f->router);
	take_addresses(d, DHCP4_DNS, f->dns);
	take_name(d, DHCP4_HOST_NAME, f->hostname, sizeof(f->hostname));
	take_name(d, DHCP4_DOMAIN, f->domain, sizeof(f->domain));
	take_root_path(d, f->root_path, sizeof(f->root_path));
	if (!dhcp4_get_n16(d, DHCP4_MTU, &f->mtu) || f->mtu < MTU_MIN)
		f->mtu = 0;
	if (!dhcp4_get_n32(d, DHCP4_LEASE_TIME, &f->seconds))
		f->seconds = SECONDS_UNSAID;
	if (f->seconds < SECONDS_MIN)
		f->seconds = SECONDS_MIN;
}

/* RFC 2131 section 4.4.5: T1 is a half of the lease and T2 seven eighths. */
static void
set_times(struct lease *l, const struct dhcp4 *d, int64_t now)
{
	const int64_t length = (int64_t)l->facts.seconds * SECOND;
	uint32_t t1, t2;

	l->t1 = l->t2 = l->expiry = NEVER;
	if (l->facts.seconds != LEASE_INFINITE) {
		if (!dhcp4_get_n32(d, DHCP4_RENEWAL_TIME, &t1) ||
		    !dhcp4_get_n32(d, DHCP4_REBINDING_TIME, &t2) ||
		    t1 == 0 || t1 >= t2 || t2 >= l->facts.seconds) {
			t1 = l->facts.seconds / 2;
			t2 = (uint32_t)((uint64_t)l->facts.seconds * 7 / 8);
		}
		l->t1 = now + (int64_t)t1 * SECOND;
		l->t2 = now + (int64_t)t2 * SECOND;
		l->expiry = now + length;
	}
	l->deadline = l->t1;
}

static enum lease_action
take_offer(struct lease *l, const struct dhcp4 *d, int64_t now)
{
	/* A proxy's offer, which has no address, is for firmware alone. */
	if (d->yiaddr.s_addr == INADDR_ANY ||
	    !dhcp4_get_addr(d, DHCP4_SERVER_ID, &l->offerer))
		return LEASE_NOTHING;
	l->offered = d->yiaddr;
	enter(l, LEASE_REQUESTING, now);
	return LEASE_NOTHING;
}

/* Is it from the server that we spoke to?  (Who rebinds takes any.) */
static bool
from_ours(const struct lease *l, const struct dhcp4 *d)
{
	const struct in_addr ours = l->state == LEASE_REQUESTING ? l->offerer :
	    l->facts.server;
	struct in_addr server;

	return l->state == LEASE_REBINDING ||
	    !dhcp4_get_addr(d, DHCP4_SERVER_ID, &server) ||
	    server.s_addr == ours.s_addr;
}

static enum lease_action
take_ack(struct lease *l, const struct dhcp4 *d, int64_t now)
{
	const struct in_addr before = l->facts.address;
	const bool held = has_address(l) || l->again;

	/* A proxy acknowledges the broadcast request too, with no address. */
	if (d->yiaddr.s_addr == INADDR_ANY || !from_ours(l, d))
		return LEASE_NOTHING;
	take_facts(l, d);
	l->again = false;
	enter(l, LEASE_BOUND, now);
	set_times(l, d, now);
	return held && before.s_addr == l->facts.address.s_addr ?
	    LEASE_KEPT : LEASE_GOT;
}

static enum lease_action
take_nak(struct lease *l, const struct dhcp4 *d, int64_t now)
{
	if (!from_ours(l, d))
		return LEASE_NOTHING;
	l->again = l->again || has_address(l);
	select_server(l, now);
	/* RFC 2131 section 3.1: a server that refuses in a loop is no rush. */
	l->deadline = now + SECOND;
	return LEASE_REFUSED;
}

enum lease_action
lease_input(struct lease *l, const struct dhcp4 *d, int64_t now)
{
	struct mac mac;

	if (d->op != DHCP4_BOOTREPLY || d->xid != l->xid ||
	    !dhcp4_mac(d, &mac) || memcmp(&mac, &l->mac, sizeof(mac)) != 0)
		return LEASE_NOTHING;
	if (l->state == LEASE_SELECTING)
		return d->type == DHCP4_OFFER ? take_offer(l, d, now) :
		    LEASE_NOTHING;
	if (l->state == LEASE_BOUND)
		return LEASE_NOTHING;
	if (d->type == DHCP4_ACK)
		return take_ack(l, d, now);
	return d->type == DHCP4_NAK ? take_nak(l, d, now) : LEASE_NOTHING;
}

/* A text that grows to a bound; `bad' when it would go beyond. */
struct text {
	char *start;
	size_t len, size;
	bool bad;
};

static void __attribute__((format(printf, 2, 3)))
put(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	if (t->bad)
		return;
	va_start(args, format);
	n = vsnprintf(t->start + t->len, t->size - t->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= t->size - t->len)
		t->bad = true;
	else
		t->len += (size_t)n;
}

/* One line for an address or several; none for none. */
static void
put_addresses(struct text *t, const char *key, const struct in_addr *a,
    size_t n)
{
	char text[INET_ADDRSTRLEN];
	size_t i;

	for (i = 0; i < n && a[i].s_addr != INADDR_ANY; i++)
		put(t, "%s%s", i == 0 ? key : " ",
		    inet_ntop(AF_INET, &a[i], text, sizeof(text)));
	if (i > 0)
		put(t, "\n");
}

size_t
lease_format(const struct lease_facts *f, char *text, size_t size)
{
	struct text t = { .start = text, .size = size };

	put_addresses(&t, "address=", &f->address, 1);
	put_addresses(&t, "netmask=", &f->netmask, 1);
	put_addresses(&t, "router=", f->router, LEASE_ADDRESSES);
	put_addresses(&t, "dns=", f->dns, LEASE_ADDRESSES);
	put_addresses(&t, "server=", &f->server, 1);
	put_addresses(&t, "next-server=", &f->next_server, 1);
	if (f->hostname[0] != '\0')
		put(&t, "hostname=%s\n", f->hostname);
	if (f->domain[0] != '\0')
		put(&t, "domain=%s\n", f->domain);
	if (f->root_path[0] != '\0')
		put(&t, "root-path=%s\n", f->root_path);
	if (f->mtu != 0)
		put(&t, "mtu=%u\n", f->mtu);
	if (f->seconds == LEASE_INFINITE)
		put(&t, "lease=infinite\n");
	else if (f->seconds != 0)
		put(&t, "lease=%u\n", f->seconds);
	return t.bad ? 0 : t.len;
}
