/* SPDX-License-Identifier: ISC */
/* The boot directory and seen/, in a temporary folder. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "common/seen.h"

static const struct mac mac = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

struct place {
	char path[32];
	int fd;
};

static void
put(const struct place *p, const char *name, mode_t mode, const char *text)
{
	int fd = openat(p->fd, name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int
setup(void **state)
{
	static const char *const folders[] = {
		"pub", "pub/machine", "pub/machine/52-54-00-12-34-56",
		"pub/machine/52-54-00-00-00-01", "machine", "machine/default",
	};
	struct place *p = calloc(1, sizeof(*p));
	size_t i;

	strcpy(p->path, "/tmp/pixie-test.XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->fd = bootdir_open(p->path);
	assert_true(p->fd != -1);
	for (i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdirat(p->fd, folders[i], 0755), 0);
	put(p, "secret", 0644, "out of pub");
	put(p, "pub/open", 0644, "open\n");
	put(p, "pub/private", 0640, "private\n");
	put(p, "pub/machine/52-54-00-12-34-56/key", 0600, "key\n");
	put(p, "pub/machine/52-54-00-00-00-01/key", 0600, "key\n");
	assert_int_equal(symlinkat("open", p->fd, "pub/link"), 0);
	assert_int_equal(symlinkat("../secret", p->fd, "pub/out"), 0);
	assert_int_equal(symlinkat("/etc/passwd", p->fd, "pub/abs"), 0);
	assert_int_equal(symlinkat("loop", p->fd, "pub/loop"), 0);
	assert_int_equal(mkfifoat(p->fd, "pub/fifo", 0644), 0);
	*state = p;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	close(p->fd);
	nftw(p->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

static enum pub_answer
ask(const struct place *p, const char *name, const struct mac *who)
{
	enum pub_answer answer;
	struct stat st;
	int fd;

	answer = pub_open(p->fd, name, who, &fd, &st);
	assert_int_equal(answer == PUB_OK, fd != -1);
	if (fd != -1)
		close(fd);
	return answer;
}

static void
a_world_readable_file_is_for_all(void **state)
{
	assert_int_equal(ask(*state, "open", NULL), PUB_OK);
	assert_int_equal(ask(*state, "link", NULL), PUB_OK);
	assert_int_equal(ask(*state, "machine/../open", NULL), PUB_OK);
}

static void
nothing_outside_pub_is_reached(void **state)
{
	assert_int_equal(ask(*state, "../secret", NULL), PUB_LEADS_OUT);
	assert_int_equal(ask(*state, "out", NULL), PUB_LEADS_OUT);
	assert_int_equal(ask(*state, "abs", NULL), PUB_LEADS_OUT);
	assert_int_equal(ask(*state, "/etc/passwd", NULL), PUB_LEADS_OUT);
	assert_int_equal(ask(*state, "loop", NULL), PUB_LEADS_OUT);
}

static void
only_regular_files_are_opened(void **state)
{
	assert_int_equal(ask(*state, "machine", NULL), PUB_NOT_A_FILE);
	assert_int_equal(ask(*state, "fifo", NULL), PUB_NOT_A_FILE);
	assert_int_equal(ask(*state, "open/x", NULL), PUB_NOT_FOUND);
	assert_int_equal(ask(*state, "none", NULL), PUB_NOT_FOUND);
	assert_int_equal(ask(*state, "", NULL), PUB_BAD_NAME);
}

static void
a_private_file_is_for_its_own_machine_alone(void **state)
{
	const char *own = "machine/52-54-00-12-34-56/key";

	assert_int_equal(ask(*state, "private", &mac), PUB_PRIVATE);
	assert_int_equal(ask(*state, own, NULL), PUB_PRIVATE);
	assert_int_equal(ask(*state, "machine/52-54-00-00-00-01/key", &mac),
	    PUB_PRIVATE);
	assert_int_equal(ask(*state,
	    "machine/52-54-00-12-34-56/../52-54-00-00-00-01/key", &mac),
	    PUB_PRIVATE);
	assert_int_equal(ask(*state, own, &mac), PUB_OK);
}

/* Alpine asks by its MAC with colons, others by their UUID. */
static void
a_link_to_its_own_folder_is_the_machines_too(void **state)
{
	const struct place *p = *state;
	const char *colons = "machine/52:54:00:12:34:56/key";
	const struct mac other = { { 0x52, 0x54, 0, 0, 0, 1 } };

	assert_int_equal(symlinkat("52-54-00-12-34-56", p->fd,
	    "pub/machine/52:54:00:12:34:56"), 0);
	assert_int_equal(ask(p, colons, &mac), PUB_OK);
	assert_int_equal(ask(p, colons, &other), PUB_PRIVATE);
	assert_int_equal(ask(p, colons, NULL), PUB_PRIVATE);
}

static void
what_begins_with_a_dot_is_not_there(void **state)
{
	const struct place *p = *state;

	put(p, "pub/.new", 0644, "half of");
	assert_int_equal(ask(p, ".new", NULL), PUB_NOT_FOUND);
	assert_int_equal(ask(p, "machine/../.new", NULL), PUB_NOT_FOUND);
	assert_int_equal(ask(p, "./open", NULL), PUB_OK);
}

/* Somebody who renames as long as it is wanted. */
static void *
rename_all_the_time(void *context)
{
	const struct place *p = context;

	while (bootdir_exists(p->fd, "busy")) {
		(void)renameat(p->fd, "one", p->fd, "two");
		(void)renameat(p->fd, "two", p->fd, "one");
	}
	return NULL;
}

static void
a_link_upwards_is_followed_while_others_rename(void **state)
{
	struct place *p = *state;
	pthread_t renamer;
	int i, lost = 0;

	put(p, "busy", 0644, "");
	put(p, "one", 0644, "");
	assert_int_equal(symlinkat("../secret", p->fd, "machine/up"), 0);
	assert_int_equal(pthread_create(&renamer, NULL, rename_all_the_time,
	    p), 0);
	for (i = 0; i < 50000; i++)
		lost += !bootdir_exists(p->fd, "machine/up");
	assert_int_equal(unlinkat(p->fd, "busy", 0), 0);
	assert_int_equal(pthread_join(renamer, NULL), 0);
	assert_int_equal(lost, 0);
}

static void
a_name_too_long_is_refused(void **state)
{
	char name[2 * BOOTDIR_PATH_MAX];

	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(ask(*state, name, NULL), PUB_BAD_NAME);
	name[300] = '\0';
	assert_int_equal(ask(*state, name, NULL), PUB_BAD_NAME);
}

static void
the_machines_own_folder_comes_before_the_default(void **state)
{
	const struct place *p = *state;
	char path[64];

	assert_string_equal(bootdir_machine(p->fd, &mac, path, sizeof(path)),
	    "machine/default");
	assert_int_equal(mkdirat(p->fd, "machine/52-54-00-12-34-56", 0755), 0);
	assert_string_equal(bootdir_machine(p->fd, &mac, path, sizeof(path)),
	    "machine/52-54-00-12-34-56");
	unlinkat(p->fd, "machine/52-54-00-12-34-56", AT_REMOVEDIR);
	unlinkat(p->fd, "machine/default", AT_REMOVEDIR);
	assert_null(bootdir_machine(p->fd, &mac, path, sizeof(path)));
	mkdirat(p->fd, "machine/default", 0755);
}

static void
a_value_is_the_first_line(void **state)
{
	const struct place *p = *state;
	char line[8];

	put(p, "machine/default/hostname", 0644, "alpha\nbeta\n");
	assert_true(bootdir_line(p->fd, "machine/default/hostname", line,
	    sizeof(line)));
	assert_string_equal(line, "alpha");
	put(p, "machine/default/hostname", 0644, "abcdefghijk");
	assert_true(bootdir_line(p->fd, "machine/default/hostname", line,
	    sizeof(line)));
	assert_string_equal(line, "abcdefg");
	assert_false(bootdir_line(p->fd, "machine/default", line,
	    sizeof(line)));
	assert_false(bootdir_line(p->fd, "machine/none", line, sizeof(line)));
	assert_string_equal(line, "");
}

static void
an_event_is_one_line_with_its_time(void **state)
{
	const struct place *p = *state;
	char line[128];
	struct seen s;
	long long time;
	int end = 0;

	seen_open(&s, p->fd, "prog");
	seen_event(&s, &mac, "sent", "file=%s bytes=%d", "a", 7);
	assert_true(bootdir_line(p->fd, "seen/52-54-00-12-34-56/log", line,
	    sizeof(line)));
	assert_int_equal(sscanf(line, "%lld.%*6d prog sent file=a bytes=7%n",
	    &time, &end), 1);
	assert_int_equal(line[end], '\0');
	assert_true(time > 1700000000);
	close(s.fd);
}

static void
a_log_is_rotated_once_at_its_bound(void **state)
{
	const struct place *p = *state;
	struct seen s;
	struct stat st;
	int i;

	seen_open(&s, p->fd, "prog");
	for (i = 0; i < 4000; i++)
		seen_event(&s, &mac, "event", "number=%d filler=%060d", i, 0);
	assert_int_equal(fstatat(s.fd, "52-54-00-12-34-56/log", &st, 0), 0);
	assert_true(st.st_size < SEEN_LOG_MAX);
	assert_int_equal(fstatat(s.fd, "52-54-00-12-34-56/log.0", &st, 0), 0);
	assert_true(st.st_size < SEEN_LOG_MAX + 1024);
	close(s.fd);
}

static void
who_had_an_address_last_is_who_has_it(void **state)
{
	const struct mac other = { { 2, 0, 0, 0, 0, 1 } };
	const struct place *p = *state;
	union address first, second;
	struct mac who;
	struct seen s;

	seen_open(&s, p->fd, "prog");
	address_parse("192.0.2.1", 0, &first);
	address_parse("192.0.2.2", 0, &second);
	assert_false(seen_whose(&s, &first.sa, &who));
	seen_address(&s, &mac, &first.sa);
	assert_true(seen_whose(&s, &first.sa, &who));
	assert_memory_equal(&who, &mac, sizeof(who));
	seen_address(&s, &other, &first.sa);
	assert_true(seen_whose(&s, &first.sa, &who));
	assert_memory_equal(&who, &other, sizeof(who));
	/* A machine that moved leaves no claim to its old address. */
	seen_address(&s, &other, &second.sa);
	assert_false(seen_whose(&s, &first.sa, &who));
	assert_true(seen_whose(&s, &second.sa, &who));
	close(s.fd);
}

static void
what_cannot_be_written_is_said_once_and_borne(void **state)
{
	struct seen s = { .fd = -1, .prog = "prog" };
	struct mac who;
	union address a;

	(void)state;
	address_parse("192.0.2.1", 0, &a);
	seen_event(&s, &mac, "event", "x=%d", 1);
	seen_fact(&s, &mac, "arch", "7");
	seen_address(&s, &mac, &a.sa);
	assert_false(seen_known(&s, &mac));
	assert_false(seen_whose(&s, &a.sa, &who));
}

static void
a_writer_of_its_own_writes_all_before_it_stops(void **state)
{
	const struct mac another = { { 2, 0, 0, 0, 0, 2 } };
	const struct place *p = *state;
	char line[128];
	union address a;
	struct mac who;
	struct seen s;
	int i, lines = 0;
	FILE *log;

	seen_open(&s, p->fd, "prog");
	seen_start(&s);
	assert_non_null(s.notes);
	address_parse("192.0.2.9", 0, &a);
	for (i = 0; i < 500; i++)
		seen_event(&s, &another, "event", "number=%d", i);
	seen_address(&s, &another, &a.sa);
	seen_fact(&s, &another, "class", "uefi");
	seen_stop(&s);
	log = fdopen(openat(p->fd, "seen/02-00-00-00-00-02/log", O_RDONLY),
	    "r");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log) != NULL) {
		assert_int_equal(sscanf(line, "%*s prog event number=%d", &i),
		    1);
		assert_int_equal(i, lines++);
	}
	fclose(log);
	assert_int_equal(lines, 500);
	assert_true(bootdir_line(p->fd, "seen/02-00-00-00-00-02/class", line,
	    sizeof(line)));
	assert_string_equal(line, "uefi");
	seen_open(&s, p->fd, "prog");
	assert_true(seen_whose(&s, &a.sa, &who));
	close(s.fd);
}

/* BIOS, then iPXE, then the BIOS again: all within a moment. */
static void
a_fact_that_changes_back_is_written_again(void **state)
{
	static const char *const class[] = { "rom", "ipxe", "ipxe", "rom" };
	const struct place *p = *state;
	char line[128];
	struct seen s;
	size_t i;

	seen_open(&s, p->fd, "prog");
	seen_start(&s);
	for (i = 0; i < 4; i++)
		seen_fact(&s, &mac, "class", class[i]);
	seen_stop(&s);
	assert_true(bootdir_line(p->fd, "seen/52-54-00-12-34-56/class", line,
	    sizeof(line)));
	assert_string_equal(line, "rom");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_world_readable_file_is_for_all),
		cmocka_unit_test(nothing_outside_pub_is_reached),
		cmocka_unit_test(only_regular_files_are_opened),
		cmocka_unit_test(a_private_file_is_for_its_own_machine_alone),
		cmocka_unit_test(a_link_to_its_own_folder_is_the_machines_too),
		cmocka_unit_test(what_begins_with_a_dot_is_not_there),
		cmocka_unit_test(
		    a_link_upwards_is_followed_while_others_rename),
		cmocka_unit_test(a_name_too_long_is_refused),
		cmocka_unit_test(
		    the_machines_own_folder_comes_before_the_default),
		cmocka_unit_test(a_value_is_the_first_line),
		cmocka_unit_test(an_event_is_one_line_with_its_time),
		cmocka_unit_test(a_log_is_rotated_once_at_its_bound),
		cmocka_unit_test(who_had_an_address_last_is_who_has_it),
		cmocka_unit_test(what_cannot_be_written_is_said_once_and_borne),
		cmocka_unit_test(
		    a_writer_of_its_own_writes_all_before_it_stops),
		cmocka_unit_test(a_fact_that_changes_back_is_written_again),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
