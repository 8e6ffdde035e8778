/* SPDX-License-Identifier: ISC */
/* Revisions of an image. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/revision.h"

static void
a_revision_is_told_by_the_number_behind_the_name(void **state)
{
	char name[REVISION_SIZE];

	(void)state;
	revision_name("debian", 12, name);
	assert_string_equal(name, "debian@12");
	assert_int_equal(revision_number("debian", name), 12);
	revision_name("debian", 0, name);
	assert_string_equal(name, "debian");
	assert_int_equal(revision_number("debian", name), 0);
}

static void
what_only_looks_like_one_is_none(void **state)
{
	static const char *const none[] = {
		"", "debian", "debian@", "debian@0", "debian@01", "debian@+1",
		"debian@ 1", "debian@1x", "debian@-1", "debian2@1",
		"debia@1", "debian@4294967296", ".debian@1", "x/debian@1"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(revision_number("debian", none[i]), 0);
}

static void
the_link_says_which_is_booted_and_numbers_sort_as_numbers(void **state)
{
	static const char *const folders[] = { "pub", "pub/image",
	    "pub/image/a@2", "pub/image/a@10", "pub/image/ab@99",
	    "pub/image/a@1" };
	char dir[] = "/tmp/revision.XXXXXX";
	struct strings list = { NULL, 0 };
	size_t i;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdirat(fd, folders[i], 0755), 0);
	assert_int_equal(revision_current(fd, "a"), 0);
	assert_int_equal(symlinkat("a@2", fd, "pub/image/a"), 0);
	assert_int_equal(revision_current(fd, "a"), 2);
	assert_int_equal(revision_current(fd, "a@2"), 0);
	assert_int_equal(revision_highest(fd, "pub/image", "a"), 10);
	assert_int_equal(revision_highest(fd, "root", "a"), 0);
	assert_int_equal(revision_list(fd, "pub/image", "a", &list), 0);
	assert_int_equal(list.n, 3);
	assert_string_equal(list.at[0], "a@1");
	assert_string_equal(list.at[2], "a@10");
	strings_free(&list);
	assert_int_equal(unlinkat(fd, "pub/image/a", 0), 0);
	for (i = sizeof(folders) / sizeof(folders[0]); i > 0; i--)
		assert_int_equal(unlinkat(fd, folders[i - 1], AT_REMOVEDIR),
		    0);
	close(fd);
	assert_int_equal(rmdir(dir), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_revision_is_told_by_the_number_behind_the_name),
		cmocka_unit_test(what_only_looks_like_one_is_none),
		cmocka_unit_test(
		    the_link_says_which_is_booted_and_numbers_sort_as_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
