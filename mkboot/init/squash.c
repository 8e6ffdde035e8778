/* SPDX-License-Identifier: ISC */
/* What the first octets of a squashfs tell. */
#include "mkboot/init/squash.h"

#include <string.h>

enum { VERSION_AT = 28, BYTES_USED_AT = 40 };

/* All is little-endian, whatever the machine is. */
static uint64_t
little(const uint8_t *p, size_t octets)
{
	uint64_t v = 0;

	while (octets > 0)
		v = v << 8 | p[--octets];
	return v;
}

bool
squash_size(const void *head, size_t len, uint64_t *size)
{
	const uint8_t *p = head;

	if (len < SQUASH_HEAD || memcmp(p, "hsqs", 4) != 0 ||
	    little(p + VERSION_AT, 2) != 4)
		return false;
	*size = little(p + BYTES_USED_AT, 8);
	return *size >= SQUASH_HEAD;
}
