/* SPDX-License-Identifier: ISC */
/* Entity tags and dates as a client writes them. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "httpbootd/condition.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct validators file = { .etag = "\"2a-1\"", .mtime = 1000 };

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static enum condition
check(enum request_field field, const char *value)
{
	struct request r = { .method = "GET" };

	r.field[field] = value;
	return condition_check(&r, &file);
}

/* A date that was read is written and read again as the same second. */
static void
check_date(const char *text)
{
	char again[HTTP_DATE];
	int64_t a, b;

	if (!http_date_parse(text, &a) || *http_date_format(a, again) == '\0')
		return;
	/* Before the year 1000 there are fewer than four digits. */
	if (a >= -30610224000)
		require(http_date_parse(again, &b) && a == b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *value = strndup((const char *)data, len);
	bool strong, weak;

	require(value != NULL);
	strong = check(FIELD_IF_MATCH, value) == CONDITION_PASS;
	weak = check(FIELD_IF_NONE_MATCH, value) == CONDITION_NOT_MODIFIED;
	/* What matches strongly matches weakly, and only with our tag or *. */
	require(!strong || weak);
	require(!weak || strstr(value, file.etag) != NULL ||
	    strchr(value, '*') != NULL);
	/* A date that was modified since was not unmodified since. */
	require(check(FIELD_IF_MODIFIED_SINCE, value) !=
	    CONDITION_NOT_MODIFIED ||
	    check(FIELD_IF_UNMODIFIED_SINCE, value) == CONDITION_PASS);
	check_date(value);
	free(value);
	return 0;
}
