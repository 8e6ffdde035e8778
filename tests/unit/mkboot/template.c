/* SPDX-License-Identifier: ISC */
/* @NAME@ in a text. */
#include "mkboot/template.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static bool
known(void *context, const char *name, char value[TEMPLATE_VALUE_SIZE])
{
	(void)context;
	if (strcmp(name, "HOSTNAME") == 0)
		strlcpy(value, "alpha", TEMPLATE_VALUE_SIZE);
	else if (strcmp(name, "N2_") == 0)
		strlcpy(value, "@HOSTNAME@", TEMPLATE_VALUE_SIZE);
	else if (strcmp(name, "EMPTY") == 0)
		value[0] = '\0';
	else
		return false;
	return true;
}

static const struct template_values values = { known, NULL };

static void
becomes(const char *text, const char *want)
{
	struct template_text made;

	assert_int_equal(template_expand(text, strlen(text), &values, &made),
	    TEMPLATE_OK);
	assert_int_equal(made.len, strlen(want));
	assert_memory_equal(made.text, want, made.len);
	free(made.text);
}

static void
a_name_becomes_its_value_wherever_it_stands(void **state)
{
	(void)state;
	becomes("@HOSTNAME@", "alpha");
	becomes("host @HOSTNAME@.lan\nagain @HOSTNAME@@HOSTNAME@\n",
	    "host alpha.lan\nagain alphaalpha\n");
	becomes("a@EMPTY@b", "ab");
}

static void
an_at_sign_that_names_nothing_stands_for_itself(void **state)
{
	static const char *const same[] = {
		"root@host", "@", "@@", "a@b@c", "@lower@", "@9A@", "@HOST",
		"@HOST NAME@", "@ HOSTNAME@", "@_A@"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		becomes(same[i], same[i]);
	becomes("@@HOSTNAME@@", "@alpha@");
	becomes("root@HOSTNAME@", "rootalpha");
}

static void
at_lets_a_name_stand_as_it_is(void **state)
{
	(void)state;
	becomes("@AT@HOSTNAME@", "@HOSTNAME@");
}

static void
a_value_is_not_looked_at_again(void **state)
{
	(void)state;
	becomes("@N2_@", "@HOSTNAME@");
}

static void
an_unknown_name_is_told_with_its_line(void **state)
{
	static const char text[] = "one\n@HOSTNAME@\nthree @NOBODY@\n";
	struct template_text made;

	(void)state;
	assert_int_equal(template_expand(text, strlen(text), &values, &made),
	    TEMPLATE_UNKNOWN);
	assert_string_equal(made.unknown, "NOBODY");
	assert_int_equal(made.line, 3);
	assert_null(made.text);
}

static void
a_name_too_long_is_none(void **state)
{
	char text[TEMPLATE_NAME_SIZE + 3];

	(void)state;
	memset(text, 'A', sizeof(text));
	text[0] = '@';
	text[sizeof(text) - 2] = '@';
	text[sizeof(text) - 1] = '\0';
	becomes(text, text);
}

static void
what_has_a_nul_is_no_text(void **state)
{
	(void)state;
	assert_true(template_is_text("", 0));
	assert_true(template_is_text("a\n\xff", 3));
	assert_false(template_is_text("a\0b", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_becomes_its_value_wherever_it_stands),
		cmocka_unit_test(
		    an_at_sign_that_names_nothing_stands_for_itself),
		cmocka_unit_test(at_lets_a_name_stand_as_it_is),
		cmocka_unit_test(a_value_is_not_looked_at_again),
		cmocka_unit_test(an_unknown_name_is_told_with_its_line),
		cmocka_unit_test(a_name_too_long_is_none),
		cmocka_unit_test(what_has_a_nul_is_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
