/* SPDX-License-Identifier: ISC */
/* The queue whose writer may be slow, but nobody else. */
#include "common/notes.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/unit.h"

#define CAPACITY 4096
#define NOTES 100

/* A writer that stands still while its gate is locked. */
struct book {
	pthread_mutex_t gate;
	int numbers[NOTES * 10];
	size_t written;
};

static void
write_down(void *context, const void *note, size_t len)
{
	struct book *b = context;

	assert_int_equal(len, sizeof(int));
	pthread_mutex_lock(&b->gate);
	memcpy(&b->numbers[b->written++], note, len);
	pthread_mutex_unlock(&b->gate);
}

static void
open_book(struct book *b)
{
	memset(b, 0, sizeof(*b));
	pthread_mutex_init(&b->gate, NULL);
}

static void
notes_are_written_in_order_and_all_before_the_end(void **state)
{
	struct notes *n;
	struct book b;
	int i;

	(void)state;
	open_book(&b);
	n = notes_start(CAPACITY, write_down, &b);
	assert_non_null(n);
	for (i = 0; i < NOTES; i++)
		assert_true(notes_put(n, &i, sizeof(i)));
	assert_true(notes_stop(n, 10000));
	assert_int_equal(b.written, NOTES);
	for (i = 0; i < NOTES; i++)
		assert_int_equal(b.numbers[i], i);
}

/* Each note that was taken is written; what had no room was refused. */
static void
a_writer_that_hangs_holds_up_nobody_and_takes_no_memory(void **state)
{
	size_t taken = 0, refused = 0;
	struct notes *n;
	struct book b;
	int i;

	(void)state;
	open_book(&b);
	pthread_mutex_lock(&b.gate);
	n = notes_start(CAPACITY / 8, write_down, &b);
	assert_non_null(n);
	for (i = 0; i < NOTES * 10; i++) {
		if (notes_put(n, &i, sizeof(i)))
			taken++;
		else
			refused++;
	}
	assert_true(refused > 0);
	assert_false(notes_stop(n, 1));
	pthread_mutex_unlock(&b.gate);
	assert_true(notes_stop(n, 10000));
	assert_int_equal(b.written, taken);
}

static void
a_note_too_long_is_refused(void **state)
{
	static const uint8_t longest[NOTES_NOTE_MAX + 1];
	struct notes *n;
	struct book b;

	(void)state;
	open_book(&b);
	n = notes_start(CAPACITY, write_down, &b);
	assert_non_null(n);
	assert_false(notes_put(n, longest, sizeof(longest)));
	assert_true(notes_stop(n, 10000));
	assert_int_equal(b.written, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    notes_are_written_in_order_and_all_before_the_end),
		cmocka_unit_test(
		    a_writer_that_hangs_holds_up_nobody_and_takes_no_memory),
		cmocka_unit_test(a_note_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
