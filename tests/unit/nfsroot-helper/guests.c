/* SPDX-License-Identifier: ISC */
/* Tests of who may mount. */
#include "tests/unit/unit.h"

#include <string.h>

#include "nfsroot-helper/asker.h"
#include "nfsroot-helper/nearby.h"

static bool
admits(const struct guests *g, const char *address, bool local, bool seen)
{
	union address a;

	assert_true(address_parse(address, 0, &a));
	return guests_admit(g, &a.sa, local, seen);
}

static void
by_default_neighbours_and_known_machines_may_mount(void **state)
{
	struct guests g;

	(void)state;
	guests_init(&g);
	assert_true(admits(&g, "10.0.0.1", true, false));
	assert_true(admits(&g, "10.0.0.1", false, true));
	assert_false(admits(&g, "10.0.0.1", false, false));
}

static void
a_list_takes_the_place_of_the_default(void **state)
{
	struct guests g;

	(void)state;
	guests_init(&g);
	assert_true(guests_add(&g, "10.1.0.0/20"));
	assert_true(guests_add(&g, "fd00:1::/33"));
	assert_true(guests_add(&g, "192.0.2.7"));
	assert_false(admits(&g, "10.0.0.1", true, true));
	assert_true(admits(&g, "10.1.15.255", false, false));
	assert_false(admits(&g, "10.1.16.0", false, false));
	assert_true(admits(&g, "192.0.2.7", false, false));
	assert_false(admits(&g, "192.0.2.6", false, false));
	assert_true(admits(&g, "fd00:1:0:1::5", false, false));
	assert_true(admits(&g, "fd00:1:7fff::", false, false));
	assert_false(admits(&g, "fd00:1:8000::", false, false));
	assert_true(guests_add(&g, "seen"));
	assert_true(admits(&g, "10.0.0.1", false, true));
	assert_false(admits(&g, "10.0.0.1", true, false));
	assert_true(guests_add(&g, "local"));
	assert_true(admits(&g, "10.0.0.1", true, false));
	assert_true(guests_add(&g, "any"));
	assert_true(admits(&g, "203.0.113.1", false, false));
}

static void
a_network_of_no_bits_is_all_of_its_family(void **state)
{
	struct guests g;

	(void)state;
	guests_init(&g);
	assert_true(guests_add(&g, "0.0.0.0/0"));
	assert_true(admits(&g, "203.0.113.1", false, false));
	assert_false(admits(&g, "fd00::1", false, false));
}

static void
what_is_no_network_is_refused(void **state)
{
	static const char *const words[] = { "", "everybody", "10.0.0.0/33",
	    "10.0.0/8", "fd00::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/x",
	    "10.0.0.0/8/8" };
	struct guests g;
	size_t i;

	(void)state;
	guests_init(&g);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(guests_add(&g, words[i]));
	assert_false(admits(&g, "10.0.0.1", false, false));
}

static const struct mac one = { { 0x52, 0x54, 0, 0, 0, 1 } };
static const struct mac two = { { 0x52, 0x54, 0, 0, 0, 2 } };

static void
a_view_is_for_its_machine_alone(void **state)
{
	struct asker a = { .has_mac = true, .mac = one, .privileged = true };
	const char *why = "";

	(void)state;
	assert_true(asker_may_view(&a, &one, &why));
	assert_false(asker_may_view(&a, &two, &why));
	a.privileged = false;
	assert_false(asker_may_view(&a, &one, &why));
	a.privileged = true;
	a.has_mac = false;
	assert_false(asker_may_view(&a, &one, &why));
	assert_string_not_equal(why, "");
	a.is_server = true;
	assert_true(asker_may_view(&a, &two, &why));
}

static void
root_of_the_server_is_known_by_its_port(void **state)
{
	struct asker a = { .host = "127.0.0.1" };
	struct guests g;
	union address address;

	(void)state;
	guests_init(&g);
	assert_true(address_parse("127.0.0.1", 1023, &address));
	a.address = &address.sa;
	asker_identify(&a, &g, NULL, 1);
	assert_true(a.is_server && a.admitted);
	assert_true(address_parse("127.0.0.1", 1024, &address));
	asker_identify(&a, &g, NULL, 1 + ASKER_FRESH_MS - 1);
	assert_true(a.is_server);
	asker_identify(&a, &g, NULL, 1 + ASKER_FRESH_MS);
	assert_false(a.is_server);
}

static void
an_ipv4_address_is_one_on_a_socket_for_both(void **state)
{
	struct asker a = { .host = "192.0.2.9" };
	struct guests g;
	union address address;

	(void)state;
	guests_init(&g);
	assert_true(guests_add(&g, "192.0.2.0/24"));
	assert_true(address_parse("::ffff:192.0.2.9", 800, &address));
	a.address = &address.sa;
	asker_identify(&a, &g, NULL, 1);
	assert_true(a.admitted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    by_default_neighbours_and_known_machines_may_mount),
		cmocka_unit_test(a_list_takes_the_place_of_the_default),
		cmocka_unit_test(a_network_of_no_bits_is_all_of_its_family),
		cmocka_unit_test(what_is_no_network_is_refused),
		cmocka_unit_test(a_view_is_for_its_machine_alone),
		cmocka_unit_test(root_of_the_server_is_known_by_its_port),
		cmocka_unit_test(an_ipv4_address_is_one_on_a_socket_for_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
