/* SPDX-License-Identifier: ISC */
/* Tests of file handles. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/handle.h"

#include <string.h>

static struct handle
sample(unsigned depth)
{
	struct handle h;
	size_t i;

	memset(&h, 0, sizeof(h));
	h.export = handle_export_id("demo");
	h.depth = depth;
	if (depth > 0) {
		h.ino = UINT64_C(0x123456789abcdef0);
		h.check = 7;
	}
	for (i = 0; i < handle_levels(depth); i++)
		h.level[i] = (uint16_t)(i * 1001);
	return h;
}

static void
what_is_written_is_read_back_at_every_depth(void **state)
{
	uint8_t octets[HANDLE_MAX];
	struct handle h, back;
	unsigned depth;
	size_t len;

	(void)state;
	for (depth = 0; depth <= HANDLE_DEPTH_MAX; depth++) {
		h = sample(depth);
		len = handle_format(&h, octets);
		assert_true(len <= HANDLE_MAX);
		assert_true(handle_parse(&back, octets, len));
		assert_memory_equal(&h, &back, sizeof(h));
	}
}

static void
another_length_is_refused(void **state)
{
	uint8_t octets[HANDLE_MAX + 1] = { 0 };
	struct handle h = sample(5), back;
	size_t len = handle_format(&h, octets), wrong;

	(void)state;
	for (wrong = 0; wrong <= HANDLE_MAX; wrong++)
		if (wrong != len)
			assert_false(handle_parse(&back, octets, wrong));
}

static void
another_version_or_view_is_refused(void **state)
{
	uint8_t octets[HANDLE_MAX];
	struct handle h = sample(3), back;
	size_t len = handle_format(&h, octets);

	(void)state;
	octets[0] = 2;
	assert_false(handle_parse(&back, octets, len));
	octets[0] = 1;
	octets[3] = 1;
	assert_false(handle_parse(&back, octets, len));
}

static void
the_root_has_one_handle_whatever_its_inode(void **state)
{
	uint8_t a[HANDLE_MAX], b[HANDLE_MAX];
	struct handle h = sample(0), back;
	size_t len = handle_format(&h, a);

	(void)state;
	h.ino = 99;
	h.check = 98;
	assert_int_equal(handle_format(&h, b), len);
	assert_memory_equal(a, b, len);
	a[19] = 1;
	assert_false(handle_parse(&back, a, len));
}

static void
the_octets_are_fixed_for_ever(void **state)
{
	static const uint8_t want[] = {
		1, 3, 0, 0,
		0xa5, 0xe4, 0x1b, 0x67, 0x42, 0x76, 0xd3, 0x96,
		0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0,
		0, 0, 0, 7, 0, 0, 0x03, 0xe9,
	};
	uint8_t octets[HANDLE_MAX];
	struct handle h = sample(3);

	(void)state;
	assert_int_equal(handle_format(&h, octets), sizeof(want));
	assert_memory_equal(octets, want, sizeof(want));
	assert_int_equal(handle_level(2), 0x83e7);
	assert_int_equal(handle_check(1700000000, 5, 0100000),
	    0xf3642e7d);
}

static void
a_check_differs_by_birth_and_type_and_is_never_0(void **state)
{
	uint32_t check = handle_check(1000, 1, 0100000);

	(void)state;
	assert_int_not_equal(check, 0);
	assert_int_not_equal(check, handle_check(1001, 1, 0100000));
	assert_int_not_equal(check, handle_check(1000, 2, 0100000));
	assert_int_not_equal(check, handle_check(1000, 1, 0040000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back_at_every_depth),
		cmocka_unit_test(another_length_is_refused),
		cmocka_unit_test(another_version_or_view_is_refused),
		cmocka_unit_test(the_root_has_one_handle_whatever_its_inode),
		cmocka_unit_test(the_octets_are_fixed_for_ever),
		cmocka_unit_test(
		    a_check_differs_by_birth_and_type_and_is_never_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
