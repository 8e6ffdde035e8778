/* SPDX-License-Identifier: ISC */
/* vlan= and bond=, as dracut writes them. */
#include "tests/unit/unit.h"

#include "mkboot/init/virtual.h"

#include <string.h>

static void
a_vlans_number_is_at_the_end_of_its_name(void **state)
{
	struct vlan_param v;

	(void)state;
	assert_null(virtual_vlan(&v, "eth0.5:eth0"));
	assert_string_equal(v.name, "eth0.5");
	assert_string_equal(v.card, "eth0");
	assert_int_equal(v.id, 5);
	assert_null(virtual_vlan(&v, "vlan0042:eth1"));
	assert_int_equal(v.id, 42);
	assert_null(virtual_vlan(&v, "vlan7"));
	assert_string_equal(v.card, "");
}

static void
a_bond_has_cards_and_options(void **state)
{
	struct bond_param b;
	const char *options;
	char name[32], value[32];

	(void)state;
	assert_null(virtual_bond(&b,
	    "bond0:eth0,eth1:mode=802.3ad,miimon=100"));
	assert_string_equal(b.name, "bond0");
	assert_int_equal(b.cards, 2);
	assert_string_equal(b.card[1], "eth1");
	options = b.options;
	assert_true(virtual_option(&options, name, value, 32));
	assert_string_equal(name, "mode");
	assert_string_equal(value, "802.3ad");
	assert_true(virtual_option(&options, name, value, 32));
	assert_string_equal(name, "miimon");
	assert_string_equal(value, "100");
	assert_false(virtual_option(&options, name, value, 32));
	assert_null(virtual_bond(&b, "b:eth0"));
	assert_int_equal(b.cards, 1);
}

static void
what_is_wrong_changes_nothing(void **state)
{
	static const char *const vlan[] = {
		"", "eth0", "eth0:eth0", "v4095:eth0", "v0", "eth0.5:",
		"../x5:eth0", "a-name-of-16-oct5", "eth0.5:a/b"
	};
	static const char *const bond[] = {
		"", "bond0", "bond0:", "bond0:eth0,,eth1", ".b:eth0",
		"b:eth0:../x=1",
		"b:1,2,3,4,5,6,7,8,9"
	};
	struct vlan_param v = { .id = 9 };
	struct bond_param b = { .cards = 3 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(vlan) / sizeof(vlan[0]); i++)
		assert_non_null(virtual_vlan(&v, vlan[i]));
	for (i = 0; i < sizeof(bond) / sizeof(bond[0]); i++)
		assert_non_null(virtual_bond(&b, bond[i]));
	assert_int_equal(v.id, 9);
	assert_int_equal(b.cards, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vlans_number_is_at_the_end_of_its_name),
		cmocka_unit_test(a_bond_has_cards_and_options),
		cmocka_unit_test(what_is_wrong_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
