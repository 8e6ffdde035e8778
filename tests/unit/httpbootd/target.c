/* SPDX-License-Identifier: ISC */
/* Request targets and the tricks that are played with them. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "httpbootd/target.h"

static void
expect_name(const char *target, const char *name)
{
	char got[BOOTDIR_PATH_MAX];

	assert_int_equal(target_decode(target, got), REASON_WHOLE);
	assert_string_equal(got, name);
}

static void
expect(enum reason reason, const char *target)
{
	char got[BOOTDIR_PATH_MAX];

	assert_string_equal(reason_name(target_decode(target, got)),
	    reason_name(reason));
	assert_string_equal(got, "");
}

static void
a_path_is_a_name_below_pub(void **state)
{
	(void)state;
	expect_name("/boot.ipxe", "boot.ipxe");
	expect_name("/image/alpine/vmlinuz", "image/alpine/vmlinuz");
	expect_name("/a+b", "a+b");
	expect_name("/a b", "a b");
}

static void
slashes_and_single_dots_are_squashed(void **state)
{
	(void)state;
	expect_name("//boot.ipxe", "boot.ipxe");
	expect_name("/image///alpine//vmlinuz", "image/alpine/vmlinuz");
	expect_name("/./image/./vmlinuz", "image/vmlinuz");
}

static void
percent_escapes_are_decoded_once(void **state)
{
	(void)state;
	expect_name("/%62oot%2Eipxe", "boot.ipxe");
	expect_name("/a%20b%c3%a9", "a b\xc3\xa9");
	expect_name("/a%2fb", "a/b");
	expect_name("/a%2525", "a%25");
	expect_name("/%2561", "%61");
}

static void
the_query_is_dropped(void **state)
{
	(void)state;
	expect_name("/ipxe.efi?a=b.c", "ipxe.efi");
	expect_name("/ipxe.efi?../..", "ipxe.efi");
	expect_name("/ipxe.efi#part", "ipxe.efi");
	expect_name("/ipxe%3f.efi", "ipxe?.efi");
	expect_name("/ipxe.efi?%zz%00", "ipxe.efi");
}

static void
a_whole_url_counts_by_its_path(void **state)
{
	(void)state;
	expect_name("http://192.0.2.1/boot.ipxe", "boot.ipxe");
	expect_name("HTTP://boot.example:80//boot.ipxe", "boot.ipxe");
	expect_name("https://[fd77::2]/a/b?c", "a/b");
	expect(REASON_FOLDER, "http://192.0.2.1");
	expect(REASON_FOLDER, "http://192.0.2.1/");
	expect(REASON_FOLDER, "http://192.0.2.1?x");
	expect(REASON_FOLDER, "http://192.0.2.1?/x");
	expect(REASON_FOLDER, "http://192.0.2.1#/x");
	expect(REASON_DOT_DOT, "http://192.0.2.1/../x");
}

static void
dot_dot_leads_nowhere_however_it_is_written(void **state)
{
	static const char *const targets[] = {
		"/..", "/../etc/passwd", "/image/..", "/image/../boot.ipxe",
		"/%2e%2e/x", "/.%2e/x", "/%2E./x", "/a/%2e%2e%2fx", "//..//x",
		"/..%2fx", "/./../x",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		expect(REASON_DOT_DOT, targets[i]);
	expect_name("/a..b/c..", "a..b/c..");
}

static void
names_that_begin_with_a_dot_are_not_served(void **state)
{
	(void)state;
	expect(REASON_HIDDEN, "/.boot.ipxe.new");
	expect(REASON_HIDDEN, "/image/%2ehidden/x");
	expect(REASON_HIDDEN, "/.../x");
}

static void
a_folder_has_no_page(void **state)
{
	(void)state;
	expect(REASON_FOLDER, "/");
	expect(REASON_FOLDER, "//");
	expect(REASON_FOLDER, "/image/");
	expect(REASON_FOLDER, "/image/.");
	expect(REASON_FOLDER, "/?x");
}

static void
what_is_no_path_is_refused(void **state)
{
	(void)state;
	expect(REASON_TARGET_FORM, "");
	expect(REASON_TARGET_FORM, "*");
	expect(REASON_TARGET_FORM, "boot.ipxe");
	expect(REASON_TARGET_FORM, "192.0.2.1:80");
	expect(REASON_TARGET_FORM, "ftp://192.0.2.1/x");
	expect(REASON_BAD_ESCAPE, "/%");
	expect(REASON_BAD_ESCAPE, "/a%4");
	expect(REASON_BAD_ESCAPE, "/%zz");
	expect(REASON_BAD_ESCAPE, "/%4?1");
	expect(REASON_NUL, "/boot.ipxe%00.txt");
	expect(REASON_NUL, "/%00");
}

static void
a_name_of_the_greatest_length_fits_and_one_more_does_not(void **state)
{
	char target[2 * BOOTDIR_PATH_MAX], escaped[4 * BOOTDIR_PATH_MAX];
	char got[BOOTDIR_PATH_MAX];
	size_t i;

	(void)state;
	memset(target, 'a', sizeof(target));
	target[0] = '/';
	target[BOOTDIR_PATH_MAX] = '\0';
	expect_name(target, target + 1);
	for (i = 0; i + 1 < BOOTDIR_PATH_MAX; i++)
		memcpy(escaped + 1 + 3 * i, "%61", 4);
	escaped[0] = '/';
	expect_name(escaped, target + 1);
	target[BOOTDIR_PATH_MAX] = 'a';
	target[BOOTDIR_PATH_MAX + 1] = '\0';
	assert_int_equal(target_decode(target, got), REASON_TOO_LONG);
	target[BOOTDIR_PATH_MAX] = '?';
	target[sizeof(target) - 1] = '\0';
	assert_int_equal(target_decode(target, got), REASON_WHOLE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_a_name_below_pub),
		cmocka_unit_test(slashes_and_single_dots_are_squashed),
		cmocka_unit_test(percent_escapes_are_decoded_once),
		cmocka_unit_test(the_query_is_dropped),
		cmocka_unit_test(a_whole_url_counts_by_its_path),
		cmocka_unit_test(dot_dot_leads_nowhere_however_it_is_written),
		cmocka_unit_test(names_that_begin_with_a_dot_are_not_served),
		cmocka_unit_test(a_folder_has_no_page),
		cmocka_unit_test(what_is_no_path_is_refused),
		cmocka_unit_test(
		    a_name_of_the_greatest_length_fits_and_one_more_does_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
