/* SPDX-License-Identifier: ISC */
/* httpbootd: files that are open, who shares them, and how many. */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "httpbootd/held.h"

#define FILES 6

static struct held_table table;
static char boot[] = "/tmp/held.XXXXXX";

static void
write_file(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "pub/%s", name);
	fd = openat(table.bootfd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, name, strlen(name)), strlen(name));
	close(fd);
}

static int
make_boot(void **state)
{
	char name[2] = "a";

	(void)state;
	if (mkdtemp(boot) == NULL)
		return -1;
	table.bootfd = open(boot, O_RDONLY | O_DIRECTORY);
	if (table.bootfd == -1 || mkdirat(table.bootfd, "pub", 0755) == -1)
		return -1;
	for (; *name < 'a' + FILES; (*name)++)
		write_file(name);
	return 0;
}

static int
remove_boot(void **state)
{
	char path[] = "pub/a";

	(void)state;
	for (; path[4] < 'a' + FILES; path[4]++)
		unlinkat(table.bootfd, path, 0);
	unlinkat(table.bootfd, "pub", AT_REMOVEDIR);
	close(table.bootfd);
	return rmdir(boot);
}

static int
empty(void **state)
{
	(void)state;
	held_expire(&table, INT64_MAX);
	assert_int_equal(table.open, 0);
	table.room = FILES;
	return 0;
}

static void
who_asks_for_the_same_file_shares_it(void **state)
{
	struct held *one = held_get(&table, "a", NULL, 0);
	struct held *two = held_get(&table, "a", NULL, 0);

	(void)state;
	assert_int_equal(one->lookup.found.reason, REASON_WHOLE);
	assert_ptr_equal(one, two);
	assert_int_equal(table.open, 1);
	held_put(one);
	held_put(two);
}

static void
a_name_without_a_file_takes_no_room(void **state)
{
	struct held *none = held_get(&table, "none", NULL, 0);

	(void)state;
	assert_int_equal(none->lookup.found.reason, REASON_NOT_FOUND);
	assert_int_equal(table.open, 0);
	held_put(none);
	assert_int_equal(table.open, 0);
}

static void
past_the_room_a_file_is_not_opened(void **state)
{
	struct held *one, *two;

	(void)state;
	table.room = 1;
	one = held_get(&table, "a", NULL, 0);
	two = held_get(&table, "b", NULL, 0);
	assert_int_equal(two->lookup.found.reason, REASON_BUSY);
	assert_int_equal(two->lookup.fd, -1);
	assert_int_equal(table.open, 1);
	held_put(two);
	held_put(one);
}

static void
what_nobody_uses_makes_room(void **state)
{
	struct held *one, *two;

	(void)state;
	table.room = 1;
	one = held_get(&table, "a", NULL, 0);
	held_put(one);
	assert_int_equal(table.open, 1);
	two = held_get(&table, "b", NULL, 0);
	assert_int_equal(two->lookup.found.reason, REASON_WHOLE);
	assert_int_equal(table.open, 1);
	held_put(two);
}

static void
what_is_open_is_given_where_there_is_no_room(void **state)
{
	struct held *one, *two;

	(void)state;
	table.room = 1;
	one = held_get(&table, "a", NULL, 0);
	table.room = 0;
	two = held_get(&table, "a", NULL, 0);
	assert_ptr_equal(one, two);
	held_put(one);
	held_put(two);
}

/* Longer than what is copied. */
static void
make_long(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "pub/%s", name);
	fd = openat(table.bootfd, path, O_WRONLY);
	assert_int_equal(ftruncate(fd, HELD_COPY_MAX + 1), 0);
	close(fd);
}

static void
what_is_small_is_copied_as_it_was_opened(void **state)
{
	struct held *small, *big;

	(void)state;
	make_long("b");
	small = held_get(&table, "a", NULL, 0);
	big = held_get(&table, "b", NULL, 0);
	assert_memory_equal(small->copy, "a", 1);
	assert_null(big->copy);
	held_put(small);
	held_put(big);
}

static void
what_is_private_is_not_copied(void **state)
{
	struct held *one;

	(void)state;
	assert_int_equal(fchmodat(table.bootfd, "pub/c", 0640, 0), 0);
	one = held_get(&table, "c", NULL, 0);
	assert_null(one->copy);
	assert_false(one->is_shared);
	held_put(one);
	assert_int_equal(fchmodat(table.bootfd, "pub/c", 0644, 0), 0);
}

static void
a_descriptor_is_lent_while_half_of_them_are_free(void **state)
{
	struct held *one = held_get(&table, "a", NULL, 0);
	int first, second;

	(void)state;
	table.room = 4;
	first = held_lend(one);
	second = held_lend(one);
	assert_int_not_equal(first, -1);
	assert_int_equal(second, -1);
	assert_int_equal(table.open, 2);
	close(first);
	held_returned(&table);
	assert_int_equal(table.open, 1);
	held_put(one);
}

static void
a_file_that_was_written_to_is_seen_at_the_next_look(void **state)
{
	struct held *one = held_get(&table, "d", NULL, 0);

	(void)state;
	table.looked_ms = 0;
	assert_false(held_look(&table, HELD_LOOK_MS));
	assert_false(one->altered);
	make_long("d");
	assert_false(held_look(&table, 2 * HELD_LOOK_MS - 1));
	assert_true(held_look(&table, 2 * HELD_LOOK_MS));
	assert_true(one->altered);
	held_put(one);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(who_asks_for_the_same_file_shares_it,
		    empty),
		cmocka_unit_test_setup(a_name_without_a_file_takes_no_room,
		    empty),
		cmocka_unit_test_setup(past_the_room_a_file_is_not_opened,
		    empty),
		cmocka_unit_test_setup(what_nobody_uses_makes_room, empty),
		cmocka_unit_test_setup(
		    what_is_open_is_given_where_there_is_no_room, empty),
		cmocka_unit_test_setup(
		    what_is_small_is_copied_as_it_was_opened, empty),
		cmocka_unit_test_setup(what_is_private_is_not_copied, empty),
		cmocka_unit_test_setup(
		    a_descriptor_is_lent_while_half_of_them_are_free, empty),
		cmocka_unit_test_setup(
		    a_file_that_was_written_to_is_seen_at_the_next_look, empty),
	};

	return cmocka_run_group_tests(tests, make_boot, remove_boot);
}
