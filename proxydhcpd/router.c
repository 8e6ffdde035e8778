/* SPDX-License-Identifier: ISC */
/* Router solicitations of booting machines, and the answer that ends them. */
#include "proxydhcpd/router.h"

#include <netinet/icmp6.h>

#include <string.h>

#define HOP_LIMIT 255		/* RFC 4861 section 6.1.1: from this link */
#define OPTION_UNIT 8		/* octets; option lengths count these */

static const struct {
	const char *name, *words;
} reasons[ROUTER_COUNT] = {
	[ROUTER_ADVERTISE] = { "advertise", "advertised to" },
	[ROUTER_FORWARDED] = { "forwarded",
	    "its hop limit is not 255, so it is not from this link" },
	[ROUTER_NOT_SOLICITATION] = { "not-a-solicitation",
	    "another ICMPv6 message" },
	[ROUTER_MALFORMED] = { "malformed",
	    "shorter than its header or options say" },
	[ROUTER_NO_SENDER] = { "no-sender",
	    "from the unspecified address, where no unicast reaches" },
	[ROUTER_NOT_LINK_LOCAL] = { "not-link-local",
	    "from an address that is not link-local" },
	[ROUTER_NO_MAC] = { "no-mac",
	    "neither its option nor its address names an Ethernet address" },
	[ROUTER_NOT_BOOTING] = { "not-booting",
	    "no offer was made to this sender of late" },
	[ROUTER_REAL] = { "real",
	    "a router advertises on that link, or may be about to" },
	[ROUTER_NOT_WANTED] = { "not-wanted",
	    "its machine folder has no file \"advertise\"" },
};

const char *
router_reason_name(enum router_reason reason)
{
	return reasons[reason].name;
}

const char *
router_reason_words(enum router_reason reason)
{
	return reasons[reason].words;
}

/*
 * The sender's Ethernet address, as its link-local address was made from it:
 * RFC 4291 appendix A, the universal/local bit inverted.
 */
static bool
mac_of_address(struct mac *mac, const struct in6_addr *addr)
{
	const uint8_t *id = addr->s6_addr + 8;

	if (id[3] != 0xff || id[4] != 0xfe)
		return false;
	memcpy(mac->octet, id, 3);
	memcpy(mac->octet + 3, id + 5, 3);
	mac->octet[0] ^= 2;
	return true;
}

/*
 * Every option, for one of length zero makes the whole message invalid
 * (RFC 4861 section 6.1.1).  The last link-layer address counts.
 */
static enum router_reason
parse_options(struct wire_in *in, struct mac *mac, bool *has_mac)
{
	const uint8_t *value;
	uint8_t type, units;
	size_t len;

	while (in->left > 0) {
		type = wire_get_8(in);
		units = wire_get_8(in);
		if (in->bad || units == 0)
			return ROUTER_MALFORMED;
		len = (size_t)units * OPTION_UNIT - 2;
		value = wire_get_span(in, len);
		if (value == NULL)
			return ROUTER_MALFORMED;
		if (type != ND_OPT_SOURCE_LINKADDR || len != sizeof(*mac))
			continue;
		memcpy(mac, value, sizeof(*mac));
		*has_mac = true;
	}
	return ROUTER_ADVERTISE;
}

enum router_reason
router_parse(struct solicitation *s, const uint8_t *data, size_t len)
{
	enum router_reason reason;
	bool has_mac = false;
	struct wire_in in;
	uint8_t type, code;

	if (s->hop_limit != HOP_LIMIT)
		return ROUTER_FORWARDED;
	wire_in_init(&in, data, len);
	type = wire_get_8(&in);
	code = wire_get_8(&in);
	wire_get_n16(&in);	/* the checksum, which the kernel has seen to */
	wire_get_n32(&in);	/* reserved */
	if (in.bad)
		return ROUTER_MALFORMED;
	if (type != ND_ROUTER_SOLICIT || code != 0)
		return ROUTER_NOT_SOLICITATION;
	reason = parse_options(&in, &s->mac, &has_mac);
	if (reason != ROUTER_ADVERTISE)
		return reason;
	if (IN6_IS_ADDR_UNSPECIFIED(&s->from))
		return ROUTER_NO_SENDER;
	if (!IN6_IS_ADDR_LINKLOCAL(&s->from))
		return ROUTER_NOT_LINK_LOCAL;
	if (!has_mac && !mac_of_address(&s->mac, &s->from))
		return ROUTER_NO_MAC;
	return ROUTER_ADVERTISE;
}

enum router_reason
router_decide(bool booting, bool real, bool wanted)
{
	if (!booting)
		return ROUTER_NOT_BOOTING;
	if (real)
		return ROUTER_REAL;
	return wanted ? ROUTER_ADVERTISE : ROUTER_NOT_WANTED;
}

/*
 * All zero: no hop limit of ours, no DHCPv6 (M, O), no router (a lifetime of
 * 0), no timers, no options: RFC 4861 section 4.2.
 */
void
router_encode(struct wire_out *w)
{
	wire_put_8(w, ND_ROUTER_ADVERT);
	wire_put_zeros(w, ROUTER_ADVERT_SIZE - 1);
}

/* The low octets count up within one maker's cards. */
static size_t
bucket_of(const struct mac *mac)
{
	const uint8_t *o = mac->octet;

	return ((size_t)(o[4] ^ o[2]) << 8 ^ o[5] ^ (size_t)o[3] << 1) %
	    ROUTER_BUCKETS;
}

void
router_note_boot(struct router_clients *clients, const struct mac *mac,
    int64_t now_ms)
{
	struct router_client *bucket = clients->client[bucket_of(mac)];
	struct router_client *chosen = bucket;
	size_t i;

	for (i = 0; i < ROUTER_BUCKET_SIZE; i++) {
		if (memcmp(&bucket[i].mac, mac, sizeof(*mac)) == 0) {
			chosen = &bucket[i];
			break;
		}
		if (bucket[i].until_ms < chosen->until_ms)
			chosen = &bucket[i];
	}
	chosen->mac = *mac;
	chosen->until_ms = now_ms + ROUTER_BOOTING_MS;
}

bool
router_is_booting(const struct router_clients *clients, const struct mac *mac,
    int64_t now_ms)
{
	const struct router_client *bucket = clients->client[bucket_of(mac)];
	size_t i;

	for (i = 0; i < ROUTER_BUCKET_SIZE; i++)
		if (memcmp(&bucket[i].mac, mac, sizeof(*mac)) == 0)
			return now_ms < bucket[i].until_ms;
	return false;
}
