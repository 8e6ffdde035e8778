/* SPDX-License-Identifier: ISC */
/* Files and links put in place whole. */
#include "tests/unit/unit.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/publish.h"

/* A folder of its own for each test. */
struct place {
	char path[64];
	int fd;
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -1;
	strlcpy(p->path, "/tmp/publish.XXXXXX", sizeof(p->path));
	if (mkdtemp(p->path) == NULL)
		return -1;
	p->fd = open(p->path, O_RDONLY | O_DIRECTORY);
	*state = p;
	return p->fd == -1 ? -1 : 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[128];
	int status;

	close(p->fd);
	snprintf(command, sizeof(command), "rm -rf '%s'", p->path);
	status = system(command);
	free(p);
	return status;
}

static void
assert_says(const struct place *p, const char *name, const char *want)
{
	char text[64] = "";
	int fd = openat(p->fd, name, O_RDONLY);

	assert_int_not_equal(fd, -1);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	close(fd);
	assert_string_equal(text, want);
}

static struct stat
stat_of(const struct place *p, const char *name)
{
	struct stat st;

	assert_int_equal(fstatat(p->fd, name, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st;
}

static void
a_reader_sees_the_old_file_until_the_new_is_whole(void **state)
{
	struct place *p = *state;
	struct publish pub;

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "old", 3, NULL), 0);
	assert_int_equal(publish_begin(&pub, p->fd, "f", 0644), 0);
	assert_int_equal(publish_write(&pub, "new", 3), 0);
	assert_says(p, "f", "old");
	assert_int_equal(publish_end(&pub), 0);
	assert_says(p, "f", "new");
	assert_int_equal(faccessat(p->fd, ".f.tmp", F_OK, 0), -1);
}

static void
the_mode_is_as_asked_whatever_the_umask(void **state)
{
	struct place *p = *state;
	mode_t old = umask(077);

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "x", 1, NULL), 0);
	umask(old);
	assert_int_equal(stat_of(p, "f").st_mode & 07777, 0644);
}

static void
what_says_the_same_is_not_touched(void **state)
{
	struct place *p = *state;
	struct publish pub;
	struct stat before, after;
	bool changed = false;

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "x", 1, &changed), 0);
	assert_true(changed);
	before = stat_of(p, "f");
	assert_int_equal(publish_bytes(p->fd, "f", 0644, "x", 1, &changed), 0);
	assert_false(changed);
	assert_int_equal(publish_begin(&pub, p->fd, "f", 0644), 0);
	assert_int_equal(publish_write(&pub, "x", 1), 0);
	assert_int_equal(publish_end_changed(&pub, &changed), 0);
	assert_false(changed);
	after = stat_of(p, "f");
	assert_int_equal(before.st_ino, after.st_ino);
	assert_memory_equal(&before.st_ctim, &after.st_ctim,
	    sizeof(before.st_ctim));
	assert_int_equal(faccessat(p->fd, ".f.tmp", F_OK, 0), -1);
}

static void
another_mode_or_length_is_a_change(void **state)
{
	struct place *p = *state;
	bool changed;

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "x", 1, NULL), 0);
	assert_int_equal(publish_bytes(p->fd, "f", 0640, "x", 1, &changed), 0);
	assert_true(changed);
	assert_int_equal(publish_bytes(p->fd, "f", 0640, "xy", 2, &changed), 0);
	assert_true(changed);
	assert_int_equal(publish_bytes(p->fd, "f", 0640, "", 0, &changed), 0);
	assert_true(changed);
	assert_says(p, "f", "");
}

static void
an_abort_leaves_the_old_file_and_nothing_else(void **state)
{
	struct place *p = *state;
	struct publish pub;

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "old", 3, NULL), 0);
	assert_int_equal(publish_begin(&pub, p->fd, "f", 0644), 0);
	assert_int_equal(publish_write(&pub, "new", 3), 0);
	publish_abort(&pub);
	assert_says(p, "f", "old");
	assert_int_equal(faccessat(p->fd, ".f.tmp", F_OK, 0), -1);
}

static void
what_a_killed_writer_left_is_taken_over(void **state)
{
	struct place *p = *state;
	struct publish pub;
	pid_t child = fork();
	int status;

	assert_int_not_equal(child, -1);
	if (child == 0) {
		if (publish_begin(&pub, p->fd, "f", 0644) == 0 &&
		    publish_write(&pub, "half of it", 10) == 0)
			_exit(0);	/* neither end nor abort */
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_says(p, ".f.tmp", "half of it");
	assert_int_equal(publish_bytes(p->fd, "f", 0644, "new", 3, NULL), 0);
	assert_says(p, "f", "new");
	assert_int_equal(faccessat(p->fd, ".f.tmp", F_OK, 0), -1);
}

/* Many at once: each ends whole, and the last one stays. */
static void
writers_of_one_file_wait_for_each_other(void **state)
{
	struct place *p = *state;
	char text[4096];
	struct publish pub;
	int i, status, fd;
	size_t at;

	for (i = 0; i < 8; i++)
		if (fork() == 0) {
			memset(text, 'a' + i, sizeof(text));
			status = publish_begin(&pub, p->fd, "f", 0644) == -1;
			for (at = 0; at < sizeof(text) && !status; at += 512) {
				status = publish_write(&pub, text + at, 512);
				usleep(200);
			}
			_exit(status || publish_end(&pub) == -1);
		}
	for (i = 0; i < 8; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	fd = openat(p->fd, "f", O_RDONLY);
	assert_int_equal(read(fd, text, sizeof(text)), sizeof(text));
	close(fd);
	for (at = 1; at < sizeof(text); at++)
		assert_int_equal(text[at], text[0]);
	assert_int_equal(faccessat(p->fd, ".f.tmp", F_OK, 0), -1);
}

static void
no_path_leads_out_of_the_folder(void **state)
{
	struct place *p = *state;
	struct publish pub;

	assert_int_equal(symlinkat("/tmp", p->fd, "out"), 0);
	assert_int_equal(publish_begin(&pub, p->fd, "../f", 0644), -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(publish_begin(&pub, p->fd, "/tmp/f", 0644), -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(publish_begin(&pub, p->fd, "out/f", 0644), -1);
	assert_int_equal(errno, EXDEV);
	assert_int_equal(publish_bytes(p->fd, "out/f", 0644, "", 0, NULL), -1);
	assert_int_equal(publish_link(p->fd, "out/f", "x", NULL), -1);
	assert_int_equal(publish_begin(&pub, p->fd, "..", 0644), -1);
	assert_int_equal(publish_begin(&pub, p->fd, "", 0644), -1);
	assert_int_equal(publish_begin(&pub, p->fd, "none/f", 0644), -1);
	assert_int_equal(errno, ENOENT);
}

static void
a_path_of_the_users_own_may_be_anywhere(void **state)
{
	struct place *p = *state;
	struct publish pub;
	char path[80];

	snprintf(path, sizeof(path), "%s/f", p->path);
	assert_int_equal(publish_begin(&pub, AT_FDCWD, path, 0600), 0);
	assert_int_equal(publish_end(&pub), 0);
	assert_says(p, "f", "");
	assert_int_equal(stat_of(p, "f").st_mode & 07777, 0600);
}

/* A link with the file's name is replaced, not written through. */
static void
a_link_in_the_way_is_replaced(void **state)
{
	struct place *p = *state;

	assert_int_equal(publish_bytes(p->fd, "f", 0644, "old", 3, NULL), 0);
	assert_int_equal(symlinkat("f", p->fd, "g"), 0);
	assert_int_equal(publish_bytes(p->fd, "g", 0644, "new", 3, NULL), 0);
	assert_says(p, "f", "old");
	assert_says(p, "g", "new");
	assert_true(S_ISREG(stat_of(p, "g").st_mode));
}

static void
a_link_is_switched_and_the_same_one_left(void **state)
{
	struct place *p = *state;
	struct stat before, after;
	char target[16] = "";
	bool changed;

	assert_int_equal(publish_link(p->fd, "l", "one", &changed), 0);
	assert_true(changed);
	before = stat_of(p, "l");
	assert_int_equal(publish_link(p->fd, "l", "one", &changed), 0);
	assert_false(changed);
	after = stat_of(p, "l");
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(publish_link(p->fd, "l", "two", &changed), 0);
	assert_true(changed);
	assert_int_equal(readlinkat(p->fd, "l", target, sizeof(target)), 3);
	assert_string_equal(target, "two");
	assert_int_equal(faccessat(p->fd, ".l.tmp", F_OK,
	    AT_SYMLINK_NOFOLLOW), -1);
}

#define in_place(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		in_place(a_reader_sees_the_old_file_until_the_new_is_whole),
		in_place(the_mode_is_as_asked_whatever_the_umask),
		in_place(what_says_the_same_is_not_touched),
		in_place(another_mode_or_length_is_a_change),
		in_place(an_abort_leaves_the_old_file_and_nothing_else),
		in_place(what_a_killed_writer_left_is_taken_over),
		in_place(writers_of_one_file_wait_for_each_other),
		in_place(no_path_leads_out_of_the_folder),
		in_place(a_path_of_the_users_own_may_be_anywhere),
		in_place(a_link_in_the_way_is_replaced),
		in_place(a_link_is_switched_and_the_same_one_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
