/* SPDX-License-Identifier: ISC */
/* Conditional requests (RFC 9110 section 13). */
#include "tests/unit/unit.h"

#include <string.h>

#include "httpbootd/condition.h"

#define TAG "\"2a-1\""
#define BEFORE "Sun, 06 Nov 1994 08:49:36 GMT"
#define WHEN "Sun, 06 Nov 1994 08:49:37 GMT"
#define AFTER "Sun, 06 Nov 1994 08:49:38 GMT"
#define THEN 784111777

static const struct validators file = { .etag = TAG, .mtime = THEN };

static void
expect(enum condition condition, const struct request *r)
{
	assert_int_equal(condition_check(r, &file), condition);
}

static void
expect_field(enum condition condition, enum request_field field,
    const char *value)
{
	struct request r = { .method = "GET" };

	r.field[field] = value;
	expect(condition, &r);
}

static void
no_condition_holds(void **state)
{
	struct request r = { .method = "GET" };

	(void)state;
	expect(CONDITION_PASS, &r);
	assert_true(condition_range(&r, &file));
}

static void
if_none_match_compares_weakly(void **state)
{
	static const enum request_field field = FIELD_IF_NONE_MATCH;

	(void)state;
	expect_field(CONDITION_NOT_MODIFIED, field, TAG);
	expect_field(CONDITION_NOT_MODIFIED, field, "W/" TAG);
	expect_field(CONDITION_NOT_MODIFIED, field, "*");
	expect_field(CONDITION_NOT_MODIFIED, field, "\"x\" , W/\"\"," TAG);
	expect_field(CONDITION_PASS, field, "\"2a-1");
	expect_field(CONDITION_PASS, field, "\"2a-\"");
	expect_field(CONDITION_PASS, field, "\"2a-12\"");
	expect_field(CONDITION_PASS, field, "2a-1");
	expect_field(CONDITION_PASS, field, "");
}

static void
if_match_compares_strongly(void **state)
{
	static const enum request_field field = FIELD_IF_MATCH;

	(void)state;
	expect_field(CONDITION_PASS, field, TAG);
	expect_field(CONDITION_PASS, field, "\"x\"," TAG);
	expect_field(CONDITION_PASS, field, "*");
	expect_field(CONDITION_FAILED, field, "W/" TAG);
	expect_field(CONDITION_FAILED, field, "\"x\"");
	expect_field(CONDITION_FAILED, field, "");
}

static void
dates_compare_by_the_second(void **state)
{
	(void)state;
	expect_field(CONDITION_PASS, FIELD_IF_MODIFIED_SINCE, BEFORE);
	expect_field(CONDITION_NOT_MODIFIED, FIELD_IF_MODIFIED_SINCE, WHEN);
	expect_field(CONDITION_NOT_MODIFIED, FIELD_IF_MODIFIED_SINCE, AFTER);
	expect_field(CONDITION_FAILED, FIELD_IF_UNMODIFIED_SINCE, BEFORE);
	expect_field(CONDITION_PASS, FIELD_IF_UNMODIFIED_SINCE, WHEN);
	expect_field(CONDITION_PASS, FIELD_IF_UNMODIFIED_SINCE, AFTER);
}

static void
a_date_that_cannot_be_read_is_ignored(void **state)
{
	(void)state;
	expect_field(CONDITION_PASS, FIELD_IF_MODIFIED_SINCE, "yesterday");
	expect_field(CONDITION_PASS, FIELD_IF_UNMODIFIED_SINCE, "yesterday");
}

static void
tags_outweigh_dates(void **state)
{
	struct request r = { .method = "GET" };

	(void)state;
	r.field[FIELD_IF_NONE_MATCH] = "\"x\"";
	r.field[FIELD_IF_MODIFIED_SINCE] = AFTER;
	expect(CONDITION_PASS, &r);
	r.field[FIELD_IF_MATCH] = TAG;
	r.field[FIELD_IF_UNMODIFIED_SINCE] = BEFORE;
	expect(CONDITION_PASS, &r);
	r.field[FIELD_IF_NONE_MATCH] = TAG;
	expect(CONDITION_NOT_MODIFIED, &r);
	r.field[FIELD_IF_MATCH] = "\"x\"";
	expect(CONDITION_FAILED, &r);
}

static bool
range_holds(const char *if_range)
{
	struct request r = { .method = "GET" };

	r.field[FIELD_IF_RANGE] = if_range;
	return condition_range(&r, &file);
}

static void
if_range_wants_this_very_file(void **state)
{
	(void)state;
	assert_true(range_holds(TAG));
	assert_true(range_holds(WHEN));
	assert_false(range_holds("W/" TAG));
	assert_false(range_holds("\"x\""));
	assert_false(range_holds(BEFORE));
	assert_false(range_holds(AFTER));
	assert_false(range_holds(""));
}

static void
expect_date(int64_t seconds, const char *text)
{
	int64_t got = -1;

	assert_true(http_date_parse(text, &got));
	assert_int_equal(got, seconds);
}

static void
dates_are_read_in_all_three_forms(void **state)
{
	int64_t got;

	(void)state;
	expect_date(THEN, WHEN);
	expect_date(THEN, "Sunday, 06-Nov-94 08:49:37 GMT");
	expect_date(THEN, "Sun Nov  6 08:49:37 1994");
	expect_date(0, "Thu, 01 Jan 1970 00:00:00 GMT");
	expect_date(4294967296, "Sun, 07 Feb 2106 06:28:16 GMT");
	assert_false(http_date_parse("", &got));
	assert_false(http_date_parse(WHEN "x", &got));
	assert_false(http_date_parse("Sun, 06 Nov 1994", &got));
	assert_false(http_date_parse("784111777", &got));
}

static void
dates_are_written_in_the_one_form(void **state)
{
	char text[HTTP_DATE];

	(void)state;
	assert_string_equal(http_date_format(THEN, text), WHEN);
	assert_string_equal(http_date_format(0, text),
	    "Thu, 01 Jan 1970 00:00:00 GMT");
	assert_string_equal(http_date_format(253402300799, text),
	    "Fri, 31 Dec 9999 23:59:59 GMT");
	assert_string_equal(http_date_format(253402300800, text), "");
	assert_string_equal(http_date_format(INT64_MAX, text), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_condition_holds),
		cmocka_unit_test(if_none_match_compares_weakly),
		cmocka_unit_test(if_match_compares_strongly),
		cmocka_unit_test(dates_compare_by_the_second),
		cmocka_unit_test(a_date_that_cannot_be_read_is_ignored),
		cmocka_unit_test(tags_outweigh_dates),
		cmocka_unit_test(if_range_wants_this_very_file),
		cmocka_unit_test(dates_are_read_in_all_three_forms),
		cmocka_unit_test(dates_are_written_in_the_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
