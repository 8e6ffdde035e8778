/* SPDX-License-Identifier: ISC */
/* One tree laid over another, on disk. */
#include "tests/unit/unit.h"

#include "mkboot/init/lay.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct trees {
	char base[32], from[64], to[64];
};

/* What failed() was told last; it has no other argument to tell it by. */
static char failed_path[PATH_MAX];
static int failures;

static void
failed(const char *path, int error)
{
	assert_int_not_equal(error, 0);
	snprintf(failed_path, sizeof(failed_path), "%s", path);
	failures++;
}

static void
shell(const char *directory, const char *command)
{
	char line[1024];

	snprintf(line, sizeof(line), "cd %s && %s", directory, command);
	assert_int_equal(system(line), 0);
}

static int
make_trees(void **state)
{
	struct trees *t;

	assert_non_null(t = calloc(1, sizeof(*t)));
	strcpy(t->base, "/tmp/lay.XXXXXX");
	assert_non_null(mkdtemp(t->base));
	snprintf(t->from, sizeof(t->from), "%s/from", t->base);
	snprintf(t->to, sizeof(t->to), "%s/to", t->base);
	assert_int_equal(mkdir(t->from, 0755), 0);
	assert_int_equal(mkdir(t->to, 0755), 0);
	failures = 0;
	*state = t;
	return 0;
}

static int
remove_trees(void **state)
{
	struct trees *t = *state;

	shell("/tmp", "true");
	shell(t->base, "chmod -R u+rwx . && rm -r from to");
	assert_int_equal(rmdir(t->base), 0);
	free(t);
	return 0;
}

static void
files_folders_and_links_keep_modes_and_times(void **state)
{
	const struct trees *t = *state;

	shell(t->from, "mkdir -p a/b && echo text >a/b/f && chmod 640 a/b/f "
	    "&& touch -d @1000000000 a/b/f && ln -s ../x a/l && "
	    "mkfifo -m 600 a/p && chmod 2750 a && touch -d @999999999 a");
	assert_int_equal(lay_tree(t->from, t->to, failed), 5);
	assert_int_equal(failures, 0);
	shell(t->to, "test \"$(cat a/b/f)\" = text");
	shell(t->to, "test \"$(stat -c %a.%Y a/b/f)\" = 640.1000000000");
	shell(t->to, "test \"$(readlink a/l)\" = ../x");
	shell(t->to, "test -p a/p && test \"$(stat -c %a.%Y a)\" = "
	    "2750.999999999");
}

static void
what_stands_in_the_way_is_replaced(void **state)
{
	const struct trees *t = *state;

	shell(t->to, "echo long long old text >f && ln -s f l && "
	    "ln -s nowhere d && echo kept >other");
	shell(t->from, "echo new >f && echo plain >l && ln -s f d");
	assert_int_equal(lay_tree(t->from, t->to, failed), 3);
	shell(t->to, "test \"$(cat f)\" = new && test ! -L l && "
	    "test \"$(cat l)\" = plain && test \"$(readlink d)\" = f && "
	    "test \"$(cat other)\" = kept");
}

static void
a_folder_is_replaced_by_nothing_and_the_rest_goes_on(void **state)
{
	const struct trees *t = *state;

	shell(t->to, "mkdir etc && echo kept >etc/x");
	shell(t->from, "echo file >etc && echo more >more");
	assert_int_equal(lay_tree(t->from, t->to, failed), 1);
	assert_int_equal(failures, 1);
	assert_string_equal(failed_path, "/etc");
	shell(t->to, "test \"$(cat etc/x)\" = kept && "
	    "test \"$(cat more)\" = more");
}

static void
a_folder_that_is_there_stays_as_it_is(void **state)
{
	const struct trees *t = *state;

	shell(t->to, "mkdir -m 700 root && echo file >home");
	shell(t->from, "mkdir -m 755 root && echo key >root/key && "
	    "mkdir -m 751 home && echo x >home/x");
	assert_int_equal(lay_tree(t->from, t->to, failed), 4);
	shell(t->to, "test \"$(stat -c %a root)\" = 700 && test -f root/key");
	shell(t->to, "test \"$(stat -c %a home)\" = 751 && test -f home/x");
}

static void
links_of_the_root_are_followed_inside_it(void **state)
{
	const struct trees *t = *state;

	shell(t->to, "mkdir -p usr/lib run && ln -s usr/lib lib && mkdir var "
	    "&& ln -s /run var/run");
	shell(t->from, "mkdir -p lib var/run && echo 1 >lib/one && "
	    "echo 2 >var/run/lay-test-two");
	assert_int_equal(lay_tree(t->from, t->to, failed), 5);
	shell(t->to, "test -L lib && test \"$(cat usr/lib/one)\" = 1 && "
	    "test \"$(cat run/lay-test-two)\" = 2 && "
	    "test ! -e /run/lay-test-two");
}

static void
no_link_of_the_root_leads_out_of_it(void **state)
{
	const struct trees *t = *state;

	shell(t->base, "mkdir to/sub && ln -s ../../../../../../tmp to/sub/d");
	shell(t->from, "mkdir -p sub/d && echo x >sub/d/lay-test-out");
	lay_tree(t->from, t->to, failed);
	shell(t->to, "test ! -e /tmp/lay-test-out");
	assert_int_equal(failures, 1);
	assert_string_equal(failed_path, "/sub/d");
}

static void
a_tree_that_is_not_there_is_told_apart(void **state)
{
	const struct trees *t = *state;

	assert_int_equal(lay_tree("/nonexistent/lay", t->to, failed), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(lay_tree(t->from, t->to, failed), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    files_folders_and_links_keep_modes_and_times,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    what_stands_in_the_way_is_replaced,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    a_folder_is_replaced_by_nothing_and_the_rest_goes_on,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    a_folder_that_is_there_stays_as_it_is,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    links_of_the_root_are_followed_inside_it,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    no_link_of_the_root_leads_out_of_it,
		    make_trees, remove_trees),
		cmocka_unit_test_setup_teardown(
		    a_tree_that_is_not_there_is_told_apart,
		    make_trees, remove_trees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
