/* SPDX-License-Identifier: ISC */
/* What is remembered of machines, and what the log was told. */
#include "proxydhcpd/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proxydhcpd/notice.h"

static struct mac
mac_of(unsigned n)
{
	return (struct mac){ { 0x52, 0x54, 0, (uint8_t)(n >> 16),
	    (uint8_t)(n >> 8), (uint8_t)n } };
}

static struct memory *
memory(void)
{
	struct memory *m = calloc(1, sizeof(*m));

	assert_non_null(m);
	return m;
}

static void
a_boot_is_counted_from_its_first_packet(void **state)
{
	const struct mac a = mac_of(1), b = mac_of(2);
	struct memory *m = memory();

	(void)state;
	assert_int_equal(memory_asked_s(m, &a, 5000), 0);
	assert_int_equal(memory_asked_s(m, &a, 8999), 3);
	assert_int_equal(memory_asked_s(m, &b, 9000), 0);
	assert_int_equal(memory_asked_s(m, &a, 9000), 4);
	/* After a minute of silence it is another boot. */
	assert_int_equal(memory_asked_s(m, &a, 69000), 64);
	assert_int_equal(memory_asked_s(m, &a, 130000), 0);
	free(m);
}

static void
facts_are_said_when_they_change_or_are_old(void **state)
{
	const struct mac a = mac_of(1);
	struct memory *m = memory();

	(void)state;
	assert_false(memory_said(m, &a, 7, 1));
	assert_true(memory_said(m, &a, 7, 2));
	assert_false(memory_said(m, &a, 8, 3));
	assert_true(memory_said(m, &a, 8, 3));
	assert_false(memory_said(m, &a, 8, 3 + MEMORY_SAID_S * 1000));
	free(m);
}

static void
ten_thousand_machines_of_one_maker_are_remembered(void **state)
{
	struct memory *m = memory();
	unsigned i, forgotten = 0;
	struct mac mac;

	(void)state;
	for (i = 0; i < 10000; i++) {
		mac = mac_of(i);
		assert_false(memory_said(m, &mac, 7, 1));
	}
	for (i = 0; i < 10000; i++) {
		mac = mac_of(i);
		forgotten += !memory_said(m, &mac, 7, 2);
	}
	assert_int_equal(forgotten, 0);
	free(m);
}

static void
of_too_many_the_longest_unheard_is_forgotten(void **state)
{
	struct memory *m = memory();
	const struct mac a = mac_of(0);
	struct mac mac;
	unsigned i;

	(void)state;
	assert_false(memory_said(m, &a, 7, 1));
	for (i = 1; i < 100000; i++) {
		mac = mac_of(i);
		memory_asked_s(m, &mac, 1000 + i);
	}
	assert_false(memory_said(m, &a, 7, 200000));
	free(m);
}

static void
one_fault_is_said_once_and_others_too(void **state)
{
	struct notices n = { .next = 0 };

	(void)state;
	assert_true(notice_first(&n, "a", "x", 1));
	assert_false(notice_first(&n, "a", "x", 1));
	assert_true(notice_first(&n, "a", "y", 1));
	assert_true(notice_first(&n, "b", "x", 1));
	assert_true(notice_first(&n, "ax", "", 0));
}

static void
what_was_said_long_ago_may_be_said_again(void **state)
{
	struct notices n = { .next = 0 };
	unsigned i;

	(void)state;
	assert_true(notice_first(&n, "a", "x", 1));
	for (i = 0; i < NOTICES_MAX; i++)
		assert_true(notice_first(&n, "n", &i, sizeof(i)));
	assert_true(notice_first(&n, "a", "x", 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_boot_is_counted_from_its_first_packet),
		cmocka_unit_test(facts_are_said_when_they_change_or_are_old),
		cmocka_unit_test(
		    ten_thousand_machines_of_one_maker_are_remembered),
		cmocka_unit_test(of_too_many_the_longest_unheard_is_forgotten),
		cmocka_unit_test(one_fault_is_said_once_and_others_too),
		cmocka_unit_test(what_was_said_long_ago_may_be_said_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
