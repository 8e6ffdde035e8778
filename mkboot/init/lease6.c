/* SPDX-License-Identifier: ISC */
/* The client's side of DHCPv6 as a machine without socket or clock. */
#include "mkboot/init/lease6.h"

#include <string.h>

#define SECOND 1000
#define NEVER INT64_MAX
#define BACKOFF_MAX 8		/* seconds between two packets of a boot */
#define RENEW_MIN 10		/* and of a renewal: REN_TIMEOUT */
#define RENEW_MAX 600
#define REQUESTS_MAX 5		/* unanswered, then SOLICIT again */
#define SECONDS_MIN 30

static uint32_t
next_random(struct lease6 *l)
{
	l->random ^= l->random << 13;
	l->random ^= l->random >> 17;
	l->random ^= l->random << 5;
	return l->random;
}

static void
enter(struct lease6 *l, enum lease_state state, int64_t now)
{
	l->state = state;
	l->attempt = 0;
	l->begun = now;
	l->deadline = now;
	l->xid = next_random(l) & 0xffffff;
}

void
lease6_begin(struct lease6 *l, const struct mac *mac, uint32_t seed,
    int64_t now)
{
	size_t i;

	memset(l, 0, sizeof(*l));
	dhcp6_duid_ll(l->duid, mac);
	l->random = seed;
	for (i = 0; i < sizeof(mac->octet); i++) {
		l->random = l->random * 31 + mac->octet[i];
		/* One card, one association: the same at each boot. */
		l->iaid = l->iaid << 8 | mac->octet[i];
	}
	if (l->random == 0)
		l->random = 1;
	l->t1 = l->t2 = l->expiry = NEVER;
	enter(l, LEASE_SELECTING, now);
}

/* Section 15: doubling, each time give or take a tenth. */
static int64_t
backoff(struct lease6 *l)
{
	const bool boots = l->state == LEASE_SELECTING ||
	    l->state == LEASE_REQUESTING;
	const int64_t first = boots ? 1 : RENEW_MIN;
	const int64_t most = boots ? BACKOFF_MAX : RENEW_MAX;
	int64_t s = first << (l->attempt < 10 ? l->attempt : 10);

	if (s > most)
		s = most;
	return s * SECOND * 9 / 10 + next_random(l) % (s * SECOND / 5);
}

static enum dhcp6_type
message_of(enum lease_state state)
{
	switch (state) {
	case LEASE_REQUESTING:
		return DHCP6_REQUEST;
	case LEASE_RENEWING:
		return DHCP6_RENEW;
	case LEASE_REBINDING:
		return DHCP6_REBIND;
	default:
		return DHCP6_SOLICIT;
	}
}

static void
put_packet(const struct lease6 *l, int64_t now, struct wire_out *out)
{
	static const uint8_t wanted[] = {
		0, DHCP6_DNS, 0, 82	/* SOL_MAX_RT: section 18.2.1 */
	};
	const int64_t hundredths = (now - l->begun) / 10;
	const uint16_t elapsed = (uint16_t)(hundredths < UINT16_MAX ?
	    hundredths : UINT16_MAX);
	const uint8_t octets[2] = { (uint8_t)(elapsed >> 8), (uint8_t)elapsed };
	const struct in6_addr *address = l->state == LEASE_SELECTING ? NULL :
	    l->state == LEASE_REQUESTING ? &l->offered : &l->facts.address;

	dhcp6_put_header(out, message_of(l->state), l->xid);
	dhcp6_put(out, DHCP6_CLIENT_ID, l->duid, sizeof(l->duid));
	if (l->state == LEASE_REQUESTING || l->state == LEASE_RENEWING)
		dhcp6_put(out, DHCP6_SERVER_ID, l->server, l->server_len);
	dhcp6_put(out, DHCP6_ELAPSED_TIME, octets, sizeof(octets));
	dhcp6_put(out, DHCP6_ORO, wanted, sizeof(wanted));
	dhcp6_put_ia(out, l->iaid, address);
}

/* Which state the passing of time leads to. */
static bool
has_expired(struct lease6 *l, int64_t now)
{
	if (l->state == LEASE_SELECTING)
		return false;
	if (l->state == LEASE_REQUESTING) {
		if (l->attempt == REQUESTS_MAX)
			enter(l, LEASE_SELECTING, now);
		return false;
	}
	if (now >= l->expiry) {
		l->t1 = l->t2 = l->expiry = NEVER;
		enter(l, LEASE_SELECTING, now);
		return true;
	}
	if (l->state == LEASE_BOUND)
		enter(l, LEASE_RENEWING, now);
	if (l->state == LEASE_RENEWING && now >= l->t2)
		enter(l, LEASE_REBINDING, now);
	return false;
}

enum lease_action
lease6_tick(struct lease6 *l, int64_t now, struct wire_out *out)
{
	int64_t limit = NEVER;

	if (now < l->deadline)
		return LEASE_NOTHING;
	if (has_expired(l, now))
		return LEASE_EXPIRED;
	put_packet(l, now, out);
	l->deadline = now + backoff(l);
	l->attempt++;
	if (l->state == LEASE_RENEWING)
		limit = l->t2;
	else if (l->state == LEASE_REBINDING)
		limit = l->expiry;
	if (l->deadline > limit)
		l->deadline = limit;
	return LEASE_BROADCAST;
}

/* Is it an answer to us, from a server that says who it is? */
static bool
is_ours(const struct lease6 *l, const struct dhcp6 *d)
{
	const uint8_t *id;
	size_t len;

	if (d->xid != l->xid || d->relays != 0)
		return false;
	id = dhcp6_get(&d->options, DHCP6_CLIENT_ID, &len);
	if (id == NULL || len != sizeof(l->duid) ||
	    memcmp(id, l->duid, len) != 0)
		return false;
	id = dhcp6_get(&d->options, DHCP6_SERVER_ID, &len);
	return id != NULL && len > 2 && len <= sizeof(l->server);
}

static void
take_server(struct lease6 *l, const struct dhcp6 *d)
{
	const uint8_t *id;

	id = dhcp6_get(&d->options, DHCP6_SERVER_ID, &l->server_len);
	memcpy(l->server, id, l->server_len);
}

static enum lease_action
take_advertise(struct lease6 *l, const struct dhcp6 *d,
    const struct dhcp6_ia *ia, int64_t now)
{
	take_server(l, d);
	l->offered = ia->address;
	enter(l, LEASE_REQUESTING, now);
	return LEASE_NOTHING;
}

static void
take_dns(struct lease6_facts *f, const struct dhcp6 *d)
{
	const uint8_t *data;
	size_t len, i;

	memset(f->dns, 0, sizeof(f->dns));
	data = dhcp6_get(&d->options, DHCP6_DNS, &len);
	for (i = 0; i < LEASE_ADDRESSES && 16 * i + 16 <= len; i++)
		memcpy(&f->dns[i], data + 16 * i, 16);
}

/* Section 14.2: T1 and T2 of 0 leave it to us; a half and four fifths. */
static void
set_times(struct lease6 *l, const struct dhcp6_ia *ia, int64_t now)
{
	uint32_t valid = ia->valid < SECONDS_MIN ? SECONDS_MIN : ia->valid;
	uint32_t t1 = ia->renew, t2 = ia->rebind;

	l->facts.valid = valid;
	l->t1 = l->t2 = l->expiry = NEVER;
	if (valid != LEASE_INFINITE) {
		if (t1 == 0 || t2 == 0 || t1 > t2 || t2 > valid) {
			t1 = valid / 2;
			t2 = (uint32_t)((uint64_t)valid * 4 / 5);
		}
		l->t1 = now + (int64_t)t1 * SECOND;
		l->t2 = now + (int64_t)t2 * SECOND;
		l->expiry = now + (int64_t)valid * SECOND;
	}
	l->deadline = l->t1;
}

static enum lease_action
take_reply(struct lease6 *l, const struct dhcp6 *d, const struct dhcp6_ia *ia,
    int64_t now)
{
	const bool same = IN6_ARE_ADDR_EQUAL(&l->facts.address, &ia->address);

	take_server(l, d);
	l->facts.address = ia->address;
	take_dns(&l->facts, d);
	enter(l, LEASE_BOUND, now);
	set_times(l, ia, now);
	return same ? LEASE_KEPT : LEASE_GOT;
}

/* Not this time: from the beginning, but without hurry. */
static enum lease_action
refused(struct lease6 *l, int64_t now)
{
	enter(l, LEASE_SELECTING, now);
	l->deadline = now + SECOND;
	return LEASE_REFUSED;
}

enum lease_action
lease6_input(struct lease6 *l, const struct dhcp6 *d, int64_t now)
{
	struct dhcp6_ia ia;
	bool given;

	if (!is_ours(l, d) || l->state == LEASE_BOUND)
		return LEASE_NOTHING;
	given = dhcp6_status(&d->options) == 0 &&
	    dhcp6_get_ia(&d->options, l->iaid, &ia) && ia.status == 0 &&
	    ia.has_address && ia.valid > 0;
	if (l->state == LEASE_SELECTING)
		return d->type == DHCP6_ADVERTISE && given ?
		    take_advertise(l, d, &ia, now) : LEASE_NOTHING;
	if (d->type != DHCP6_REPLY)
		return LEASE_NOTHING;
	return given ? take_reply(l, d, &ia, now) : refused(l, now);
}
