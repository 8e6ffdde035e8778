/* SPDX-License-Identifier: ISC */
/* A bounded memory of what the log was told. */
#include "proxydhcpd/notice.h"

#include <string.h>

#define BASIS 0xcbf29ce484222325u

/* FNV-1a. */
static uint64_t
hash(uint64_t h, const void *data, size_t len)
{
	const uint8_t *octet = data;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ octet[i]) * 0x100000001b3u;
	return h;
}

bool
notice_first(struct notices *n, const char *about, const void *whose,
    size_t len)
{
	uint64_t h = BASIS;
	size_t i;

	h = hash(h, about, strlen(about) + 1);
	h = hash(h, whose, len);
	if (h == 0)
		h = 1;
	for (i = 0; i < NOTICES_MAX; i++)
		if (n->said[i] == h)
			return false;
	n->said[n->next++ % NOTICES_MAX] = h;
	return true;
}

uint32_t
notice_hash(const void *data, size_t len)
{
	uint64_t h = hash(BASIS, data, len);

	return (uint32_t)(h ^ h >> 32);
}
