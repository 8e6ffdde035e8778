/* SPDX-License-Identifier: ISC */
/* Extended attributes: written by mkboot, read by /init. */
#include "tests/unit/unit.h"

#include "mkboot/init/restore.h"
#include "mkboot/xattrs.h"

#include <sys/xattr.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
lines_are_attributes_of_the_path_before_them(void **state)
{
	struct restore r = { .text =
	    "# file: usr/bin/ping\n"
	    "security.capability=0x0100ff\n"
	    "user.a=0x\n"
	    "\n"
	    "# file: a\\040b\\134\\303\\266\n"
	    "user.b=0x61\n" };

	(void)state;
	assert_true(restore_next(&r));
	assert_string_equal(r.path, "usr/bin/ping");
	assert_string_equal(r.name, "security.capability");
	assert_int_equal(r.len, 3);
	assert_memory_equal(r.value, "\1\0\xff", 3);
	assert_true(restore_next(&r));
	assert_string_equal(r.name, "user.a");
	assert_int_equal(r.len, 0);
	assert_true(restore_next(&r));
	assert_string_equal(r.path, "a b\\\303\266");
	assert_memory_equal(r.value, "a", 1);
	assert_false(restore_next(&r));
}

static void
what_is_no_good_is_skipped(void **state)
{
	struct restore r = { .text =
	    "user.none=0x61\n"
	    "# file: bad\\09\n"
	    "user.bad=0x61\n"
	    "# file: good\n"
	    "user.odd=0x616\n"
	    "user.hex=0xzz\n"
	    "user.plain=abc\n"
	    "=0x61\n"
	    "user.good=0x62" };

	(void)state;
	assert_true(restore_next(&r));
	assert_string_equal(r.path, "good");
	assert_string_equal(r.name, "user.good");
	assert_false(restore_next(&r));
}

static void
what_a_file_has_comes_back(void **state)
{
	char path[] = "/var/tmp/pixie-test.XXXXXX";
	struct xattrs x = { NULL, 0 };
	struct restore r;
	int fd;

	(void)state;
	fd = mkstemp(path);
	assert_int_not_equal(fd, -1);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(xattrs_add(&x, fd, "nothing"), 0);
	assert_int_equal(x.len, 0);
	if (fsetxattr(fd, "user.second", "\0b", 2, 0) == -1) {
		/* A file system without: then there is nothing to lose. */
		assert_true(errno == ENOTSUP || errno == EPERM);
		close(fd);
		return;
	}
	assert_int_equal(fsetxattr(fd, "user.first", "a", 1, 0), 0);
	assert_int_equal(xattrs_add(&x, fd, "etc/a b"), 0);
	assert_string_equal(x.text, "# file: etc/a\\040b\n"
	    "user.first=0x61\nuser.second=0x0062\n\n");
	r.text = x.text;
	assert_true(restore_next(&r));
	assert_string_equal(r.path, "etc/a b");
	assert_string_equal(r.name, "user.first");
	assert_true(restore_next(&r));
	assert_int_equal(r.len, 2);
	assert_memory_equal(r.value, "\0b", 2);
	xattrs_free(&x);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_attributes_of_the_path_before_them),
		cmocka_unit_test(what_is_no_good_is_skipped),
		cmocka_unit_test(what_a_file_has_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
