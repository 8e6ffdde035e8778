/* SPDX-License-Identifier: ISC */
/* Names, hosts and ids: what makes one machine differ from another. */
#include "tests/unit/unit.h"

#include "mkboot/init/names.h"

#include <ctype.h>
#include <string.h>

static const struct mac card = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

static void
a_hostname_is_the_first_word_and_nothing_odd(void **state)
{
	static const char *const bad[] = {
		"", "\n", "-x", ".x", "a_b", "a/b", "a\001b", "h\xc3\xb6st",
		("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")
	};
	char name[NAMES_HOST];
	size_t i;

	(void)state;
	assert_true(names_host("boxen-1.lab\n# comment\n", name));
	assert_string_equal(name, "boxen-1.lab");
	assert_true(names_host("  2x\n", name));
	assert_string_equal(name, "2x");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(names_host(bad[i], name));
		assert_string_equal(name, "");
	}
}

static void
a_nameless_machine_is_called_by_its_card(void **state)
{
	char name[NAMES_HOST], same[NAMES_HOST];

	(void)state;
	assert_string_equal(names_from_mac(&card, name),
	    "pixie-52-54-00-12-34-56");
	assert_true(names_host(name, same));
	assert_string_equal(name, same);
}

static void
hosts_gets_one_line_in_place_of_any_other(void **state)
{
	char out[256];

	(void)state;
	assert_true(names_hosts("127.0.0.1 localhost\n127.0.1.1\told old\n"
	    "  127.0.1.1 older\n127.0.1.11 other\n::1 localhost", "box", "",
	    out, sizeof(out)) > 0);
	assert_string_equal(out, "127.0.0.1 localhost\n127.0.1.11 other\n"
	    "::1 localhost\n127.0.1.1\tbox\n");
}

static void
hosts_has_the_whole_name_first(void **state)
{
	char out[256];

	(void)state;
	assert_int_equal(names_hosts("", "box", "lab.example", out,
	    sizeof(out)), strlen("127.0.1.1\tbox.lab.example box\n"));
	assert_string_equal(out, "127.0.1.1\tbox.lab.example box\n");
	names_hosts("", "box.x", "lab.example", out, sizeof(out));
	assert_string_equal(out, "127.0.1.1\tbox.x\n");
}

static void
hosts_that_do_not_fit_are_not_cut(void **state)
{
	char out[40];

	(void)state;
	assert_int_equal(names_hosts("127.0.0.1 localhost\n", "longname",
	    "lab.example", out, sizeof(out)), 0);
	assert_int_equal(names_hosts("a line of more than forty octets, as "
	    "there may be\n", "box", "", out, sizeof(out)), 0);
	assert_int_equal(names_hosts("", "box", "", out, 5), 0);
}

static void
an_id_is_stable_well_formed_and_the_cards_own(void **state)
{
	struct mac other = card;
	char a[NAMES_ID], b[NAMES_ID];
	size_t i;

	(void)state;
	names_machine_id(&card, a);
	names_machine_id(&card, b);
	assert_string_equal(a, b);
	assert_int_equal(strlen(a), 33);
	for (i = 0; i < 32; i++)
		assert_true(isdigit((unsigned char)a[i]) ||
		    (a[i] >= 'a' && a[i] <= 'f'));
	assert_int_equal(a[32], '\n');
	assert_int_equal(a[12], '4');
	assert_non_null(strchr("89ab", a[16]));
	other.octet[5]++;
	names_machine_id(&other, b);
	assert_string_not_equal(a, b);
	/* Both halves are the card's, not only one of them. */
	assert_memory_not_equal(a, b, 12);
	assert_memory_not_equal(a + 20, b + 20, 12);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hostname_is_the_first_word_and_nothing_odd),
		cmocka_unit_test(a_nameless_machine_is_called_by_its_card),
		cmocka_unit_test(hosts_gets_one_line_in_place_of_any_other),
		cmocka_unit_test(hosts_has_the_whole_name_first),
		cmocka_unit_test(hosts_that_do_not_fit_are_not_cut),
		cmocka_unit_test(an_id_is_stable_well_formed_and_the_cards_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
