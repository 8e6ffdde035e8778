/* SPDX-License-Identifier: ISC */
/* The cursors of common/wire.h. */
#include "tests/unit/unit.h"

#include "common/wire.h"

static void
reads_in_network_order(void **state)
{
	const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7 };
	struct wire_in w;

	(void)state;
	wire_in_init(&w, bytes, sizeof(bytes));
	assert_int_equal(wire_get_8(&w), 1);
	assert_int_equal(wire_get_n16(&w), 0x0203);
	assert_int_equal(wire_get_n32(&w), 0x04050607);
	assert_false(w.bad);
	assert_int_equal(w.left, 0);
}

static void
an_overrun_sticks_and_reads_zero(void **state)
{
	const uint8_t bytes[] = { 0xff, 0xff, 0xff };
	struct wire_in w;

	(void)state;
	wire_in_init(&w, bytes, sizeof(bytes));
	assert_int_equal(wire_get_n32(&w), 0);
	assert_true(w.bad);
	assert_int_equal(wire_get_8(&w), 0);
	assert_null(wire_get_span(&w, 1));
	assert_null(wire_get_span(&w, 0));
}

static void
a_length_near_the_top_of_size_t_is_an_overrun(void **state)
{
	const uint8_t bytes[4] = { 0 };
	struct wire_in w;

	(void)state;
	wire_in_init(&w, bytes, sizeof(bytes));
	assert_null(wire_get_span(&w, SIZE_MAX));
	assert_true(w.bad);
}

static void
a_string_needs_its_nul(void **state)
{
	struct wire_in w;

	(void)state;
	wire_in_init(&w, "ab\0cd", 5);
	assert_string_equal(wire_get_string(&w), "ab");
	assert_null(wire_get_string(&w));
	assert_true(w.bad);
}

static void
an_empty_packet_has_no_string(void **state)
{
	struct wire_in w;

	(void)state;
	wire_in_init(&w, NULL, 0);
	assert_null(wire_get_string(&w));
	assert_true(w.bad);
}

static void
a_write_that_does_not_fit_writes_nothing_more(void **state)
{
	uint8_t bytes[4] = { 9, 9, 9, 9 };
	struct wire_out w;

	(void)state;
	wire_out_init(&w, bytes, 3);
	wire_put_n16(&w, 0x0102);
	wire_put_n16(&w, 0x0304);
	wire_put_8(&w, 5);
	assert_true(w.bad);
	assert_int_equal(w.len, 2);
	assert_memory_equal(bytes, "\1\2\t\t", 4);
}

static void
a_string_is_written_with_its_nul(void **state)
{
	uint8_t bytes[4] = { 9, 9, 9, 9 };
	struct wire_out w;

	(void)state;
	wire_out_init(&w, bytes, sizeof(bytes));
	wire_put_string(&w, "abc");
	assert_false(w.bad);
	assert_memory_equal(bytes, "abc", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_in_network_order),
		cmocka_unit_test(an_overrun_sticks_and_reads_zero),
		cmocka_unit_test(a_length_near_the_top_of_size_t_is_an_overrun),
		cmocka_unit_test(a_string_needs_its_nul),
		cmocka_unit_test(an_empty_packet_has_no_string),
		cmocka_unit_test(a_write_that_does_not_fit_writes_nothing_more),
		cmocka_unit_test(a_string_is_written_with_its_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
