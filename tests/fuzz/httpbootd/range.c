/* SPDX-License-Identifier: ISC */
/* Range fields: what is given lies within the file. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "httpbootd/range.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
check(const char *field, uint64_t size)
{
	struct span span = { 0 };
	enum range range = range_parse(field, size, &span);

	if (range == RANGE_ONE)
		require(span.length > 0 && span.first < size &&
		    span.length <= size - span.first);
	/* What a file cannot satisfy, no shorter file can. */
	if (range == RANGE_UNSATISFIABLE && size > 0)
		require(range_parse(field, size - 1, &span) != RANGE_ONE);
}

/* Eight octets of size, then the field. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint64_t size;
	char *field;

	if (len < sizeof(size))
		return 0;
	memcpy(&size, data, sizeof(size));
	field = strndup((const char *)data + sizeof(size), len - sizeof(size));
	require(field != NULL);
	check(field, size);
	check(field, size % 1000);
	check(field, 0);
	free(field);
	return 0;
}
