/* SPDX-License-Identifier: ISC */
/* Which names the boot directory takes. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/name.h"

static void
an_image_name_is_safe_in_a_path_a_url_and_a_script(void **state)
{
	static const char *const wrong[] = {
		"", ".", "..", ".hidden", "-x", "a/b", "a b", "a\nb", "${x}",
		"a%20b", "\xc3\xa4", "a;b", "a#b"
	};
	size_t i;

	(void)state;
	assert_true(name_is_image("debian"));
	assert_true(name_is_image("Debian-12.1_x"));
	assert_true(name_is_image("9front"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(name_is_image(wrong[i]));
}

static void
an_image_name_ends_at_64_octets(void **state)
{
	char name[NAME_IMAGE_SIZE + 1];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[NAME_IMAGE_SIZE - 1] = '\0';
	assert_true(name_is_image(name));
	name[NAME_IMAGE_SIZE - 1] = 'a';
	name[NAME_IMAGE_SIZE] = '\0';
	assert_false(name_is_image(name));
}

static void
a_host_name_is_as_rfc_1123_says(void **state)
{
	static const char *const wrong[] = {
		"", "-a", "a-", "a..b", ".a", "a.", "a_b", "a b", "a\n",
		"10.0.0.1", "a.1", "\xc3\xa4"
	};
	size_t i;

	(void)state;
	assert_true(name_is_host("node-1"));
	assert_true(name_is_host("3com"));
	assert_true(name_is_host("7"));
	assert_true(name_is_host("a.b.example"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(name_is_host(wrong[i]));
}

static void
a_label_ends_at_63_octets_and_a_host_name_at_64(void **state)
{
	char name[NAME_HOST_SIZE + 1];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[63] = '\0';
	assert_true(name_is_host(name));
	name[63] = 'a';
	name[64] = '\0';
	assert_false(name_is_host(name));
	name[32] = '.';
	assert_true(name_is_host(name));
	name[64] = 'a';
	name[65] = '\0';
	assert_false(name_is_host(name));
}

static void
a_machine_is_named_in_one_spelling(void **state)
{
	char name[NAME_MACHINE_SIZE];

	(void)state;
	assert_true(name_machine("52:54:00:AB:CD:EF", name));
	assert_string_equal(name, "52-54-00-ab-cd-ef");
	assert_true(name_machine("default", name));
	assert_string_equal(name, "default");
	assert_true(name_is_machine("52-54-00-ab-cd-ef"));
	assert_true(name_is_machine("default"));
	assert_false(name_is_machine("52-54-00-AB-CD-EF"));
	assert_false(name_is_machine("52:54:00:ab:cd:ef"));
	assert_false(name_is_machine("Default"));
	assert_false(name_is_machine(""));
	assert_false(name_is_machine(".52-54-00-ab-cd-ef.tmp"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    an_image_name_is_safe_in_a_path_a_url_and_a_script),
		cmocka_unit_test(an_image_name_ends_at_64_octets),
		cmocka_unit_test(a_host_name_is_as_rfc_1123_says),
		cmocka_unit_test(
		    a_label_ends_at_63_octets_and_a_host_name_at_64),
		cmocka_unit_test(a_machine_is_named_in_one_spelling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
