/* SPDX-License-Identifier: ISC */
/* Boot menus: what a folder's names may say, and option 43 of them. */
#include "proxydhcpd/menu.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct in_addr self = { 0x02004d0a };	/* 10.77.0.2 */

static size_t
put(const struct menu *m, uint8_t octets[255])
{
	struct wire_out w;

	wire_out_init(&w, octets, 255);
	menu_put(&w, m, self);
	assert_false(w.bad);
	return w.len;
}

static void
a_name_is_a_number_and_a_text(void **state)
{
	static const char *const bad[] = { "Install", "10", "10-", "-Install",
	    "32767-x", "99999999999999999999-x", "1x-y", " 1-x",
	    "1-sixty-one-octets-of-a-name-are-one-more-than-there-may-be-here" };
	struct menu m;
	size_t i;

	(void)state;
	menu_init(&m);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(menu_add(&m, bad[i], "x"), MENU_BAD_NAME);
	assert_int_equal(m.n, 0);
	assert_int_equal(menu_add(&m, "32766-a - b", "x"), MENU_OK);
	assert_int_equal(m.entry[0].type, 0xfffe);
	assert_string_equal(menu_text(&m.entry[0]), "a - b");
}

static void
a_target_is_ours_or_boot_servers_or_the_disk(void **state)
{
	static const char *const bad[] = { "10.0.0.9,", "10.0.0", "@10.0.0.9",
	    "0@10.0.0.9", "65535@10.0.0.9", "3@", "3@4@10.0.0.9",
	    "224.0.0.1", "10.0.0.1,10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.5" };
	struct menu m;
	size_t i;

	(void)state;
	menu_init(&m);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(menu_add(&m, "1-x", bad[i]),
		    MENU_BAD_TARGET);
	assert_int_equal(menu_add(&m, "1-Here", "../../pub/10.0.0.9"), MENU_OK);
	assert_true(m.entry[0].ours);
	assert_int_equal(menu_add(&m, "2-There", "10.0.0.9,10.0.0.10"),
	    MENU_OK);
	assert_false(m.entry[1].ours);
	assert_int_equal(m.entry[1].nservers, 2);
	assert_int_equal(m.entry[1].type, 0x8002);
	assert_int_equal(menu_add(&m, "3-Them", "3@10.0.0.9"), MENU_OK);
	assert_int_equal(m.entry[2].type, 3);
	assert_int_equal(menu_add(&m, "4-Disk", "local"), MENU_OK);
	assert_int_equal(m.entry[3].type, 0);
	assert_ptr_equal(menu_find(&m, 0x8001), &m.entry[0]);
	assert_null(menu_find(&m, 0x8002));
	assert_null(menu_find(&m, 3));
	assert_null(menu_find(&m, 0));
}

static void
entries_stand_by_number_and_each_number_once(void **state)
{
	struct menu m;
	char name[16];
	size_t i;

	(void)state;
	menu_init(&m);
	for (i = MENU_ENTRIES_MAX; i > 0; i--) {
		snprintf(name, sizeof(name), "%zu-x", i * 7 % 17);
		assert_int_equal(menu_add(&m, name, "x"), MENU_OK);
	}
	for (i = 1; i < m.n; i++)
		assert_true(m.entry[i - 1].number < m.entry[i].number);
	assert_int_equal(menu_add(&m, "100-x", "x"), MENU_TOO_MANY);
	menu_init(&m);
	assert_int_equal(menu_add(&m, "7-x", "x"), MENU_OK);
	assert_int_equal(menu_add(&m, "07-y", "y"), MENU_TWICE);
}

static void
values_are_bounded(void **state)
{
	struct menu m;

	(void)state;
	menu_init(&m);
	assert_int_equal(menu_set_timeout(&m, "256"), MENU_BAD_VALUE);
	assert_int_equal(menu_set_timeout(&m, ""), MENU_BAD_VALUE);
	assert_int_equal(menu_set_timeout(&m, "255"), MENU_OK);
	assert_int_equal(m.timeout, MENU_WAIT);
	assert_int_equal(menu_set_prompt(&m, ""), MENU_BAD_VALUE);
	assert_int_equal(menu_set_multicast(&m, "10.0.0.1"), MENU_BAD_VALUE);
	assert_int_equal(menu_set_multicast(&m, "ff02::1"), MENU_BAD_VALUE);
	assert_int_equal(menu_set_multicast(&m, "239.1.2.3"), MENU_OK);
}

/* All bits of discovery control but the one of `direct': 43.6, 43.7. */
static void
discovery_control_follows_the_files(void **state)
{
	uint8_t octets[255];
	struct menu m;

	(void)state;
	menu_of_one(&m);
	put(&m, octets);
	assert_memory_equal(octets, "\6\1\3\10", 4);
	m.broadcast = true;
	put(&m, octets);
	assert_memory_equal(octets, "\6\1\2\10", 4);
	assert_int_equal(menu_set_multicast(&m, "239.1.2.3"), MENU_OK);
	put(&m, octets);
	assert_memory_equal(octets, "\6\1\0\7\4\357\1\2\3\10", 10);
	m.listed = true;
	put(&m, octets);
	assert_memory_equal(octets, "\6\1\4\7\4\357\1\2\3\10", 10);
}

static void
a_menu_is_written_as_pxe_has_it(void **state)
{
	static const uint8_t want[] = "\6\1\3"
	    "\10\22\200\12\1\12\115\0\2\0\3\2\12\0\0\11\12\0\0\12"
	    "\11\26\200\12\4Ours\0\3\5There\0\0\4Disk"
	    "\12\4\5Go!";
	uint8_t octets[255];
	struct menu m;

	(void)state;
	menu_init(&m);
	assert_int_equal(menu_add(&m, "30-Disk", "local"), MENU_OK);
	assert_int_equal(menu_add(&m, "20-There", "3@10.0.0.9,10.0.0.10"),
	    MENU_OK);
	assert_int_equal(menu_add(&m, "10-Ours", "x"), MENU_OK);
	assert_int_equal(menu_set_timeout(&m, "5"), MENU_OK);
	assert_int_equal(menu_set_prompt(&m, "Go!"), MENU_OK);
	assert_int_equal(menu_check(&m), MENU_OK);
	assert_int_equal(put(&m, octets), sizeof(want) - 1);
	assert_memory_equal(octets, want, sizeof(want) - 1);
}

static void
a_menu_of_the_disk_alone_or_too_long_is_none(void **state)
{
	struct menu m;
	char name[64];
	int i;

	(void)state;
	menu_init(&m);
	assert_int_equal(menu_check(&m), MENU_EMPTY);
	assert_int_equal(menu_add(&m, "1-Disk", "local"), MENU_OK);
	assert_int_equal(menu_check(&m), MENU_EMPTY);
	menu_init(&m);
	for (i = 1; i <= 4; i++) {
		snprintf(name, sizeof(name), "%d-%058d", i, i);
		assert_int_equal(menu_add(&m, name, "x"), MENU_OK);
	}
	assert_int_equal(menu_check(&m), MENU_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_a_number_and_a_text),
		cmocka_unit_test(a_target_is_ours_or_boot_servers_or_the_disk),
		cmocka_unit_test(entries_stand_by_number_and_each_number_once),
		cmocka_unit_test(values_are_bounded),
		cmocka_unit_test(discovery_control_follows_the_files),
		cmocka_unit_test(a_menu_is_written_as_pxe_has_it),
		cmocka_unit_test(a_menu_of_the_disk_alone_or_too_long_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
