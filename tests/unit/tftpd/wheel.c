/* SPDX-License-Identifier: ISC */
/* The timers' wheel: nobody too soon, nobody forgotten. */
#include "tests/unit/unit.h"

#include "tftpd/wheel.h"

#include <stdlib.h>

#define SESSIONS 200

static struct wheel wheel;

static void
put(struct session *s, int64_t wake_ms)
{
	s->transfer.wake_ms = wake_ms;
	wheel_put(&wheel, s);
}

static void
a_session_comes_at_its_time_and_not_before(void **state)
{
	struct session s = { 0 };

	(void)state;
	wheel_open(&wheel, 1000);
	put(&s, 1100);
	assert_null(wheel_turn(&wheel, 1099));
	assert_in_range(wheel.soonest_ms, 1100, 1100 + WHEEL_SLOT_MS);
	assert_ptr_equal(wheel_turn(&wheel, 1100 + WHEEL_SLOT_MS), &s);
	assert_null(wheel_turn(&wheel, 100000));
	assert_true(wheel.soonest_ms == INT64_MAX);
}

static void
what_is_put_off_comes_later(void **state)
{
	struct session s = { 0 };

	(void)state;
	wheel_open(&wheel, 0);
	put(&s, 100);
	put(&s, 500);
	assert_null(wheel_turn(&wheel, 200));
	assert_ptr_equal(wheel_turn(&wheel, 510), &s);
	put(&s, 900);
	put(&s, 600);
	assert_ptr_equal(wheel_turn(&wheel, 610), &s);
}

static void
what_is_taken_off_never_comes(void **state)
{
	struct session s = { 0 };

	(void)state;
	wheel_open(&wheel, 0);
	put(&s, 100);
	wheel_remove(&wheel, &s);
	wheel_remove(&wheel, &s);
	assert_null(wheel_turn(&wheel, 100000));
}

static void
many_rounds_ahead_is_no_matter(void **state)
{
	struct session s = { 0 };
	int64_t now_ms, past_ms;

	(void)state;
	wheel_open(&wheel, 0);
	put(&s, 255000);
	for (now_ms = 0; now_ms < 255000; now_ms += 77)
		assert_null(wheel_turn(&wheel, now_ms));
	assert_ptr_equal(wheel_turn(&wheel, 255010), &s);
	/* And after a long sleep of the whole process. */
	past_ms = INT64_C(100) * 24 * 3600 * 1000;
	put(&s, past_ms + 50);
	assert_null(wheel_turn(&wheel, past_ms));
	assert_ptr_equal(wheel_turn(&wheel, past_ms + 60), &s);
}

/* Each is woken within a slot of its time, whatever happens meanwhile. */
static void
a_crowd_is_woken_in_time(void **state)
{
	struct session *s = calloc(SESSIONS, sizeof(*s)), *woken;
	int64_t now_ms;
	size_t i, turns = 0;

	(void)state;
	assert_non_null(s);
	srandom(1);
	wheel_open(&wheel, 5000);
	for (i = 0; i < SESSIONS; i++)
		put(&s[i], 5000 + random() % 9000);
	for (now_ms = 5000; now_ms < 60000; now_ms++) {
		i = (size_t)random() % SESSIONS;
		put(&s[i], now_ms + 1 + random() % 5000);
		while ((woken = wheel_turn(&wheel, now_ms)) != NULL) {
			assert_in_range(now_ms - woken->transfer.wake_ms, 0,
			    WHEEL_SLOT_MS);
			put(woken, now_ms + 1 + random() % 5000);
			turns++;
		}
	}
	assert_true(turns > SESSIONS);
	free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_comes_at_its_time_and_not_before),
		cmocka_unit_test(what_is_put_off_comes_later),
		cmocka_unit_test(what_is_taken_off_never_comes),
		cmocka_unit_test(many_rounds_ahead_is_no_matter),
		cmocka_unit_test(a_crowd_is_woken_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
