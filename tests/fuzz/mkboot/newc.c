/* SPDX-License-Identifier: ISC */
/*
 * Any octets as an archive: whole or in pieces it says the same, and each
 * member has as many octets as its header promised.
 */
#include "mkboot/newc.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct count {
	uint64_t members, octets, left, sum;
	bool within;
};

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static int
begin(void *context, const struct newc_member *m)
{
	struct count *c = context;

	require(!c->within);
	require(*m->path != '/' && strlen(m->path) < NEWC_NAME_MAX);
	c->within = true;
	c->members++;
	c->left = m->size;
	return 0;
}

static int
data(void *context, const void *octets, size_t len)
{
	struct count *c = context;
	const uint8_t *at = octets;
	size_t i;

	require(c->within && len > 0 && len <= c->left);
	for (i = 0; i < len; i++)
		c->sum = c->sum * 31 + at[i];
	c->left -= len;
	c->octets += len;
	return 0;
}

static int
end(void *context)
{
	struct count *c = context;

	require(c->within && c->left == 0);
	c->within = false;
	return 0;
}

static const struct newc_calls calls = { begin, data, end };

static int64_t
read_it(const uint8_t *octets, size_t size, size_t piece, struct count *c)
{
	static struct newc n;
	int64_t taken, total = 0;
	size_t len;

	memset(c, 0, sizeof(*c));
	newc_begin(&n, &calls, c);
	while ((size_t)total < size) {
		len = size - (size_t)total;
		len = len < piece ? len : piece;
		taken = newc_feed(&n, octets + total, len);
		if (taken == -1)
			return -1;
		total += taken;
		if ((size_t)taken < len)
			break;
	}
	require(!newc_complete(&n) || !c->within);
	return total;
}

int
LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size)
{
	struct count whole, pieces;
	int64_t a = read_it(octets, size, size + 1, &whole);
	int64_t b = read_it(octets, size, 7, &pieces);

	require(a == b && whole.members == pieces.members &&
	    whole.octets == pieces.octets && whole.sum == pieces.sum);
	require(a == -1 || (size_t)a <= size);
	return 0;
}
