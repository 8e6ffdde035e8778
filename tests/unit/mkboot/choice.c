/* SPDX-License-Identifier: ISC */
/* The boot menu for people. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "mkboot/choice.h"

#define IMAGES 2000

static const char *
menu_of(unsigned timeout_s, const char *prompt, size_t images)
{
	static char text[SCRIPT_SIZE], names[IMAGES][NAME_IMAGE_SIZE];
	static char *at[IMAGES];
	struct choice c = { .images = { at, images }, .usual = "i1",
	    .timeout_s = timeout_s };
	size_t i;

	for (i = 0; i < images; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "i%zu", i);
		at[i] = names[i];
	}
	(void)strlcpy(c.prompt, prompt, sizeof(c.prompt));
	return choice_script(&c, text) ? text : NULL;
}

static void
each_image_is_an_item_and_the_disk_is_the_last(void **state)
{
	(void)state;
	assert_non_null(strstr(menu_of(10, "", 2),
	    "\nmenu What is this machine to boot?\nitem i0 i0\nitem i1 i1\n"
	    "item --gap\nitem --key x local "));
}

static void
who_does_not_choose_gets_the_usual_one(void **state)
{
	(void)state;
	assert_non_null(strstr(menu_of(10, "", 2),
	    "choose --timeout 10000 --default i1 image ||"));
	assert_non_null(strstr(menu_of(CHOICE_WAIT, "", 2),
	    "choose --default i1 image ||"));
	assert_non_null(strstr(menu_of(0, "", 2), "choose --timeout 1 --"));
}

static void
a_prompt_is_shown_if_ipxe_can(void **state)
{
	(void)state;
	assert_non_null(strstr(menu_of(10, "Which?", 2), "\nmenu Which?\n"));
	assert_true(choice_prompt_is_good("Which one, room 7?"));
	assert_false(choice_prompt_is_good(""));
	assert_false(choice_prompt_is_good("a || b"));
	assert_false(choice_prompt_is_good("a # b"));
	assert_false(choice_prompt_is_good("a\tb"));
	assert_false(choice_prompt_is_good("--name x"));
}

static void
too_many_images_are_said_and_not_cut(void **state)
{
	(void)state;
	assert_non_null(menu_of(10, "", 100));
	assert_null(menu_of(10, "", IMAGES));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_image_is_an_item_and_the_disk_is_the_last),
		cmocka_unit_test(who_does_not_choose_gets_the_usual_one),
		cmocka_unit_test(a_prompt_is_shown_if_ipxe_can),
		cmocka_unit_test(too_many_images_are_said_and_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
