/* SPDX-License-Identifier: ISC */
/* The pieces of mkboot initrd: lists, features, compression, modules. */
#include "tests/unit/unit.h"

#include "mkboot/compress.h"
#include "mkboot/decoders.h"
#include "mkboot/decompress.h"
#include "mkboot/feature.h"
#include "mkboot/modfolder.h"
#include "mkboot/modules.h"
#include "mkboot/strings.h"
#include "mkboot/tree.h"

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

static struct feature
parse(const char *line)
{
	static char copy[128];
	struct feature f;

	snprintf(copy, sizeof(copy), "%s", line);
	feature_parse(&f, copy);
	return f;
}

static void
says(const char *line, enum feature_kind kind, const char *what,
    const char *more)
{
	struct feature f = parse(line);

	assert_int_equal(f.kind, kind);
	assert_string_equal(f.what, what);
	assert_string_equal(f.more, more);
}

static void
a_feature_has_names_patterns_and_comments(void **state)
{
	(void)state;
	says("nfsv3\n", FEATURE_MODULE, "nfsv3", "");
	says("  -af_packet # raw\n", FEATURE_MODULE, "af_packet", "");
	assert_true(parse("-af_packet").optional);
	assert_false(parse("af_packet").optional);
	says("kernel/drivers/net/phy/**\r\n", FEATURE_PATTERN,
	    "kernel/drivers/net/phy/**", "");
	says("# a line\n", FEATURE_NOTHING, "", "");
	says("nfs#x\n", FEATURE_MODULE, "nfs", "");
	says("\n", FEATURE_NOTHING, "", "");
	says("", FEATURE_NOTHING, "", "");
	says("@usb-net\n", FEATURE_LIST, "usb-net", "");
}

static void
a_pattern_may_be_whole_or_have_a_condition(void **state)
{
	struct feature f;

	(void)state;
	assert_true(parse("+kernel/x/*").whole);
	assert_false(parse("kernel/x/*").whole);
	f = parse("kernel/drivers/net/phy/* if libphy\n");
	assert_int_equal(f.kind, FEATURE_PATTERN);
	assert_string_equal(f.condition, "libphy");
	assert_null(parse("kernel/x/*").condition);
	assert_int_equal(parse("kernel/x/* when y").kind, FEATURE_BAD);
	assert_int_equal(parse("kernel/x/* if").kind, FEATURE_BAD);
	assert_int_equal(parse("kernel/x/* if a b").kind, FEATURE_BAD);
}

static void
a_feature_has_files_links_and_what_goes_in_front(void **state)
{
	(void)state;
	says("/bin/x /sbin/x\n", FEATURE_FILE, "/bin/x", "/sbin/x");
	says("/bin/x\n", FEATURE_FILE, "/bin/x", "");
	assert_true(parse("-/bin/x").optional);
	says("/bin/sh -> busybox # the shell\n", FEATURE_LINK, "/bin/sh",
	    "busybox");
	says("=kernel/x86/y.bin /lib/z/*\n", FEATURE_EARLY,
	    "kernel/x86/y.bin", "/lib/z/*");
}

static void
what_a_feature_cannot_say_is_bad(void **state)
{
	static const char *const line[] = {
		"-\n", "+", "=", "@", "nfs nfsv3", "@a b", "=kernel/x",
		"=kernel/x lib/y", "/bin/sh ->", "/bin/sh -> a b"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(line) / sizeof(line[0]); i++)
		assert_int_equal(parse(line[i]).kind, FEATURE_BAD);
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
	assert_int_equal(decompress_file(path[0], len, &back, &n), 0);
	assert_int_equal(n, len);
	assert_memory_equal(back, data, len);
	free(back);
	if (len > 0) {
		assert_int_equal(decompress_file(path[0], len - 1, &back, &n),
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
	comes_back_the_same(COMPRESS_GZIP, 0);
	comes_back_the_same(COMPRESS_XZ, 3000000);
	comes_back_the_same(COMPRESS_LZ4, 20000000);
	comes_back_the_same(COMPRESS_LZ4, 100);
	comes_back_the_same(COMPRESS_ZSTD, 10000000);
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
	assert_true(compress_kind_parse("lz4", &kind));
	assert_true(compress_kind_parse("xz", &kind));
	assert_string_equal(compress_kind_name(kind), "xz");
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
	assert_int_equal(decompress_file(path, 10, &data, &len), 0);
	assert_int_equal(len, 0);
	free(data);
	unlink(path);
	assert_int_equal(decompress_file(path, 10, &data, &len), -1);
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
	struct tree t;

	(void)state;
	make_root(root, "6.1.0-test");
	assert_int_equal(tree_open(&t, root), 0);
	assert_int_equal(modfolder_versions(&t, &versions), 0);
	assert_int_equal(versions.n, 0);
	assert_null(modules_open(&t, "6.1.0-test"));
	assert_int_equal(errno, ENOENT);
	remove_root(root);
	assert_int_equal(modfolder_versions(&t, &versions), -1);
	assert_int_equal(errno, ENOENT);
	tree_close(&t);
}

/* Links of another root's are followed as if it were the root. */
static void
a_trees_links_stay_inside_it(void **state)
{
	char root[] = "/tmp/tree.XXXXXX", command[256], *path;
	struct tree t;

	(void)state;
	assert_non_null(mkdtemp(root));
	snprintf(command, sizeof(command), "cd %s && mkdir -p usr/lib etc && "
	    "echo ours >etc/passwd && ln -s /usr/lib lib && "
	    "ln -s ../../../../etc/passwd usr/lib/x && ln -s / usr/lib/top",
	    root);
	assert_int_equal(system(command), 0);
	assert_int_equal(tree_open(&t, root), 0);
	assert_non_null(path = tree_resolve(&t, "/lib/x"));
	assert_string_equal(path, "etc/passwd");
	free(path);
	assert_non_null(path = tree_resolve(&t, "lib/top/lib"));
	assert_string_equal(path, "usr/lib");
	free(path);
	assert_non_null(path = tree_text(&t, "/lib/x", 100));
	assert_string_equal(path, "ours\n");
	free(path);
	assert_null(tree_text(&t, "/lib/x", 4));
	assert_int_equal(errno, EFBIG);
	assert_null(tree_resolve(&t, "lib/none"));
	assert_int_equal(errno, ENOENT);
	tree_close(&t);
	remove_root(root);
}

static void
a_config_says_what_its_kernel_decodes(void **state)
{
	struct decoders d;

	(void)state;
	decoders_of_config(&d, "CONFIG_RD_GZIP=y\n# CONFIG_RD_XZ is not set\n"
	    "CONFIG_RD_ZSTD=y\n");
	assert_true(d.has[COMPRESS_GZIP] && d.has[COMPRESS_ZSTD]);
	assert_false(d.has[COMPRESS_XZ] || d.has[COMPRESS_LZ4]);
	assert_int_equal(decoders_best(&d), COMPRESS_ZSTD);
	decoders_of_config(&d, "XCONFIG_RD_GZIP=y\nCONFIG_RD_XZ=y");
	assert_int_equal(decoders_best(&d), COMPRESS_XZ);
	decoders_of_config(&d, "");
	assert_int_equal(decoders_best(&d), COMPRESS_NONE);
	decoders_of_version(&d, "5.8.0-1");
	assert_int_equal(decoders_best(&d), COMPRESS_GZIP);
	decoders_of_version(&d, "5.10.0-1");
	assert_int_equal(decoders_best(&d), COMPRESS_ZSTD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_is_sorted_without_doubles_and_grows_on),
		cmocka_unit_test(a_feature_has_names_patterns_and_comments),
		cmocka_unit_test(a_pattern_may_be_whole_or_have_a_condition),
		cmocka_unit_test(
		    a_feature_has_files_links_and_what_goes_in_front),
		cmocka_unit_test(what_a_feature_cannot_say_is_bad),
		cmocka_unit_test(a_trees_links_stay_inside_it),
		cmocka_unit_test(a_config_says_what_its_kernel_decodes),
		cmocka_unit_test(
		    what_is_compressed_comes_back_and_is_always_the_same),
		cmocka_unit_test(kinds_of_compression_have_names),
		cmocka_unit_test(an_empty_file_reads_as_nothing),
		cmocka_unit_test(a_kernel_without_depmods_index_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
