/* SPDX-License-Identifier: ISC */
/* Tests of the MOUNT protocol's octets and paths. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/mount3.h"

#include <string.h>

static enum mount3_status
split(struct mount3_path *p, const char *text)
{
	const char *why = NULL;
	enum mount3_status status;

	status = mount3_split(p, (struct xdr_span){ (const uint8_t *)text,
	    strlen(text) }, &why);
	assert_non_null(why);
	assert_true(status == MNT3_OK || *why != '\0');
	return status;
}

static void
a_path_is_an_export_and_what_lies_below(void **state)
{
	struct mount3_path p;

	(void)state;
	assert_int_equal(split(&p, "/demo"), MNT3_OK);
	assert_string_equal(p.export, "demo");
	assert_string_equal(p.below, "");
	assert_int_equal(split(&p, "/demo/usr/lib"), MNT3_OK);
	assert_string_equal(p.export, "demo");
	assert_string_equal(p.below, "usr/lib");
}

static void
blank_parts_do_not_count(void **state)
{
	struct mount3_path p;

	(void)state;
	assert_int_equal(split(&p, "//demo//usr/./lib///"), MNT3_OK);
	assert_string_equal(p.export, "demo");
	assert_string_equal(p.below, "usr/lib");
}

static void
a_path_never_leads_out(void **state)
{
	struct mount3_path p;

	(void)state;
	assert_int_equal(split(&p, "/demo/../other"), MNT3ERR_ACCES);
	assert_int_equal(split(&p, "/../etc"), MNT3ERR_ACCES);
	assert_int_equal(split(&p, "/demo/.."), MNT3ERR_ACCES);
	assert_int_equal(split(&p, "/.hidden"), MNT3ERR_NOENT);
	assert_int_equal(split(&p, "/."), MNT3ERR_NOENT);
	assert_int_equal(split(&p, "/"), MNT3ERR_NOENT);
	assert_int_equal(split(&p, ""), MNT3ERR_NOENT);
	assert_int_equal(split(&p, "/demo/.hidden/..x"), MNT3_OK);
}

static void
the_longest_path_fits_and_one_more_does_not(void **state)
{
	char text[MOUNT3_PATH_MAX + 2];
	struct mount3_path p;
	size_t i;

	(void)state;
	memset(text, 'x', sizeof(text));
	for (i = 0; i < sizeof(text); i += 2)
		text[i] = '/';
	text[MOUNT3_PATH_MAX] = '\0';
	assert_int_equal(split(&p, text), MNT3_OK);
	assert_int_equal(strlen(p.below), MOUNT3_PATH_MAX - 3);
	text[MOUNT3_PATH_MAX] = 'x';
	text[MOUNT3_PATH_MAX + 1] = '\0';
	assert_int_equal(split(&p, text), MNT3ERR_NAMETOOLONG);
	memset(text, 'x', 300);
	text[300] = '\0';
	assert_int_equal(split(&p, text), MNT3ERR_NAMETOOLONG);
}

static void
arguments_are_bounded(void **state)
{
	static const uint8_t good[] = "\0\0\0\5/demo\0\0",
	    cut[] = "\0\0\0\5/de", wide[] = "\0\0\4\1/demo\0\0";
	struct xdr_span path;

	(void)state;
	assert_true(mount3_parse(&path, MOUNT3_MNT, good, 12));
	assert_int_equal(path.len, 5);
	assert_memory_equal(path.data, "/demo", 5);
	assert_false(mount3_parse(&path, MOUNT3_UMNT, cut, 7));
	assert_false(mount3_parse(&path, MOUNT3_MNT, wide, 12));
	assert_true(mount3_parse(&path, MOUNT3_EXPORT, NULL, 0));
}

static void
a_mount_is_a_handle_and_auth_unix(void **state)
{
	uint8_t octets[256];
	struct handle h = { .export = 1 };
	struct wire_out out;

	(void)state;
	wire_out_init(&out, octets, sizeof(octets));
	mount3_put_mounted(&out, &h);
	assert_int_equal(out.len, 4 + 4 + 24 + 4 + 4);
	assert_memory_equal(octets, "\0\0\0\0\0\0\0\x18", 8);
	assert_memory_equal(octets + 32, "\0\0\0\1\0\0\0\1", 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_an_export_and_what_lies_below),
		cmocka_unit_test(blank_parts_do_not_count),
		cmocka_unit_test(a_path_never_leads_out),
		cmocka_unit_test(the_longest_path_fits_and_one_more_does_not),
		cmocka_unit_test(arguments_are_bounded),
		cmocka_unit_test(a_mount_is_a_handle_and_auth_unix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
