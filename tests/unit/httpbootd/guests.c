/* SPDX-License-Identifier: ISC */
/* Connections: limits, and who is hung up on for waiting. */
#include "tests/unit/unit.h"

#include <arpa/inet.h>

#include <stdio.h>

#include "httpbootd/guests.h"

#define MAX 40
#define EACH 10

static struct guests guests;
static struct guest all[MAX * 4];

static int
fresh(void **state)
{
	(void)state;
	guests_init(&guests, MAX, EACH);
	return 0;
}

static bool
enter(size_t i, const char *host, int64_t now_ms)
{
	union address a;

	assert_true(address_parse(host, 1, &a));
	return guests_enter(&guests, &all[i], (int)i, &a.sa, now_ms);
}

/* `n' guests, each from another address, from all[first] on. */
static void
fill(size_t first, size_t n, int64_t now_ms)
{
	char host[ADDRESS_TEXT];
	size_t i;

	for (i = first; i < first + n; i++) {
		snprintf(host, sizeof(host), "10.0.0.%zu", i + 1);
		assert_true(enter(i, host, now_ms));
		assert_false(all[i].refused);
	}
}

static void
one_address_has_its_limit_and_others_enter(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < EACH; i++) {
		assert_true(enter(i, "2001:db8::1", 0));
		assert_false(all[i].refused);
	}
	assert_true(enter(i, "2001:db8::1", 0));
	assert_true(all[i].refused);
	assert_true(enter(i + 1, "2001:db8::2", 0));
	assert_false(all[i + 1].refused);
	guests_leave(&guests, &all[0]);
	assert_true(enter(0, "2001:db8::1", 0));
	assert_false(all[0].refused);
}

static void
so_many_are_told_and_the_rest_dropped(void **state)
{
	size_t i;

	(void)state;
	fill(0, MAX, 0);
	for (i = MAX; i < MAX + GUESTS_REFUSED_MAX; i++) {
		assert_true(enter(i, "192.0.2.1", 1));
		assert_true(all[i].refused);
	}
	assert_false(enter(i, "192.0.2.1", 1));
	assert_int_equal(guests.n, MAX);
	guests_leave(&guests, &all[MAX]);
	assert_true(enter(i, "192.0.2.1", 1));
}

static void
who_only_waits_makes_room_for_who_comes(void **state)
{
	(void)state;
	fill(0, MAX, 0);
	guests_asked(&guests, &all[0]);		/* is being served */
	assert_null(guests_overdue(&guests, GUESTS_GRACE_MS));
	assert_true(enter(MAX, "192.0.2.1", GUESTS_GRACE_MS));
	assert_false(all[MAX].refused);
	assert_ptr_equal(guests_overdue(&guests, GUESTS_GRACE_MS), &all[1]);
	/* One for one, though the one that goes has not gone yet. */
	assert_null(guests_overdue(&guests, GUESTS_GRACE_MS));
	guests_leave(&guests, &all[1]);
	assert_null(guests_overdue(&guests, GUESTS_GRACE_MS));
	assert_int_equal(guests.n, MAX);
}

static void
who_is_being_served_is_never_sent_away(void **state)
{
	size_t i;

	(void)state;
	fill(0, MAX, 0);
	for (i = 0; i < MAX; i++)
		guests_asked(&guests, &all[i]);
	assert_true(enter(MAX, "192.0.2.1", INT64_C(1) << 40));
	assert_true(all[MAX].refused);
	guests_asked(&guests, &all[MAX]);
	assert_null(guests_overdue(&guests, INT64_C(1) << 40));
}

static void
a_head_that_does_not_come_ends_its_connection(void **state)
{
	(void)state;
	fill(0, 2, 100);
	assert_int_equal(guests_timeout(&guests, 100), GUESTS_PATIENCE_MS);
	guests_asked(&guests, &all[0]);
	guests_served(&guests, &all[0], 200);
	assert_null(guests_overdue(&guests, GUESTS_PATIENCE_MS + 99));
	assert_ptr_equal(guests_overdue(&guests, GUESTS_PATIENCE_MS + 100),
	    &all[1]);
	/* Once only, though it has not left yet. */
	assert_null(guests_overdue(&guests, GUESTS_PATIENCE_MS + 100));
	assert_ptr_equal(guests_overdue(&guests, GUESTS_PATIENCE_MS + 200),
	    &all[0]);
	guests_leave(&guests, &all[0]);
	guests_leave(&guests, &all[1]);
	assert_int_equal(guests_timeout(&guests, 0), -1);
	assert_int_equal(guests.n, 0);
}

static void
who_is_refused_waits_less(void **state)
{
	(void)state;
	fill(0, MAX, 1000);
	assert_true(enter(MAX, "192.0.2.1", 1001));
	assert_int_equal(guests_timeout(&guests, 1001), GUESTS_GRACE_MS);
	assert_ptr_equal(guests_overdue(&guests, 1001 + GUESTS_GRACE_MS),
	    &all[MAX]);
	guests_leave(&guests, &all[MAX]);
	assert_int_equal(guests.refused, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
		    one_address_has_its_limit_and_others_enter, fresh),
		cmocka_unit_test_setup(so_many_are_told_and_the_rest_dropped,
		    fresh),
		cmocka_unit_test_setup(who_only_waits_makes_room_for_who_comes,
		    fresh),
		cmocka_unit_test_setup(who_is_being_served_is_never_sent_away,
		    fresh),
		cmocka_unit_test_setup(
		    a_head_that_does_not_come_ends_its_connection, fresh),
		cmocka_unit_test_setup(who_is_refused_waits_less, fresh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
