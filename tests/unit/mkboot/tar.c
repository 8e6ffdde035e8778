/* SPDX-License-Identifier: ISC */
/* tar headers, as other programs read them. */
#include "mkboot/tar.h"

#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

/* What tar(1) lists of an archive of just this member. */
static void
lists_as(const struct tar_member *m, const char *want)
{
	static const uint8_t end[2 * TAR_BLOCK];
	char file[] = "/tmp/tar.XXXXXX", command[64], line[8192] = "";
	uint8_t header[TAR_HEADER_MAX];
	size_t len = tar_header(m, header);
	int fd = mkstemp(file);
	FILE *list;

	assert_true(len > 0 && len % TAR_BLOCK == 0);
	assert_int_equal(write(fd, header, len), len);
	assert_int_equal(write(fd, end, sizeof(end)), sizeof(end));
	close(fd);
	snprintf(command, sizeof(command), "TZ=UTC tar tvf %s", file);
	list = popen(command, "r");
	assert_non_null(list);
	assert_non_null(fgets(line, sizeof(line), list));
	assert_int_equal(pclose(list), 0);
	unlink(file);
	line[strcspn(line, "\n")] = '\0';
	assert_string_equal(line, want);
}

static void
each_kind_of_member_is_read_by_tar(void **state)
{
	(void)state;
	lists_as(&(struct tar_member){ .path = "etc/motd",
	    .mode = S_IFREG | 0640, .uid = 5, .gid = 60 },
	    "-rw-r----- 5/60              0 1970-01-01 00:00 etc/motd");
	lists_as(&(struct tar_member){ .path = "etc", .mode = S_IFDIR | 01777 },
	    "drwxrwxrwt 0/0               0 1970-01-01 00:00 etc/");
	lists_as(&(struct tar_member){ .path = "a", .mode = S_IFLNK | 0777,
	    .target = "b/c" },
	    "lrwxrwxrwx 0/0               0 1970-01-01 00:00 a -> b/c");
	lists_as(&(struct tar_member){ .path = "null", .mode = S_IFCHR | 0666,
	    .major = 1, .minor = 3 },
	    "crw-rw-rw- 0/0             1,3 1970-01-01 00:00 null");
	lists_as(&(struct tar_member){ .path = "pipe",
	    .mode = S_IFIFO | 0600 },
	    "prw------- 0/0               0 1970-01-01 00:00 pipe");
}

static void
a_long_path_and_target_are_kept_whole(void **state)
{
	char path[1001], target[501], want[2000];

	(void)state;
	memset(path, 'p', sizeof(path) - 1);
	memset(target, 't', sizeof(target) - 1);
	path[500] = '/';
	path[sizeof(path) - 1] = target[sizeof(target) - 1] = '\0';
	snprintf(want, sizeof(want), "lrwxrwxrwx 0/0               0 "
	    "1970-01-01 00:00 %s -> %s", path, target);
	lists_as(&(struct tar_member){ .path = path, .mode = S_IFLNK | 0777,
	    .target = target }, want);
	/* Just as long as the field, which then ends without a NUL. */
	path[100] = '\0';
	snprintf(want, sizeof(want), "-rw-r--r-- 0/0               0 "
	    "1970-01-01 00:00 %s", path);
	lists_as(&(struct tar_member){ .path = path, .mode = S_IFREG | 0644 },
	    want);
}

static void
what_the_format_cannot_say_is_refused(void **state)
{
	uint8_t header[TAR_HEADER_MAX];

	(void)state;
	assert_int_equal(tar_header(&(struct tar_member){ .path = "s",
	    .mode = S_IFSOCK | 0600 }, header), 0);
	assert_int_equal(tar_header(&(struct tar_member){ .path = "s",
	    .mode = S_IFREG | 0600, .size = 1ULL << 33 }, header), 0);
	assert_int_equal(tar_header(&(struct tar_member){ .path = "s",
	    .mode = S_IFREG | 0600, .uid = 1 << 21 }, header), 0);
	assert_true(tar_header(&(struct tar_member){ .path = "s",
	    .mode = S_IFREG | 0600, .size = (1ULL << 33) - 1 }, header) > 0);
}

static void
padding_fills_the_last_block(void **state)
{
	(void)state;
	assert_int_equal(tar_padding(0), 0);
	assert_int_equal(tar_padding(1), 511);
	assert_int_equal(tar_padding(512), 0);
	assert_int_equal(tar_padding(513), 511);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_member_is_read_by_tar),
		cmocka_unit_test(a_long_path_and_target_are_kept_whole),
		cmocka_unit_test(what_the_format_cannot_say_is_refused),
		cmocka_unit_test(padding_fills_the_last_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
