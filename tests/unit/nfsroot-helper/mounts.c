/* SPDX-License-Identifier: ISC */
/* Tests of the list of mounts. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/mounts.h"

#include <stdio.h>

static void
a_first_read_is_one_for_each_mount(void **state)
{
	struct mounts m;

	(void)state;
	mounts_init(&m);
	mounts_add(&m, "10.0.0.1", "/demo");
	assert_true(mounts_first_read(&m, "10.0.0.1", "demo"));
	assert_false(mounts_first_read(&m, "10.0.0.1", "demo"));
	assert_true(mounts_first_read(&m, "10.0.0.2", "demo"));
	mounts_add(&m, "10.0.0.1", "/demo");
	assert_int_equal(m.n, 2);
	assert_true(mounts_first_read(&m, "10.0.0.1", "demo"));
	mounts_free(&m);
}

static void
a_folder_below_belongs_to_its_export_alone(void **state)
{
	struct mounts m;

	(void)state;
	mounts_init(&m);
	mounts_add(&m, "h", "/demo/usr");
	assert_true(mounts_first_read(&m, "h", "dem"));
	assert_true(mounts_first_read(&m, "h", "demo"));
	assert_false(mounts_first_read(&m, "h", "demo"));
	assert_int_equal(m.n, 2);
	mounts_free(&m);
}

static void
what_is_unmounted_is_gone(void **state)
{
	struct mounts m;

	(void)state;
	mounts_init(&m);
	mounts_add(&m, "a", "/x");
	mounts_add(&m, "a", "/y");
	mounts_add(&m, "b", "/x");
	assert_true(mounts_remove(&m, "a", "/x"));
	assert_false(mounts_remove(&m, "a", "/x"));
	assert_int_equal(mounts_remove_host(&m, "a"), 1);
	assert_int_equal(m.n, 1);
	mounts_free(&m);
}

static void
the_list_is_bounded_and_the_oldest_goes(void **state)
{
	struct mounts m;
	char host[32];
	size_t i;

	(void)state;
	mounts_init(&m);
	for (i = 0; i <= MOUNTS_MAX; i++) {
		snprintf(host, sizeof(host), "host%zu", i);
		mounts_add(&m, host, "/x");
	}
	assert_int_equal(m.n, MOUNTS_MAX);
	assert_false(mounts_remove(&m, "host0", "/x"));
	assert_true(mounts_remove(&m, "host1", "/x"));
	mounts_free(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_read_is_one_for_each_mount),
		cmocka_unit_test(a_folder_below_belongs_to_its_export_alone),
		cmocka_unit_test(what_is_unmounted_is_gone),
		cmocka_unit_test(the_list_is_bounded_and_the_oldest_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
