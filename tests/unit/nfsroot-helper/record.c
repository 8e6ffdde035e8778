/* SPDX-License-Identifier: ISC */
/* Tests of record marking. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/record.h"

#include <stdlib.h>
#include <string.h>

/* Feeds `len' octets and expects one answer. */
static enum record_state
feed(struct record *r, const void *octets, size_t len, const uint8_t **data,
    size_t *got)
{
	struct wire_in in;
	enum record_state state;

	wire_in_init(&in, octets, len);
	state = record_feed(r, &in, data, got);
	assert_int_equal(in.left, 0);
	return state;
}

static void
a_record_in_one_piece_is_not_copied(void **state)
{
	static const uint8_t octets[] = "\x80\0\0\5hello";
	const uint8_t *data;
	struct record r;
	size_t len;

	(void)state;
	record_init(&r);
	assert_int_equal(feed(&r, octets, 9, &data, &len), RECORD_WHOLE);
	assert_ptr_equal(data, octets + 4);
	assert_int_equal(len, 5);
	assert_null(r.buf);
}

static void
octets_may_come_one_by_one(void **state)
{
	static const uint8_t octets[] =
	    "\0\0\0\1h\0\0\0\1e\0\0\0\0\0\0\0\2ll\x80\0\0\1o";
	const size_t n = sizeof(octets) - 1;
	const uint8_t *data;
	struct record r;
	size_t len, i;

	(void)state;
	record_init(&r);
	for (i = 0; i + 1 < n; i++) {
		assert_int_equal(feed(&r, octets + i, 1, &data, &len),
		    RECORD_MORE);
		assert_true(record_begun(&r));
	}
	assert_int_equal(feed(&r, octets + i, 1, &data, &len), RECORD_WHOLE);
	assert_int_equal(len, 5);
	assert_memory_equal(data, "hello", 5);
	assert_false(record_begun(&r));
	record_free(&r);
}

static void
calls_may_be_pipelined(void **state)
{
	static const uint8_t octets[] =
	    "\x80\0\0\2ab\x80\0\0\0\x80\0\0\3cde\x80\0";
	static const char *const want[] = { "ab", "", "cde" };
	const uint8_t *data;
	struct wire_in in;
	struct record r;
	size_t len, i;

	(void)state;
	record_init(&r);
	wire_in_init(&in, octets, sizeof(octets) - 1);
	for (i = 0; i < 3; i++) {
		assert_int_equal(record_feed(&r, &in, &data, &len),
		    RECORD_WHOLE);
		assert_int_equal(len, strlen(want[i]));
		assert_memory_equal(data, want[i], len);
	}
	assert_int_equal(record_feed(&r, &in, &data, &len), RECORD_MORE);
	assert_true(record_begun(&r));
	record_free(&r);
}

static void
a_record_of_the_greatest_length_is_taken(void **state)
{
	static uint8_t octets[4 + RECORD_MAX];
	const uint8_t *data;
	struct record r;
	size_t len;

	(void)state;
	record_init(&r);
	record_put_mark(octets, RECORD_MAX);
	assert_int_equal(feed(&r, octets, 1000, &data, &len), RECORD_MORE);
	assert_int_equal(feed(&r, octets + 1000, sizeof(octets) - 1000, &data,
	    &len), RECORD_WHOLE);
	assert_int_equal(len, RECORD_MAX);
	record_free(&r);
}

static void
one_octet_more_is_too_long_in_one_fragment_or_two(void **state)
{
	static uint8_t octets[4 + RECORD_MAX + 4];
	struct wire_in in;
	const uint8_t *data;
	struct record r;
	size_t len;

	(void)state;
	record_init(&r);
	record_put_mark(octets, RECORD_MAX + 1);
	wire_in_init(&in, octets, sizeof(octets));
	assert_int_equal(record_feed(&r, &in, &data, &len), RECORD_TOO_LONG);
	record_free(&r);

	memcpy(octets, "\0\1\0\0", 4);
	memcpy(octets + 4 + RECORD_MAX, "\x80\0\0\1", 4);
	wire_in_init(&in, octets, sizeof(octets));
	assert_int_equal(record_feed(&r, &in, &data, &len), RECORD_TOO_LONG);
	record_free(&r);
}

static void
a_promise_takes_no_memory(void **state)
{
	static const uint8_t octets[] = "\x80\0\xff\xffxy";
	const uint8_t *data;
	struct record r;
	size_t len;

	(void)state;
	record_init(&r);
	assert_int_equal(feed(&r, octets, 6, &data, &len), RECORD_MORE);
	assert_true(r.size <= 1024);
	record_free(&r);
}

static void
trimming_spares_what_has_begun(void **state)
{
	const uint8_t *data;
	struct record r;
	size_t len;

	(void)state;
	record_init(&r);
	feed(&r, "\x80\0\0\4ab", 6, &data, &len);
	record_trim(&r);
	assert_int_equal(feed(&r, "cd", 2, &data, &len), RECORD_WHOLE);
	assert_memory_equal(data, "abcd", 4);
	record_trim(&r);
	assert_null(r.buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_in_one_piece_is_not_copied),
		cmocka_unit_test(octets_may_come_one_by_one),
		cmocka_unit_test(calls_may_be_pipelined),
		cmocka_unit_test(a_record_of_the_greatest_length_is_taken),
		cmocka_unit_test(
		    one_octet_more_is_too_long_in_one_fragment_or_two),
		cmocka_unit_test(a_promise_takes_no_memory),
		cmocka_unit_test(trimming_spares_what_has_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
