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
		    bucket[i].last_s < oldest->last_s))
			oldest = &bucket[i];
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->mac = *mac;
	return oldest;
}

/* From 1 on, as 0 means never; for the clock's first 136 years. */
static uint32_t
seconds(int64_t now_ms)
{
	return (uint32_t)(now_ms / 1000) + 1;
}

static void
hear(struct memory_of *of, uint32_t now_s)
{
	if (!of->used || now_s - of->last_s > MEMORY_BOOT_S)
		of->since_s = now_s;
	of->used = 1;
	of->last_s = now_s;
}

unsigned
memory_asked_s(struct memory *m, const struct mac *mac, int64_t now_ms)
{
	struct memory_of *of = place_of(m, mac);

	hear(of, seconds(now_ms));
	return of->last_s - of->since_s;
}

bool
memory_said(struct memory *m, const struct mac *mac, uint32_t facts,
    int64_t now_ms)
{
	struct memory_of *of = place_of(m, mac);
	const uint32_t now_s = seconds(now_ms);

	if (of->used && of->said_s != 0 && of->facts == facts &&
	    now_s - of->said_s < MEMORY_SAID_S)
		return true;
	hear(of, now_s);
	of->facts = facts;
	of->said_s = now_s;
	return false;
}
