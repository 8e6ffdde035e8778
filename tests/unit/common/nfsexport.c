/* SPDX-License-Identifier: ISC */
/* Tests of the configurations for other servers. */
#include "tests/unit/unit.h"

#include "common/nfsexport.h"

#include <string.h>

static void
two_servers_are_known(void **state)
{
	enum nfsexport kind;

	(void)state;
	assert_true(nfsexport_kind_parse("nfsd", &kind));
	assert_int_equal(kind, NFSEXPORT_NFSD);
	assert_true(nfsexport_kind_parse("ganesha", &kind));
	assert_int_equal(kind, NFSEXPORT_GANESHA);
	assert_false(nfsexport_kind_parse("samba", &kind));
}

static void
a_name_that_needs_quoting_is_not_said(void **state)
{
	char name[66], text[NFSEXPORT_TEXT];

	(void)state;
	assert_true(nfsexport_can_say("debian-12.1_x"));
	assert_true(nfsexport_can_say("debian@2"));
	assert_false(nfsexport_can_say(""));
	assert_false(nfsexport_can_say(".hidden"));
	assert_false(nfsexport_can_say("two words"));
	assert_false(nfsexport_can_say("quo\"te"));
	memset(name, 'a', 65);
	name[65] = '\0';
	assert_false(nfsexport_can_say(name));
	name[64] = '\0';
	assert_true(nfsexport_can_say(name));
	assert_non_null(nfsexport_text(NFSEXPORT_NFSD, "/srv/boot/root/x", name, 1,
	    text, sizeof(text)));
	assert_null(nfsexport_text(NFSEXPORT_NFSD, "/srv/boot/root/a", "a b", 1,
	    text, sizeof(text)));
}

static void
exports5_has_a_line_with_a_number_of_its_own(void **state)
{
	static const char begin[] = "/debian *(ro,no_root_squash,"
	    "no_subtree_check,insecure,fsid=";
	char one[NFSEXPORT_TEXT], two[NFSEXPORT_TEXT];

	(void)state;
	assert_non_null(nfsexport_text(NFSEXPORT_NFSD, "/srv/boot/root/debian",
	    "debian", 1, one, sizeof(one)));
	assert_memory_equal(one, begin, strlen(begin));
	assert_int_equal(strspn(strstr(one, "fsid=") + 5, "0123456789abcdef"),
	    32);
	assert_non_null(nfsexport_text(NFSEXPORT_NFSD, "/srv/boot/root/alpine",
	    "alpine", 1, two, sizeof(two)));
	assert_string_not_equal(strstr(one, "fsid="), strstr(two, "fsid="));
}

static void
ganesha_has_a_block_with_the_path(void **state)
{
	char text[NFSEXPORT_TEXT];

	(void)state;
	assert_non_null(nfsexport_text(NFSEXPORT_GANESHA, "/srv/boot/root/debian",
	    "debian", 77, text, sizeof(text)));
	assert_non_null(strstr(text, "Export_Id = 77;"));
	assert_non_null(strstr(text, "Path = \"/srv/boot/root/debian\";"));
	assert_non_null(strstr(text, "Pseudo = \"/debian\";"));
}

static void
a_path_that_cannot_be_quoted_is_refused(void **state)
{
	char text[NFSEXPORT_TEXT];

	(void)state;
	assert_non_null(nfsexport_head(NFSEXPORT_GANESHA, "/srv/my boot/root", text,
	    sizeof(text)));
	assert_null(nfsexport_head(NFSEXPORT_GANESHA, "/srv/\"/root", text,
	    sizeof(text)));
	assert_null(nfsexport_head(NFSEXPORT_NFSD, "/srv/a\nb/root", text,
	    sizeof(text)));
	assert_null(nfsexport_head(NFSEXPORT_NFSD, "/srv/boot/root", text, 20));
}

static void
ids_differ_and_depend_on_the_name(void **state)
{
	uint16_t taken[2];

	(void)state;
	taken[0] = nfsexport_id("debian", NULL, 0);
	assert_int_not_equal(taken[0], 0);
	assert_int_equal(nfsexport_id("debian", NULL, 0), taken[0]);
	assert_int_not_equal(nfsexport_id("alpine", taken, 1), taken[0]);
	taken[1] = nfsexport_id("debian", taken, 1);
	assert_int_not_equal(taken[1], taken[0]);
	assert_int_not_equal(taken[1], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_servers_are_known),
		cmocka_unit_test(a_name_that_needs_quoting_is_not_said),
		cmocka_unit_test(exports5_has_a_line_with_a_number_of_its_own),
		cmocka_unit_test(ganesha_has_a_block_with_the_path),
		cmocka_unit_test(a_path_that_cannot_be_quoted_is_refused),
		cmocka_unit_test(ids_differ_and_depend_on_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
