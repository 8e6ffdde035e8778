/* SPDX-License-Identifier: ISC */
/* The queue whose writer may be slow, but nobody else. */
#include "common/notes.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/unit.h"

#define CAPACITY 8192
#define NOTES 100

/* A writer that stands still while its gate is locked. */
struct book {
	pthread_mutex_t gate;
	int numbers[NOTES * 10];
	size_t written;
};

struct entry {
	int number, subject;
	char filler[NOTES_NOTE_MIN];
};

static uint64_t
subject(const void *note)
{
	struct entry e;

	memcpy(&e, note, sizeof(e));
	return (uint64_t)e.subject;
}

static void
write_down(void *context, const void *note, size_t len)
{
	struct book *b = context;
	struct entry e;

	if (note == NULL)
		return;
	assert_int_equal(len, sizeof(e));
	memcpy(&e, note, len);
	pthread_mutex_lock(&b->gate);
	b->numbers[b->written++] = e.number;
	pthread_mutex_unlock(&b->gate);
}

static bool
put(struct notes *n, int number, int of)
{
	const struct entry e = { .number = number, .subject = of };

	return notes_put(n, &e, sizeof(e), false);
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
	n = notes_start(CAPACITY, subject, write_down, &b);
	assert_non_null(n);
	for (i = 0; i < NOTES; i++)
		assert_true(put(n, i, 0));
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
	n = notes_start(CAPACITY / 8, subject, write_down, &b);
	assert_non_null(n);
	for (i = 0; i < NOTES * 10; i++) {
		if (put(n, i, 0))
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

/* While the first is being written, or gathered, the others come. */
static void
notes_of_one_subject_are_together_and_in_order(void **state)
{
	struct notes *n;
	struct book b;
	int i;

	(void)state;
	open_book(&b);
	n = notes_start(CAPACITY, subject, write_down, &b);
	assert_non_null(n);
	for (i = 0; i < 30; i++)
		assert_true(put(n, i, i % 3));
	assert_true(notes_stop(n, 10000));
	assert_int_equal(b.written, 30);
	for (i = 0; i < 30; i++)
		assert_int_equal(b.numbers[i], i / 10 + i % 10 * 3);
}

static void
a_note_too_long_or_too_short_is_refused(void **state)
{
	static const uint8_t longest[NOTES_NOTE_MAX + 1];
	struct notes *n;
	struct book b;

	(void)state;
	open_book(&b);
	n = notes_start(CAPACITY, subject, write_down, &b);
	assert_non_null(n);
	assert_false(notes_put(n, longest, sizeof(longest),
	    false));
	assert_false(notes_put(n, longest, NOTES_NOTE_MIN - 1,
	    true));
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
		cmocka_unit_test(
		    notes_of_one_subject_are_together_and_in_order),
		cmocka_unit_test(a_note_too_long_or_too_short_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
