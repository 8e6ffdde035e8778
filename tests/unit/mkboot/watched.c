/* SPDX-License-Identifier: ISC */
/* Which watch tells of what, and what has to be rendered. */
#include "tests/unit/unit.h"

#include <string.h>

#include "mkboot/watched.h"

#define A "52-54-00-00-00-0a"
#define B "52-54-00-00-00-0b"

enum { MACHINES = 1, IMAGES, IMAGE, MACHINE_A, FILES_A };

static void
fill(struct watched *w)
{
	memset(w, 0, sizeof(*w));
	/* In no order, as watches may be made anew. */
	assert_int_equal(watched_add(w, FILES_A, WATCHED_FILES, A), 0);
	assert_int_equal(watched_add(w, MACHINES, WATCHED_MACHINES, ""), 0);
	assert_int_equal(watched_add(w, MACHINE_A, WATCHED_MACHINE, A), 0);
	assert_int_equal(watched_add(w, IMAGE, WATCHED_IMAGE, ""), 0);
	assert_int_equal(watched_add(w, IMAGES, WATCHED_IMAGES, ""), 0);
}

static void
a_change_in_a_machine_renders_that_machine_once(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_true(watched_mark(&w, MACHINE_A, "hostname"));
	assert_true(watched_mark(&w, FILES_A, "motd"));
	assert_true(watched_mark(&w, MACHINES, A));
	assert_false(watched_all(&w));
	assert_string_equal(watched_changed(&w, 0), A);
	assert_null(watched_changed(&w, 1));
	watched_reset(&w);
	assert_null(watched_changed(&w, 0));
	watched_free(&w);
}

static void
a_new_or_lost_machine_is_rendered(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_true(watched_mark(&w, MACHINES, B));
	assert_true(watched_mark(&w, MACHINES, "default"));
	assert_string_equal(watched_changed(&w, 0), B);
	assert_string_equal(watched_changed(&w, 1), "default");
	watched_free(&w);
}

static void
half_made_files_and_strange_names_are_nothing(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_false(watched_mark(&w, MACHINES, "README"));
	assert_false(watched_mark(&w, MACHINES, ".x.tmp"));
	assert_false(watched_mark(&w, MACHINE_A, ".hostname.tmp"));
	assert_false(watched_mark(&w, IMAGE, ".cmdline.tmp"));
	assert_false(watched_mark(&w, 99, "hostname"));
	assert_null(watched_changed(&w, 0));
	assert_false(watched_all(&w));
	watched_free(&w);
}

static void
a_dot_in_files_is_the_machines_own(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_true(watched_mark(&w, FILES_A, ".ssh"));
	assert_string_equal(watched_changed(&w, 0), A);
	watched_free(&w);
}

static void
a_change_of_an_image_renders_everything(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_true(watched_mark(&w, IMAGE, "cmdline"));
	assert_true(watched_all(&w));
	watched_reset(&w);
	assert_false(watched_all(&w));
	assert_true(watched_mark(&w, IMAGES, "new"));
	assert_true(watched_all(&w));
	watched_reset(&w);
	watched_mark_all(&w);
	assert_true(watched_all(&w));
	watched_free(&w);
}

static void
one_watch_can_stand_for_two_machines(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_int_equal(watched_add(&w, MACHINE_A, WATCHED_MACHINE, B), 0);
	assert_int_equal(watched_add(&w, MACHINE_A, WATCHED_MACHINE, B), 0);
	assert_true(watched_mark(&w, MACHINE_A, "cmdline"));
	assert_non_null(watched_changed(&w, 1));
	assert_null(watched_changed(&w, 2));
	watched_free(&w);
}

static void
a_watch_that_is_gone_tells_of_nothing(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_false(watched_remove(&w, MACHINE_A));
	assert_false(watched_mark(&w, MACHINE_A, "hostname"));
	assert_true(watched_mark(&w, FILES_A, "motd"));
	assert_false(watched_remove(&w, MACHINE_A));
	assert_true(watched_remove(&w, MACHINES));
	assert_true(watched_remove(&w, IMAGES));
	watched_free(&w);
}

static void
machine_itself_moved_away_renders_everything(void **state)
{
	struct watched w;

	(void)state;
	fill(&w);
	assert_true(watched_mark(&w, MACHINES, ""));
	assert_true(watched_all(&w));
	watched_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_change_in_a_machine_renders_that_machine_once),
		cmocka_unit_test(a_new_or_lost_machine_is_rendered),
		cmocka_unit_test(
		    half_made_files_and_strange_names_are_nothing),
		cmocka_unit_test(a_dot_in_files_is_the_machines_own),
		cmocka_unit_test(a_change_of_an_image_renders_everything),
		cmocka_unit_test(one_watch_can_stand_for_two_machines),
		cmocka_unit_test(a_watch_that_is_gone_tells_of_nothing),
		cmocka_unit_test(
		    machine_itself_moved_away_renders_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
