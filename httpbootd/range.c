/* SPDX-License-Identifier: ISC */
/* The Range field: which octets of a file are wanted. */
#include "httpbootd/range.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define UNIT "bytes="

/* Any number of digits; what does not fit is as large as can be. */
static bool
get_number(const char **p, uint64_t *value)
{
	const char *start = *p;
	unsigned digit;

	for (*value = 0; **p >= '0' && **p <= '9'; (*p)++) {
		digit = (unsigned)(**p - '0');
		if (*value > (UINT64_MAX - digit) / 10)
			*value = UINT64_MAX;
		else
			*value = *value * 10 + digit;
	}
	return *p > start;
}

/* The last `length' octets; all of a file that is shorter. */
static enum range
suffix(uint64_t length, uint64_t size, struct span *span)
{
	if (length == 0)
		return RANGE_UNSATISFIABLE;
	/* "0--1/0" cannot be said in Content-Range. */
	if (size == 0)
		return RANGE_WHOLE;
	span->length = length < size ? length : size;
	span->first = size - span->length;
	return RANGE_ONE;
}

enum range
range_parse(const char *field, uint64_t size, struct span *span)
{
	bool has_first, has_last;
	uint64_t first, last;

	if (strncasecmp(field, UNIT, strlen(UNIT)) != 0)
		return RANGE_WHOLE;
	field += strlen(UNIT);
	field += strspn(field, " \t");
	has_first = get_number(&field, &first);
	if (*field++ != '-')
		return RANGE_WHOLE;
	has_last = get_number(&field, &last);
	field += strspn(field, " \t");
	if (*field != '\0' || (!has_first && !has_last))
		return RANGE_WHOLE;
	if (!has_first)
		return suffix(last, size, span);
	if (has_last && last < first)
		return RANGE_WHOLE;
	if (first >= size)
		return RANGE_UNSATISFIABLE;
	if (!has_last || last >= size)
		last = size - 1;
	span->first = first;
	span->length = last - first + 1;
	return RANGE_ONE;
}
