/* SPDX-License-Identifier: ISC */
/* The newc reader beside the writer, and what it makes of two archives. */
#include "tests/unit/unit.h"

#include "mkboot/cpio.h"
#include "mkboot/manifest.h"
#include "mkboot/newc.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
	char data[32 * 1024];
	size_t len;
};

static int
to_bytes(void *context, const void *data, size_t len)
{
	struct bytes *b = context;

	assert_true(len <= sizeof(b->data) - b->len);
	memcpy(b->data + b->len, data, len);
	b->len += len;
	return 0;
}

static void
write_archive(struct bytes *b, const char *hello)
{
	struct cpio c;

	cpio_begin(&c, to_bytes, b, 0);
	cpio_dir(&c, "d", CPIO_ROOT(0755));
	cpio_file(&c, "d/empty", CPIO_ROOT(0644), "", 0);
	cpio_file(&c, "d/hello", CPIO_ROOT(0755), hello, strlen(hello));
	cpio_node(&c, "null", CPIO_ROOT(0666), S_IFCHR, makedev(1, 3));
	cpio_symlink(&c, "z", CPIO_ROOT(0777), "d/hello");
	assert_int_equal(cpio_end(&c), 0);
}

static void
list(struct manifest *m, const struct bytes *b, size_t piece)
{
	struct newc n;
	size_t at, len;

	assert_int_equal(manifest_begin(m), 0);
	newc_begin(&n, &manifest_calls, m);
	for (at = 0; at < b->len; at += len) {
		len = b->len - at < piece ? b->len - at : piece;
		assert_int_equal(newc_feed(&n, b->data + at, len), len);
	}
	assert_true(newc_complete(&n));
	manifest_settle(m);
}

static void
what_the_writer_writes_is_read_in_pieces_of_any_size(void **state)
{
	static struct bytes b;
	struct manifest m;
	size_t piece;

	(void)state;
	b.len = 0;
	write_archive(&b, "hello\n");
	for (piece = 1; piece < 300; piece += 7) {
		list(&m, &b, piece);
		assert_int_equal(m.n, 5);
		assert_string_equal(m.entry[0].path, "d");
		assert_string_equal(m.entry[2].path, "d/hello");
		assert_int_equal(m.entry[2].size, 6);
		/* sha256sum's word. */
		assert_string_equal(m.entry[2].digest, "5891b5b522d5df086d0ff0"
		    "b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
		assert_int_equal(m.entry[3].rmajor, 1);
		assert_int_equal(m.entry[3].rminor, 3);
		assert_string_equal(m.entry[4].target, "d/hello");
		manifest_free(&m);
	}
}

static void
of_archives_in_a_row_the_last_one_counts(void **state)
{
	static struct bytes b;
	struct manifest m;

	(void)state;
	b.len = 0;
	write_archive(&b, "first");
	write_archive(&b, "second");
	list(&m, &b, 4096);
	assert_int_equal(m.n, 5);
	assert_int_equal(m.entry[2].size, 6);
	manifest_free(&m);
}

static void
reading_stops_where_something_compressed_begins(void **state)
{
	static struct bytes b;
	struct manifest m;
	struct newc n;
	size_t len;

	(void)state;
	b.len = 0;
	write_archive(&b, "x");
	len = b.len;
	memcpy(b.data + b.len, "\x28\xb5\x2f\xfd....", 8);
	b.len += 8;
	assert_int_equal(manifest_begin(&m), 0);
	newc_begin(&n, &manifest_calls, &m);
	assert_int_equal(newc_feed(&n, b.data, b.len), len);
	manifest_free(&m);
}

static void
a_bad_header_is_refused(void **state)
{
	static struct bytes b;
	static const size_t at[] = { 5, 14, 54, 96, 97 };
	struct manifest m;
	struct newc n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		b.len = 0;
		write_archive(&b, "x");
		b.data[at[i]] = i == 4 ? 'f' : ' ';
		if (i == 4)
			memset(b.data + 94, 'f', 8);
		assert_int_equal(manifest_begin(&m), 0);
		newc_begin(&n, &manifest_calls, &m);
		errno = 0;
		assert_int_equal(newc_feed(&n, b.data, b.len), -1);
		assert_int_equal(errno, EINVAL);
		manifest_free(&m);
	}
}

static void
an_archive_cut_short_is_not_complete(void **state)
{
	static struct bytes b;
	struct manifest m;
	struct newc n;

	(void)state;
	b.len = 0;
	write_archive(&b, "x");
	assert_int_equal(manifest_begin(&m), 0);
	newc_begin(&n, &manifest_calls, &m);
	assert_int_equal(newc_feed(&n, b.data, 115), 115);
	assert_false(newc_complete(&n));
	manifest_free(&m);
}

/* What manifest_diff() says of two archives. */
static size_t
said(const struct bytes *a, const struct bytes *b, char *text, size_t size)
{
	struct manifest m[2];
	size_t found;
	FILE *out;

	memset(text, 0, size);
	list(&m[0], a, 4096);
	list(&m[1], b, 4096);
	assert_non_null(out = fmemopen(text, size, "w"));
	found = manifest_diff(&m[0], &m[1], out);
	fclose(out);
	manifest_free(&m[0]);
	manifest_free(&m[1]);
	return found;
}

static void
a_difference_has_a_line_of_its_own(void **state)
{
	static struct bytes a, b;
	struct cpio c;
	char text[1024];

	(void)state;
	a.len = b.len = 0;
	write_archive(&a, "hello");
	assert_int_equal(said(&a, &a, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	cpio_begin(&c, to_bytes, &b, 99);
	cpio_dir(&c, "d", CPIO_ROOT(0700));
	cpio_file(&c, "d/hello", CPIO_ROOT(0755), "hallo", 5);
	cpio_file(&c, "new", CPIO_ROOT(0755), "", 0);
	cpio_node(&c, "null", CPIO_ROOT(0666), S_IFCHR, makedev(1, 5));
	cpio_symlink(&c, "z", CPIO_ROOT(0777), "d/x\ty");
	assert_int_equal(cpio_end(&c), 0);
	assert_int_equal(said(&a, &b, text, sizeof(text)), 6);
	assert_string_equal(text,
	    "~ d: mode 0755 -> 0700\n"
	    "- d/empty\n"
	    "~ d/hello: contents\n"
	    "+ new\n"
	    "~ null: device 1,3 -> 1,5\n"
	    "~ z: target d/hello -> d/x\\x09y\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_the_writer_writes_is_read_in_pieces_of_any_size),
		cmocka_unit_test(of_archives_in_a_row_the_last_one_counts),
		cmocka_unit_test(
		    reading_stops_where_something_compressed_begins),
		cmocka_unit_test(a_bad_header_is_refused),
		cmocka_unit_test(an_archive_cut_short_is_not_complete),
		cmocka_unit_test(a_difference_has_a_line_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
