/* SPDX-License-Identifier: ISC */
/* What is known of iPXE's own build. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/embed.h"
#include "mkboot/loaders.h"

static void
a_target_stays_in_the_source(void **state)
{
	(void)state;
	assert_true(embed_target_is_good("bin/undionly.kpxe"));
	assert_true(embed_target_is_good("bin-x86_64-efi/snponly.efi"));
	assert_false(embed_target_is_good("bin/../../x"));
	assert_false(embed_target_is_good("clean"));
	assert_false(embed_target_is_good("bin/x CC=evil"));
	assert_false(embed_target_is_good("-C/bin"));
}

static void
another_processor_takes_another_compiler(void **state)
{
	(void)state;
	assert_string_equal(embed_cross("bin/undionly.kpxe", "x86_64"), "");
	assert_string_equal(embed_cross("bin/undionly.kpxe", "aarch64"),
	    "x86_64-linux-gnu-");
	assert_string_equal(embed_cross("bin-i386-efi/snponly.efi", "x86_64"),
	    "");
	assert_string_equal(embed_cross("bin-arm64-efi/snponly.efi",
	    "x86_64"), "aarch64-linux-gnu-");
	assert_string_equal(embed_cross("bin-arm64-efi/snponly.efi",
	    "aarch64"), "");
}

static void
only_images_take_programs_for_discs(void **state)
{
	(void)state;
	assert_true(embed_is_disc("bin/ipxe.iso"));
	assert_true(embed_is_disc("bin/ipxe.usb"));
	assert_false(embed_is_disc("bin/undionly.kpxe"));
}

static void
the_proxys_server_goes_first_and_no_server_is_tried_again(void **state)
{
	const char *proxy = strstr(embed_script(), "${proxydhcp/next-server}");
	const char *own = strstr(embed_script(), "${net0/next-server}");

	(void)state;
	assert_memory_equal(embed_script(), "#!ipxe\n", 7);
	assert_non_null(proxy);
	assert_non_null(own);
	assert_true(proxy < own);
	assert_non_null(strstr(embed_script(), "goto again\n"));
}

static void
what_was_built_has_the_name_that_is_linked(void **state)
{
	(void)state;
	assert_string_equal(loaders_name("bin-arm64-efi/snponly.efi"),
	    "snponly-arm64.efi");
	assert_string_equal(loaders_name("bin-i386-efi/snponly.efi"),
	    "snponly-i386.efi");
	assert_string_equal(loaders_name("bin/ipxe.iso"), "ipxe.iso");
}

static bool
is_brought(const char *name)
{
	const struct loader_file *file;
	size_t i, n;

	file = loaders_files(&n);
	for (i = 0; i < n; i++)
		if (strcmp(file[i].name, name) == 0)
			return true;
	return false;
}

static void
every_loader_that_is_linked_is_brought(void **state)
{
	const struct loader_choice *choice;
	size_t i, k, n;

	(void)state;
	choice = loaders_choices(&n);
	for (i = 0; i < n; i++)
		for (k = 0; k < LOADERS_WAYS &&
		    choice[i].way[k].name != NULL; k++) {
			assert_true(is_brought(choice[i].way[k].name));
			assert_true(choice[i].way[k].second == NULL ||
			    is_brought(choice[i].way[k].second));
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_stays_in_the_source),
		cmocka_unit_test(another_processor_takes_another_compiler),
		cmocka_unit_test(only_images_take_programs_for_discs),
		cmocka_unit_test(
		    the_proxys_server_goes_first_and_no_server_is_tried_again),
		cmocka_unit_test(what_was_built_has_the_name_that_is_linked),
		cmocka_unit_test(every_loader_that_is_linked_is_brought),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
