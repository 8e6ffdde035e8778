/* SPDX-License-Identifier: ISC */
/* The newc writer: octet for octet, its order, its limits. */
#include "tests/unit/unit.h"

#include "mkboot/cpio.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sink {
	char data[64 * 1024];
	size_t len;
	size_t fails_at;	/* refuses beyond this; 0: never */
};

static int
to_sink(void *context, const void *data, size_t len)
{
	struct sink *s = context;

	if ((s->fails_at != 0 && s->len + len > s->fails_at) ||
	    len > sizeof(s->data) - s->len) {
		errno = ENOSPC;
		return -1;
	}
	memcpy(s->data + s->len, data, len);
	s->len += len;
	return 0;
}

/* What stands at `at' in the archive, as the kernel's parse_header() reads. */
struct member {
	unsigned field[13];
	const char *name, *data;
	size_t next;
};

enum { INO, MODE, UID, GID, NLINK, MTIME, SIZE, MAJ, MIN, RMAJ, RMIN, NAME };

static struct member
member_at(const struct sink *s, size_t at)
{
	struct member m;
	char hex[9];
	size_t i;

	assert_true(at + 110 <= s->len);
	assert_int_equal(at % 4, 0);
	assert_memory_equal(s->data + at, "070701", 6);
	for (i = 0; i < 13; i++) {
		memcpy(hex, s->data + at + 6 + 8 * i, 8);
		hex[8] = '\0';
		m.field[i] = (unsigned)strtoul(hex, NULL, 16);
	}
	m.name = s->data + at + 110;
	assert_int_equal(strlen(m.name) + 1, m.field[NAME]);
	m.data = s->data + ((at + 110 + m.field[NAME] + 3) & ~(size_t)3);
	m.next = ((size_t)(m.data - s->data) + m.field[SIZE] + 3) & ~(size_t)3;
	return m;
}

static void
begin(struct cpio *c, struct sink *s)
{
	memset(s, 0, sizeof(*s));
	cpio_begin(c, to_sink, s, 1700000000);
}

static void
a_file_is_header_name_and_data_each_padded_to_four(void **state)
{
	static struct sink s;
	struct cpio c;
	struct member m;

	(void)state;
	begin(&c, &s);
	assert_int_equal(cpio_file(&c, "etc/hostname",
	    (struct cpio_attr){ 0640, 3, 4 }, "box\n1", 5), 0);
	assert_int_equal(cpio_end(&c), 0);
	m = member_at(&s, 0);
	assert_int_equal(m.field[INO], 721);
	assert_int_equal(m.field[MODE], S_IFREG | 0640);
	assert_int_equal(m.field[UID], 3);
	assert_int_equal(m.field[GID], 4);
	assert_int_equal(m.field[NLINK], 1);
	assert_int_equal(m.field[MTIME], 1700000000);
	assert_int_equal(m.field[SIZE], 5);
	assert_string_equal(m.name, "etc/hostname");
	assert_memory_equal(m.data, "box\n1\0\0\0", 8);
	m = member_at(&s, m.next);
	assert_string_equal(m.name, "TRAILER!!!");
}

static void
the_archive_ends_on_a_multiple_of_512(void **state)
{
	static struct sink s;
	struct cpio c;

	(void)state;
	begin(&c, &s);
	assert_int_equal(cpio_end(&c), 0);
	assert_int_equal(s.len, 512);
	assert_int_equal(c.written, 512);
}

static void
inodes_count_up_so_that_nothing_looks_linked(void **state)
{
	static struct sink s;
	struct cpio c;
	struct member m;

	(void)state;
	begin(&c, &s);
	cpio_dir(&c, "a", CPIO_ROOT(0755));
	cpio_symlink(&c, "b", CPIO_ROOT(0777), "a");
	cpio_node(&c, "c", CPIO_ROOT(0600), S_IFCHR, makedev(5, 1));
	assert_int_equal(cpio_end(&c), 0);
	m = member_at(&s, 0);
	assert_int_equal(m.field[INO], 721);
	assert_int_equal(m.field[MODE], S_IFDIR | 0755);
	m = member_at(&s, m.next);
	assert_int_equal(m.field[INO], 722);
	assert_int_equal(m.field[MODE], S_IFLNK | 0777);
	assert_memory_equal(m.data, "a", 1);
	m = member_at(&s, m.next);
	assert_int_equal(m.field[INO], 723);
	assert_int_equal(m.field[MODE], S_IFCHR | 0600);
	assert_int_equal(m.field[RMAJ], 5);
	assert_int_equal(m.field[RMIN], 1);
}

static void
parents_come_before_and_only_once(void **state)
{
	static const char *const expected[] = {
		"lib", "lib/modules", "lib/modules/x", "lib/y",
		"libz", "libz/w", "lib/modules/v", "TRAILER!!!"
	};
	static struct sink s;
	struct cpio c;
	struct member m = { .next = 0 };
	size_t i;

	(void)state;
	begin(&c, &s);
	cpio_parents(&c, "lib/modules/x");
	cpio_file(&c, "lib/modules/x", CPIO_ROOT(0644), "", 0);
	cpio_parents(&c, "lib/y");
	cpio_file(&c, "lib/y", CPIO_ROOT(0644), "", 0);
	cpio_dir(&c, "libz", CPIO_ROOT(0700));
	cpio_parents(&c, "libz/w");
	cpio_file(&c, "libz/w", CPIO_ROOT(0644), "", 0);
	cpio_parents(&c, "lib/modules/v");
	cpio_file(&c, "lib/modules/v", CPIO_ROOT(0644), "", 0);
	assert_int_equal(cpio_end(&c), 0);
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		m = member_at(&s, m.next);
		assert_string_equal(m.name, expected[i]);
	}
}

static void
a_file_is_copied_from_a_descriptor(void **state)
{
	static struct sink s;
	static char big[10000];
	struct cpio c;
	struct member m;
	int fd;

	(void)state;
	memset(big, 'q', sizeof(big));
	assert_int_not_equal(fd = memfd_create("cpio", 0), -1);
	assert_int_equal(write(fd, big, sizeof(big)), sizeof(big));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	begin(&c, &s);
	assert_int_equal(cpio_file_fd(&c, "big", CPIO_ROOT(0644), fd,
	    sizeof(big)), 0);
	assert_int_equal(cpio_end(&c), 0);
	m = member_at(&s, 0);
	assert_int_equal(m.field[SIZE], sizeof(big));
	assert_memory_equal(m.data, big, sizeof(big));
	close(fd);
}

static void
a_file_that_shrinks_while_read_fails_the_archive(void **state)
{
	static struct sink s;
	struct cpio c;
	int fd;

	(void)state;
	assert_int_not_equal(fd = memfd_create("cpio", 0), -1);
	assert_int_equal(write(fd, "abc", 3), 3);
	lseek(fd, 0, SEEK_SET);
	begin(&c, &s);
	assert_int_equal(cpio_file_fd(&c, "x", CPIO_ROOT(0644), fd, 4), -1);
	assert_int_equal(errno, EIO);
	assert_int_equal(cpio_file(&c, "y", CPIO_ROOT(0644), "", 0), -1);
	errno = 0;
	assert_int_equal(cpio_end(&c), -1);
	assert_int_equal(errno, EIO);
	close(fd);
}

static void
what_needs_more_than_32_bits_is_refused(void **state)
{
	static struct sink s;
	struct cpio c;

	(void)state;
	begin(&c, &s);
	assert_int_equal(cpio_file_fd(&c, "x", CPIO_ROOT(0644), -1,
	    INT64_C(0x100000000)), -1);
	assert_int_equal(errno, EFBIG);
	assert_int_equal(s.len, 0);
	cpio_end(&c);
	cpio_begin(&c, to_sink, &s, INT64_C(0x100000000));
	assert_int_equal(cpio_end(&c), -1);
	assert_int_equal(errno, EFBIG);
	cpio_begin(&c, to_sink, &s, -1);
	assert_int_equal(cpio_end(&c), -1);
}

static void
bad_paths_are_refused(void **state)
{
	static struct sink s;
	char longer[5000];
	struct cpio c;

	(void)state;
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	begin(&c, &s);
	assert_int_equal(cpio_dir(&c, "/etc", CPIO_ROOT(0755)), -1);
	assert_int_equal(errno, EINVAL);
	cpio_end(&c);
	begin(&c, &s);
	assert_int_equal(cpio_file(&c, "", CPIO_ROOT(0644), "", 0), -1);
	cpio_end(&c);
	begin(&c, &s);
	assert_int_equal(cpio_symlink(&c, "l", CPIO_ROOT(0777), ""), -1);
	assert_int_equal(errno, EINVAL);
	cpio_end(&c);
	begin(&c, &s);
	assert_int_equal(cpio_file(&c, longer, CPIO_ROOT(0644), "", 0), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	cpio_end(&c);
}

static void
the_sinks_error_is_the_archives(void **state)
{
	static struct sink s;
	struct cpio c;

	(void)state;
	begin(&c, &s);
	s.fails_at = 200;
	cpio_file(&c, "x", CPIO_ROOT(0644), s.data, 500);
	errno = 0;
	assert_int_equal(cpio_end(&c), -1);
	assert_int_equal(errno, ENOSPC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_file_is_header_name_and_data_each_padded_to_four),
		cmocka_unit_test(the_archive_ends_on_a_multiple_of_512),
		cmocka_unit_test(inodes_count_up_so_that_nothing_looks_linked),
		cmocka_unit_test(parents_come_before_and_only_once),
		cmocka_unit_test(a_file_is_copied_from_a_descriptor),
		cmocka_unit_test(
		    a_file_that_shrinks_while_read_fails_the_archive),
		cmocka_unit_test(what_needs_more_than_32_bits_is_refused),
		cmocka_unit_test(bad_paths_are_refused),
		cmocka_unit_test(the_sinks_error_is_the_archives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
