/* SPDX-License-Identifier: ISC */
/* Files in memory: shared while they are the same, and noticed when not. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tftpd/content.h"

static struct contents all;
static char path[] = "/tmp/pixie-test.XXXXXX";

static void
put(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static struct content *
get(bool netascii)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd != -1);
	assert_int_equal(fstat(fd, &st), 0);
	return content_open(&all, fd, &st, netascii);
}

static int
setup(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	close(fd);
	contents_open(&all);
	return fd == -1;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(path);
}

static void
the_same_file_is_there_once(void **state)
{
	struct content *a, *b;

	(void)state;
	put("text", 4);
	a = get(false);
	b = get(false);
	assert_ptr_equal(a, b);
	assert_int_equal(a->size, 4);
	content_close(&all, b);
	contents_trim(&all);
	assert_memory_equal(a->data, "text", 4);
	content_close(&all, a);
}

static void
a_file_written_to_is_another_one(void **state)
{
	struct content *a, *b;

	(void)state;
	put("old", 3);
	a = get(false);
	assert_false(content_changed(a));
	put("newer", 5);
	assert_true(content_changed(a));
	b = get(false);
	assert_ptr_not_equal(a, b);
	assert_int_equal(b->size, 5);
	content_close(&all, a);
	content_close(&all, b);
}

static void
an_empty_file_is_no_mapping(void **state)
{
	struct content *a;

	(void)state;
	put("", 0);
	a = get(false);
	assert_non_null(a);
	assert_null(a->data);
	content_close(&all, a);
}

static void
netascii_is_converted_within_bounds(void **state)
{
	struct content *a;
	char *big = calloc(1, CONTENT_NETASCII_MAX + 1);

	(void)state;
	put("a\nb", 3);
	a = get(true);
	assert_int_equal(a->size, 4);
	assert_memory_equal(a->data, "a\r\nb", 4);
	assert_int_equal(all.held, 4);
	content_close(&all, a);
	assert_int_equal(all.held, 0);
	assert_non_null(big);
	put(big, CONTENT_NETASCII_MAX + 1);
	assert_null(get(true));
	assert_int_equal(errno, EFBIG);
	free(big);
}

static void
converted_text_is_held_within_bounds(void **state)
{
	enum { FIT = CONTENT_HELD_MAX / CONTENT_NETASCII_MAX };
	struct content *c[FIT];
	char *big = malloc(CONTENT_NETASCII_MAX);
	size_t i;

	(void)state;
	assert_non_null(big);
	memset(big, 'x', CONTENT_NETASCII_MAX);
	put(big, CONTENT_NETASCII_MAX);
	free(big);
	for (i = 0; i < FIT; i++)
		assert_non_null(c[i] = get(true));
	assert_null(get(true));
	assert_int_equal(errno, ENOBUFS);
	for (i = 0; i < FIT; i++)
		content_close(&all, c[i]);
	assert_int_equal(all.held, 0);
}

/* Octets of mapped files that are in our resident memory: proc(5). */
static unsigned long
resident_of_files(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	unsigned long kb, sum = 0;
	char line[128];

	assert_non_null(f);
	/* Those of a tmpfs are counted apart. */
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "RssFile: %lu", &kb) == 1 ||
		    sscanf(line, "RssShmem: %lu", &kb) == 1)
			sum += kb;
	fclose(f);
	return sum * 1024;
}

static void
look_through(const struct content *c)
{
	volatile uint8_t octet;
	uint64_t i;

	for (i = 0; i < c->size; i += 4096)
		octet = c->data[i];
	(void)octet;
}

/* A file of this size is sent through; what then stays is the answer. */
static unsigned long
stays_resident(off_t size)
{
	struct content *c;
	unsigned long before, after;

	assert_int_equal(truncate(path, size), 0);
	c = get(false);
	before = resident_of_files();
	look_through(c);
	contents_trim(&all);
	after = resident_of_files();
	assert_int_equal(all.mapped, size);
	content_close(&all, c);
	assert_int_equal(all.mapped, 0);
	return after < before ? 0 : after - before;
}

static void
only_large_files_are_given_up_by_a_trim(void **state)
{
	(void)state;
	assert_in_range(stays_resident(2 * 1024 * 1024), 1024 * 1024,
	    4 * 1024 * 1024);
	assert_in_range(stays_resident(16 * 1024 * 1024), 0, 1024 * 1024);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_file_is_there_once),
		cmocka_unit_test(a_file_written_to_is_another_one),
		cmocka_unit_test(an_empty_file_is_no_mapping),
		cmocka_unit_test(netascii_is_converted_within_bounds),
		cmocka_unit_test(converted_text_is_held_within_bounds),
		cmocka_unit_test(only_large_files_are_given_up_by_a_trim),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
