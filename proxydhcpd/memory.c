/* SPDX-License-Identifier: ISC */
/* A bounded memory of machines. */
#include "proxydhcpd/memory.h"

#include <stddef.h>
#include <string.h>

/* The low octets count up within one maker's cards. */
static size_t
bucket_of(const struct mac *mac)
{
	const uint8_t *o = mac->octet;

	return ((size_t)(o[4] ^ o[2]) << 8 ^ o[5] ^ (size_t)o[3] << 3) %
	    MEMORY_BUCKETS;
}

/* The machine's own place; a new one has the longest unheard one's. */
static struct memory_of *
place_of(struct memory *m, const struct mac *mac)
{
	struct memory_of *bucket = m->of[bucket_of(mac)], *oldest = bucket;
	size_t i;

	for (i = 0; i < MEMORY_BUCKET_SIZE; i++) {
		if (bucket[i].used && memcmp(&bucket[i].mac, mac,
		    sizeof(*mac)) == 0)
			return &bucket[i];
		if (!bucket[i].used || (oldest->used &&
		    bucket[i].last_ms < oldest->last_ms))
			oldest = &bucket[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->mac = *mac;
	return oldest;
}

unsigned
memory_asked_s(struct memory *m, const struct mac *mac, int64_t now_ms)
{
	struct memory_of *of = place_of(m, mac);

	if (!of->used || now_ms - of->last_ms > MEMORY_BOOT_MS)
		of->since_ms = now_ms;
	of->used = 1;
	of->last_ms = now_ms;
	return (unsigned)((now_ms - of->since_ms) / 1000);
}

bool
memory_said(struct memory *m, const struct mac *mac, uint32_t facts,
    int64_t now_ms)
{
	struct memory_of *of = place_of(m, mac);

	if (of->used && of->said_ms != 0 && of->facts == facts &&
	    now_ms - of->said_ms < MEMORY_SAID_MS)
		return true;
	if (!of->used)
		of->since_ms = now_ms;
	of->used = 1;
	of->last_ms = now_ms;
	of->facts = facts;
	of->said_ms = now_ms;
	return false;
}
