/* SPDX-License-Identifier: ISC */
/* The pieces of mkboot initrd: lists, features, compression, modules. */
#include "tests/unit/unit.h"

#include "mkboot/compress.h"
#include "mkboot/feature.h"
#include "mkboot/modules.h"
#include "mkboot/strings.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
a_list_is_sorted_without_doubles_and_grows_on(void **state)
{
	struct strings s = { 0 };

	(void)state;
	assert_int_equal(strings_add(&s, "b"), 0);
	assert_int_equal(strings_add(&s, "a"), 0);
	assert_int_equal(strings_add(&s, "b"), 0);
	strings_sort(&s);
	assert_int_equal(s.n, 2);
	assert_string_equal(s.at[0], "a");
	assert_string_equal(s.at[1], "b");
	assert_int_equal(strings_add(&s, "c"), 0);
	assert_int_equal(strings_add(&s, "d"), 0);
	assert_int_equal(strings_add(&s, "e"), 0);
	assert_string_equal(s.at[4], "e");
	strings_free(&s);
	assert_int_equal(s.n, 0);
}

static enum feature_kind
parse(const char *line, char *what, size_t size)
{
	char copy[128];
	const char *found;
	enum feature_kind kind;

	snprintf(copy, sizeof(copy), "%s", line);
	kind = feature_parse(copy, &found);
	snprintf(what, size, "%s", found);
	return kind;
}

static void
a_feature_has_names_patterns_and_comments(void **state)
{
	char what[128];

	(void)state;
	assert_int_equal(parse("nfsv3\n", what, 128), FEATURE_NAME);
	assert_string_equal(what, "nfsv3");
	assert_int_equal(parse("  -af_packet # raw\n", what, 128),
	    FEATURE_OPTIONAL);
	assert_string_equal(what, "af_packet");
	assert_int_equal(parse("kernel/drivers/net/phy/**\r\n", what, 128),
	    FEATURE_PATTERN);
	assert_string_equal(what, "kernel/drivers/net/phy/**");
	assert_int_equal(parse("# a line\n", what, 128), FEATURE_NOTHING);
	assert_int_equal(parse("nfs#x\n", what, 128), FEATURE_NAME);
	assert_string_equal(what, "nfs");
	assert_int_equal(parse("\n", what, 128), FEATURE_NOTHING);
	assert_int_equal(parse("-\n", what, 128), FEATURE_NOTHING);
	assert_int_equal(parse("", what, 128), FEATURE_NOTHING);
}

/* Compressed twice: the same file, and it reads as what went in. */
static void
comes_back_the_same(enum compress_kind kind, size_t len)
{
	char path[2][32] = { "/tmp/compress.XXXXXX", "/tmp/compress.XXXXXX" };
	void *read[2], *back;
	size_t size[2], n, i;
	struct compress *c;
	char *data;
	int fd;

	assert_non_null(data = malloc(len + 1));
	for (i = 0; i < len; i++)
		data[i] = (char)((i * i) >> 7);
	for (i = 0; i < 2; i++) {
		assert_int_not_equal(fd = mkstemp(path[i]), -1);
		assert_non_null(c = compress_begin(fd, kind));
		assert_int_equal(compress_write(c, data, len / 3), 0);
		assert_int_equal(compress_write(c, data + len / 3,
		    len - len / 3), 0);
		assert_int_equal(compress_end(c), 0);
		size[i] = (size_t)lseek(fd, 0, SEEK_END);
		assert_non_null(read[i] = malloc(size[i] + 1));
		assert_int_equal(pread(fd, read[i], size[i], 0), size[i]);
		close(fd);
	}
	assert_int_equal(size[0], size[1]);
	assert_memory_equal(read[0], read[1], size[0]);
	assert_int_equal(compress_read(path[0], len, &back, &n), 0);
	assert_int_equal(n, len);
	assert_memory_equal(back, data, len);
	free(back);
	if (len > 0) {
		assert_int_equal(compress_read(path[0], len - 1, &back, &n),
		    -1);
		assert_int_equal(errno, EFBIG);
	}
	for (i = 0; i < 2; i++) {
		free(read[i]);
		unlink(path[i]);
	}
	free(data);
}

static void
what_is_compressed_comes_back_and_is_always_the_same(void **state)
{
	(void)state;
	comes_back_the_same(COMPRESS_NONE, 100000);
	comes_back_the_same(COMPRESS_GZIP, 100000);
	comes_back_the_same(COMPRESS_ZSTD, 3000000);
	comes_back_the_same(COMPRESS_ZSTD, 1);
	comes_back_the_same(COMPRESS_NONE, 1);
}

static void
kinds_of_compression_have_names(void **state)
{
	enum compress_kind kind = COMPRESS_NONE;

	(void)state;
	assert_true(compress_kind_parse("zstd", &kind));
	assert_int_equal(kind, COMPRESS_ZSTD);
	assert_true(compress_kind_parse("gzip", &kind));
	assert_true(compress_kind_parse("none", &kind));
	assert_false(compress_kind_parse("zst", &kind));
	assert_int_equal(kind, COMPRESS_NONE);
}

static void
an_empty_file_reads_as_nothing(void **state)
{
	char path[] = "/tmp/compress.XXXXXX";
	void *data;
	size_t len = 1;

	(void)state;
	close(mkstemp(path));
	assert_int_equal(compress_read(path, 10, &data, &len), 0);
	assert_int_equal(len, 0);
	free(data);
	unlink(path);
	assert_int_equal(compress_read(path, 10, &data, &len), -1);
	assert_int_equal(errno, ENOENT);
}

/* A root whose one kernel has nothing but depmod's files, and those empty. */
static void
make_root(char *root, const char *version)
{
	static const char *const file[] = {
		"modules.dep", "modules.order", "modules.builtin"
	};
	char command[256];
	size_t i;

	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof(command), "mkdir -p %s/lib/modules/%s", root,
	    version);
	assert_int_equal(system(command), 0);
	for (i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
		snprintf(command, sizeof(command),
		    ": >%s/lib/modules/%s/%s", root, version, file[i]);
		assert_int_equal(system(command), 0);
	}
}

static void
remove_root(const char *root)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

static void
a_kernel_without_depmods_index_is_none(void **state)
{
	char root[] = "/tmp/modules.XXXXXX";
	struct strings versions = { 0 };

	(void)state;
	make_root(root, "6.1.0-test");
	assert_int_equal(modules_versions(root, &versions), 0);
	assert_int_equal(versions.n, 0);
	assert_null(modules_open(root, "6.1.0-test"));
	assert_int_equal(errno, ENOENT);
	remove_root(root);
	assert_int_equal(modules_versions(root, &versions), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_sorted_without_doubles_and_grows_on),
		cmocka_unit_test(a_feature_has_names_patterns_and_comments),
		cmocka_unit_test(
		    what_is_compressed_comes_back_and_is_always_the_same),
		cmocka_unit_test(kinds_of_compression_have_names),
		cmocka_unit_test(an_empty_file_reads_as_nothing),
		cmocka_unit_test(a_kernel_without_depmods_index_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
