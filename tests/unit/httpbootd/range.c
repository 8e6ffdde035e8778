/* SPDX-License-Identifier: ISC */
/* The Range field (RFC 9110 section 14). */
#include "tests/unit/unit.h"

#include "httpbootd/range.h"

static void
expect_one(const char *field, uint64_t size, uint64_t first, uint64_t length)
{
	struct span span = { 0 };

	assert_int_equal(range_parse(field, size, &span), RANGE_ONE);
	assert_int_equal(span.first, first);
	assert_int_equal(span.length, length);
}

static void
expect(enum range range, const char *field, uint64_t size)
{
	struct span span = { 0 };

	assert_int_equal(range_parse(field, size, &span), range);
}

static void
one_range_is_cut_to_the_file(void **state)
{
	(void)state;
	expect_one("bytes=0-0", 10, 0, 1);
	expect_one("bytes=2-5", 10, 2, 4);
	expect_one("bytes=2-", 10, 2, 8);
	expect_one("bytes=2-9", 10, 2, 8);
	expect_one("bytes=2-10", 10, 2, 8);
	expect_one("bytes=9-99999999999999999999999", 10, 9, 1);
	expect_one("bytes=0-18446744073709551616", 10, 0, 10);
	expect_one("BYTES=0-0", 10, 0, 1);
	expect_one("bytes= 0-0 ", 10, 0, 1);
}

static void
a_suffix_counts_from_the_end(void **state)
{
	(void)state;
	expect_one("bytes=-1", 10, 9, 1);
	expect_one("bytes=-10", 10, 0, 10);
	expect_one("bytes=-11", 10, 0, 10);
	expect_one("bytes=-99999999999999999999999", 10, 0, 10);
}

static void
ranges_past_4_gib_and_to_the_last_octet_of_all_are_exact(void **state)
{
	(void)state;
	expect_one("bytes=5368709115-", 5368709120, 5368709115, 5);
	expect_one("bytes=-1", UINT64_MAX, UINT64_MAX - 1, 1);
	expect_one("bytes=18446744073709551614-", UINT64_MAX, UINT64_MAX - 1,
	    1);
}

static void
a_range_behind_the_end_cannot_be_satisfied(void **state)
{
	(void)state;
	expect(RANGE_UNSATISFIABLE, "bytes=10-", 10);
	expect(RANGE_UNSATISFIABLE, "bytes=10-20", 10);
	expect(RANGE_UNSATISFIABLE, "bytes=99999999999999999999999-", 10);
	/* Two to the 64th, and one more. */
	expect(RANGE_UNSATISFIABLE, "bytes=18446744073709551616-", 10);
	expect(RANGE_UNSATISFIABLE, "bytes=18446744073709551617-", 10);
	expect(RANGE_UNSATISFIABLE, "bytes=-0", 10);
	expect(RANGE_UNSATISFIABLE, "bytes=0-", 0);
}

static void
an_empty_file_has_no_last_octets_and_comes_whole(void **state)
{
	(void)state;
	expect(RANGE_WHOLE, "bytes=-5", 0);
}

static void
what_is_no_single_range_of_octets_means_the_whole_file(void **state)
{
	static const char *const fields[] = {
		"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1",
		"bytes=5-2", "bytes=0-1,3-4", "bytes=0-1,", "bytes=,0-1",
		"lines=0-1", "bytes=0x0-1", "bytes=+0-1", "bytes=0--1",
		"bytes=0-1x", "bytes 0-1", "bytes=0 -1",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		expect(RANGE_WHOLE, fields[i], 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_range_is_cut_to_the_file),
		cmocka_unit_test(a_suffix_counts_from_the_end),
		cmocka_unit_test(
		    ranges_past_4_gib_and_to_the_last_octet_of_all_are_exact),
		cmocka_unit_test(a_range_behind_the_end_cannot_be_satisfied),
		cmocka_unit_test(
		    an_empty_file_has_no_last_octets_and_comes_whole),
		cmocka_unit_test(
		    what_is_no_single_range_of_octets_means_the_whole_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
