/* SPDX-License-Identifier: ISC */
/* Tests of looking at files without waiting, and of the threads that wait. */
#include "tests/unit/nfsroot-helper/world.h"

#include <poll.h>

#include "nfsroot-helper/pool.h"

static void
what_is_in_the_caches_is_seen_at_once(void **state)
{
	struct world *w = *state;
	struct disk d = { .hurried = false };
	char text[8] = "";
	struct statx st;
	int folder, fd;

	(void)w;
	write_file("root/demo/file", "text\n");
	folder = open("root/demo", O_RDONLY | O_DIRECTORY);
	fd = open("root/demo/file", O_RDONLY);
	assert_int_equal(disk_stat(&d, folder, "file", &st), 0);
	disk_begin(&d, true, NULL);
	assert_int_equal(disk_stat(&d, folder, "file", &st), 0);
	assert_int_equal(st.stx_size, 5);
	assert_int_equal(d.want.kind, DISK_NOTHING);
	/* Not every file system can say that what is read is at hand. */
	if (disk_read(&d, fd, text, 5, 0) == -1) {
		assert_int_equal(errno, EAGAIN);
		disk_begin(&d, true, &(struct disk_want){ .kind = DISK_READ,
		    .fd = fd, .len = 5 });
		assert_int_equal(disk_read(&d, fd, text, 5, 0), 5);
	}
	assert_string_equal(text, "text\n");
	close(fd);
	close(folder);
}

static void
a_folder_is_listed_first_by_a_thread_and_then_at_once(void **state)
{
	struct disk d = { .hurried = false };
	int64_t listed = 0;

	(void)state;
	disk_begin(&d, true, NULL);
	assert_int_equal(disk_may_list(&d, 5, &listed, 1000), -1);
	assert_int_equal(errno, EAGAIN);
	assert_int_equal(d.want.kind, DISK_LIST);
	/* After one lack all looks fail: the call begins anew anyway. */
	assert_int_equal(disk_may_list(&d, 6, &listed, 1000), -1);
	assert_int_equal(d.want.fd, 5);
	disk_begin(&d, true, &(struct disk_want){ .kind = DISK_LIST,
	    .fd = 5 });
	assert_int_equal(disk_may_list(&d, 5, &listed, 1001), 0);
	disk_begin(&d, true, NULL);
	assert_int_equal(disk_may_list(&d, 5, &listed, 1002), 0);
	assert_int_equal(disk_may_list(&d, 5, &listed, 10000000), -1);
}

static void
who_is_not_hurried_waits(void **state)
{
	struct disk d = { .hurried = false };
	int64_t listed = 0;

	(void)state;
	disk_begin(&d, false, NULL);
	assert_int_equal(disk_may_list(&d, 5, &listed, 1000), 0);
	assert_int_equal(d.want.kind, DISK_NOTHING);
}

static void
threads_do_all_jobs_and_say_whose_they_were(void **state)
{
	struct disk_want want = { .kind = DISK_LIST };
	struct pool *p = pool_new();
	struct pollfd event = { .events = POLLIN };
	int owner[100], done = 0;
	struct job *j;
	size_t i;

	(void)state;
	assert_non_null(p);
	write_file("root/demo/file", "text\n");
	want.fd = open("root/demo", O_RDONLY | O_DIRECTORY);
	for (i = 0; i < 100; i++) {
		owner[i] = 0;
		assert_non_null(pool_begin(p, &want, &owner[i]));
	}
	close(want.fd);
	event.fd = pool_descriptor(p);
	while (done < 100) {
		assert_true(poll(&event, 1, 60000) > 0);
		while ((j = pool_done(p)) != NULL) {
			++*(int *)j->owner;
			done++;
			free(j);
		}
	}
	for (i = 0; i < 100; i++)
		assert_int_equal(owner[i], 1);
}

/* A hurried call that is answered again until nothing is missing. */
static void
a_call_finds_all_after_what_it_lacked_was_done(void **state)
{
	struct disk_want had = { .kind = DISK_NOTHING };
	struct world *w = *state;
	struct tree *t = &w->service.tree;
	struct octets o;
	struct nfs3_attr attr;
	struct node *n;
	unsigned turns = 0;
	uint32_t status;

	write_file("root/demo/a/b/file", "text\n");
	o = handle_of(w, "demo", "a/b/file");
	world_restart(w);
	do {
		assert_true(turns++ < 20);
		disk_begin(&t->disk, true, &had);
		status = tree_find(t, span_of(&o), 0, &n, &attr);
		had = t->disk.want;
		disk_do(&had);
	} while (had.kind != DISK_NOTHING);
	assert_int_equal(status, NFS3_OK);
	assert_int_equal(attr.size, 5);
	assert_true(turns > 3);		/* three folders were listed */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, \
	world_teardown)
		T(what_is_in_the_caches_is_seen_at_once),
		T(a_folder_is_listed_first_by_a_thread_and_then_at_once),
		T(who_is_not_hurried_waits),
		T(threads_do_all_jobs_and_say_whose_they_were),
		T(a_call_finds_all_after_what_it_lacked_was_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
