/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a solicitation: 16 of the sender's address, one for the hop
 * limit, then the message.  A reason always; and what is answered is sound by
 * RFC 4861 section 6.1.1, and from one who can be named and told.
 */
#include "proxydhcpd/router.h"

#include <stdlib.h>
#include <string.h>

#define PREFIX 17

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

/* Is there a source link-layer address option with this MAC? */
static bool
has_option(const struct mac *mac, const uint8_t *data, size_t len)
{
	size_t i;

	for (i = 8; i < len; i += data[i + 1] * 8u) {
		require(i + 2 <= len && data[i + 1] > 0);
		if (data[i] == 1 && data[i + 1] == 1 &&
		    memcmp(data + i + 2, mac, sizeof(*mac)) == 0)
			return true;
	}
	require(i == len);
	return false;
}

/* The same octets as an advertisement: what counts is whole, and lasts. */
static void
try_advert(const struct in6_addr *from, int hop_limit, const uint8_t *data,
    size_t size)
{
	struct router_links links = { .n = 0 };

	if (!router_note_advert(&links, 1, from, hop_limit, data, size, 5)) {
		require(!router_is_real(&links, 1, 5));
		return;
	}
	require(size >= ROUTER_ADVERT_SIZE && data[0] == 134 && data[1] == 0);
	require(hop_limit == 255 && IN6_IS_ADDR_LINKLOCAL(from));
	require(router_is_real(&links, 1, 5 + ROUTER_LASTS_MS - 1));
	require(!router_is_real(&links, 1, 5 + 65536 * 1000LL));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct router_clients clients;
	struct solicitation s = { .hop_limit = 0 };
	enum router_reason reason;

	if (size < PREFIX)
		return 0;
	memcpy(&s.from, data, sizeof(s.from));
	s.hop_limit = data[PREFIX - 1];
	data += PREFIX;
	size -= PREFIX;
	try_advert(&s.from, s.hop_limit, data, size);
	reason = router_parse(&s, data, size);
	require(reason < ROUTER_COUNT);
	require(strlen(router_reason_name(reason)) > 0);
	if (reason != ROUTER_ADVERTISE)
		return 0;
	require(s.hop_limit == 255 && size >= 8 && size % 8 == 0);
	require(data[0] == 133 && data[1] == 0);
	require(IN6_IS_ADDR_LINKLOCAL(&s.from));
	if (!has_option(&s.mac, data, size))
		require(memcmp(s.from.s6_addr + 9, s.mac.octet + 1, 2) == 0 &&
		    memcmp(s.from.s6_addr + 13, s.mac.octet + 3, 3) == 0);
	memset(&clients, 0, sizeof(clients));
	require(!router_is_booting(&clients, &s.mac, 1));
	router_note_boot(&clients, &s.mac, 1);
	require(router_is_booting(&clients, &s.mac, 1));
	return 0;
}
