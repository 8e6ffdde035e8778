/* SPDX-License-Identifier: ISC */
/* Tests of the index from inodes to folders. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/index.h"

enum { ROOT = 2 };

static void
the_way_to_a_file_goes_by_its_folders(void **state)
{
	uint64_t way[INDEX_DEPTH_MAX];
	struct index x;
	size_t first;

	(void)state;
	index_init(&x);
	assert_true(index_add(&x, 40, 30));
	assert_true(index_add(&x, 30, 20));
	assert_true(index_add(&x, 20, ROOT));
	index_sort(&x);
	assert_int_equal(index_find(&x, 40, &first), 1);
	assert_int_equal(index_way(&x, first, ROOT, way), 3);
	assert_int_equal(way[0], 20);
	assert_int_equal(way[1], 30);
	assert_int_equal(way[2], 40);
	assert_int_equal(index_find(&x, 35, &first), 0);
	index_free(&x);
}

static void
each_hard_link_is_found(void **state)
{
	struct index x;
	size_t first;

	(void)state;
	index_init(&x);
	index_add(&x, 50, 3);
	index_add(&x, 50, ROOT);
	index_add(&x, 51, ROOT);
	index_sort(&x);
	assert_int_equal(index_find(&x, 50, &first), 2);
	assert_int_equal(x.entry[first].folder, ROOT);
	assert_int_equal(x.entry[first + 1].folder, 3);
	index_free(&x);
}

static void
a_lost_or_circular_way_ends(void **state)
{
	uint64_t way[INDEX_DEPTH_MAX];
	struct index x;
	size_t first;

	(void)state;
	index_init(&x);
	index_add(&x, 10, 11);
	index_add(&x, 11, 10);
	index_add(&x, 12, 99);
	index_sort(&x);
	assert_int_equal(index_find(&x, 10, &first), 1);
	assert_int_equal(index_way(&x, first, ROOT, way), 0);
	assert_int_equal(index_find(&x, 12, &first), 1);
	assert_int_equal(index_way(&x, first, ROOT, way), 0);
	index_free(&x);
}

static void
an_empty_index_has_nothing(void **state)
{
	struct index x;
	size_t first;

	(void)state;
	index_init(&x);
	index_sort(&x);
	assert_int_equal(index_find(&x, 1, &first), 0);
	index_free(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_to_a_file_goes_by_its_folders),
		cmocka_unit_test(each_hard_link_is_found),
		cmocka_unit_test(a_lost_or_circular_way_ends),
		cmocka_unit_test(an_empty_index_has_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
