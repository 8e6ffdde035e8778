/* SPDX-License-Identifier: ISC */
/* Tests of handles against a real tree that changes under them. */
#include "tests/unit/nfsroot-helper/world.h"

static void
expect_found(struct world *w, const struct octets *o, const char *path)
{
	uint32_t status;

	assert_int_equal(resolve(w, o, &status), inode_of(path));
	assert_int_equal(status, NFS3_OK);
}

static void
expect_stale(struct world *w, const struct octets *o)
{
	uint32_t status;

	assert_int_equal(resolve(w, o, &status), 0);
	assert_int_equal(status, NFS3ERR_STALE);
}

static void
a_handle_survives_a_restart(void **state)
{
	struct world *w = *state;
	struct octets file, folder, root;

	write_file("root/demo/usr/lib/x86/libc.so", "c");
	file = handle_of(w, "demo", "usr/lib/x86/libc.so");
	folder = handle_of(w, "demo", "usr/lib");
	root = handle_of(w, "demo", "");
	world_restart(w);
	expect_found(w, &file, "root/demo/usr/lib/x86/libc.so");
	world_restart(w);
	expect_found(w, &folder, "root/demo/usr/lib");
	expect_found(w, &root, "root/demo");
}

static void
a_handle_survives_renames_without_a_scan(void **state)
{
	struct world *w = *state;
	struct nfs3_attr attr;
	struct octets o;
	struct node *n;

	write_file("root/demo/a/b/c/file", "x");
	o = handle_of(w, "demo", "a/b/c/file");
	assert_int_equal(rename("root/demo/a/b/c/file", "root/demo/a/b/c/new"),
	    0);
	assert_int_equal(rename("root/demo/a/b", "root/demo/a/bb"), 0);
	assert_int_equal(rename("root/demo/a", "root/demo/z"), 0);
	world_later(w, 2000);
	assert_int_equal(tree_find(&w->service.tree, span_of(&o), 1, &n,
	    &attr), NFS3_OK);
	world_restart(w);
	assert_int_equal(tree_find(&w->service.tree, span_of(&o), 1, &n,
	    &attr), NFS3_OK);
	assert_int_equal(attr.fileid, inode_of("root/demo/z/bb/c/new"));
}

static void
a_handle_survives_a_move_to_another_folder(void **state)
{
	struct world *w = *state;
	struct octets file, below;

	write_file("root/demo/a/file", "x");
	write_file("root/demo/a/sub/below", "y");
	write_file("root/demo/q/r/s/other", "z");
	file = handle_of(w, "demo", "a/file");
	below = handle_of(w, "demo", "a/sub/below");
	assert_int_equal(rename("root/demo/a/file", "root/demo/q/r/s/file"),
	    0);
	assert_int_equal(rename("root/demo/a/sub", "root/demo/q/r/sub"), 0);
	expect_found(w, &file, "root/demo/q/r/s/file");
	expect_found(w, &below, "root/demo/q/r/sub/below");
	world_restart(w);
	expect_found(w, &file, "root/demo/q/r/s/file");
	expect_found(w, &below, "root/demo/q/r/sub/below");
}

static void
a_removed_file_is_stale_at_once(void **state)
{
	struct world *w = *state;
	struct octets o;

	write_file("root/demo/a/file", "x");
	o = handle_of(w, "demo", "a/file");
	expect_found(w, &o, "root/demo/a/file");
	assert_int_equal(unlink("root/demo/a/file"), 0);
	expect_stale(w, &o);
	world_restart(w);
	expect_stale(w, &o);
}

static void
a_second_link_keeps_a_file_alive(void **state)
{
	struct world *w = *state;
	struct octets o;

	write_file("root/demo/a/file", "x");
	assert_int_equal(mkdir("root/demo/b", 0755), 0);
	assert_int_equal(link("root/demo/a/file", "root/demo/b/link"), 0);
	o = handle_of(w, "demo", "a/file");
	assert_int_equal(unlink("root/demo/a/file"), 0);
	expect_found(w, &o, "root/demo/b/link");
}

static void
a_younger_file_with_the_same_inode_is_another(void **state)
{
	struct world *w = *state;
	struct octets o;
	struct handle h;
	uint32_t status;

	write_file("root/demo/file", "x");
	o = handle_of(w, "demo", "file");
	assert_true(handle_parse(&h, o.data, o.len));
	if (h.check == 0) {	/* this file system tells no birth */
		print_message("no time of birth here\n");
		return;
	}
	h.check ^= 1;
	o.len = handle_format(&h, o.data);
	assert_int_equal(resolve(w, &o, &status), 0);
	assert_int_equal(status, NFS3ERR_STALE);
	world_restart(w);
	assert_int_equal(resolve(w, &o, &status), 0);
	assert_int_equal(status, NFS3ERR_STALE);
}

static void
what_is_moved_out_of_the_export_is_stale(void **state)
{
	struct world *w = *state;
	struct octets file, folder, inner;

	write_file("root/demo/file", "x");
	write_file("root/demo/folder/inner", "y");
	assert_int_equal(mkdir("outside", 0755), 0);
	file = handle_of(w, "demo", "file");
	folder = handle_of(w, "demo", "folder");
	inner = handle_of(w, "demo", "folder/inner");
	expect_found(w, &inner, "root/demo/folder/inner");
	assert_int_equal(rename("root/demo/file", "outside/file"), 0);
	assert_int_equal(rename("root/demo/folder", "outside/folder"), 0);
	expect_stale(w, &file);
	expect_stale(w, &folder);
	world_later(w, 1001);
	expect_stale(w, &inner);
}

static void
a_forged_handle_finds_nothing_outside(void **state)
{
	struct world *w = *state;
	struct handle h;
	struct octets o;

	write_file("root/demo/a/file", "x");
	write_file("root/other/secret", "s");
	write_file("machine/key", "k");
	o = handle_of(w, "demo", "a/file");
	assert_true(handle_parse(&h, o.data, o.len));
	h.check = 0;
	h.ino = inode_of("machine/key");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
	h.ino = inode_of("root/other/secret");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
	h.ino = inode_of("root");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
	h.ino = inode_of("root/demo");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
	h.export = handle_export_id("nothing");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
	h.export = handle_export_id("../machine");
	o.len = handle_format(&h, o.data);
	expect_stale(w, &o);
}

static void
octets_of_another_server_are_a_bad_handle(void **state)
{
	struct world *w = *state;
	struct octets o = { .data = "something else", .len = 14 };
	uint32_t status;

	resolve(w, &o, &status);
	assert_int_equal(status, NFS3ERR_BADHANDLE);
	o.len = 0;
	resolve(w, &o, &status);
	assert_int_equal(status, NFS3ERR_BADHANDLE);
}

static void
a_tree_deeper_than_a_handle_says_is_still_served(void **state)
{
	struct world *w = *state;
	char path[512] = "root/demo";
	struct octets o;
	int i;

	for (i = 0; i < 60; i++)
		snprintf(path + strlen(path), sizeof(path) - strlen(path),
		    "/d%d", i);
	strlcat(path, "/file", sizeof(path));
	write_file(path, "deep");
	o = handle_of(w, "demo", path + strlen("root/demo/"));
	expect_found(w, &o, path);
	world_restart(w);
	expect_found(w, &o, path);
}

static void
a_replaced_tree_keeps_its_root_handle(void **state)
{
	struct world *w = *state;
	struct octets root, old, now;

	write_file("root/demo/file", "old");
	root = handle_of(w, "demo", "");
	old = handle_of(w, "demo", "file");
	assert_int_equal(rename("root/demo", "root/demo.old"), 0);
	write_file("root/demo/file", "new");
	world_later(w, 1001);
	expect_found(w, &root, "root/demo");
	expect_stale(w, &old);
	now = handle_of(w, "demo", "file");
	expect_found(w, &now, "root/demo/file");
}

static void
an_export_may_be_a_link_that_stays_in_root(void **state)
{
	struct world *w = *state;
	struct tree *t = &w->service.tree;
	struct octets o;

	write_file("root/demo/file", "x");
	write_file("outside/file", "x");
	assert_int_equal(symlink("demo", "root/current"), 0);
	assert_int_equal(symlink("../outside", "root/out"), 0);
	assert_int_equal(symlink("/etc", "root/etc"), 0);
	o = handle_of(w, "current", "file");
	world_restart(w);
	expect_found(w, &o, "root/demo/file");
	assert_null(exports_named(&t->exports, "out", w->now));
	assert_int_equal(errno, EXDEV);
	assert_null(exports_named(&t->exports, "etc", w->now));
	assert_null(exports_named(&t->exports, "..", w->now));
	assert_null(exports_named(&t->exports, "demo/a", w->now));
	assert_null(exports_named(&t->exports, "", w->now));
}

static void
links_in_the_tree_are_objects_and_never_followed(void **state)
{
	struct world *w = *state;
	struct tree *t = &w->service.tree;
	struct nfs3_attr attr;
	struct octets o;
	struct node *n;

	write_file("root/demo/real/file", "x");
	assert_int_equal(symlink("real", "root/demo/link"), 0);
	o = handle_of(w, "demo", "link");
	assert_int_equal(tree_find(t, span_of(&o), 0, &n, &attr), NFS3_OK);
	assert_int_equal(attr.type, NFS3_LNK);
	assert_int_equal(attr.size, 4);
	assert_int_equal(tree_lookup(t, n, (struct xdr_span){
	    (const uint8_t *)"file", 4 }, &n, &attr), NFS3ERR_STALE);
}

static void
a_folder_replaced_by_a_link_leads_nowhere(void **state)
{
	struct world *w = *state;
	struct octets o;

	write_file("root/demo/a/file", "x");
	write_file("outside/file", "y");
	o = handle_of(w, "demo", "a/file");
	assert_int_equal(rename("root/demo/a", "away"), 0);
	assert_int_equal(symlink("../../away", "root/demo/a"), 0);
	world_later(w, 1001);
	expect_stale(w, &o);
	world_restart(w);
	expect_stale(w, &o);
}

static void
crossed_renames_do_not_make_a_circle(void **state)
{
	struct world *w = *state;
	struct octets a, b;

	write_file("root/demo/a/b/file", "x");
	a = handle_of(w, "demo", "a");
	b = handle_of(w, "demo", "a/b");
	assert_int_equal(rename("root/demo/a/b", "root/demo/b"), 0);
	assert_int_equal(rename("root/demo/a", "root/demo/b/a"), 0);
	expect_found(w, &b, "root/demo/b");
	expect_found(w, &a, "root/demo/b/a");
	world_later(w, 1001);
	expect_found(w, &a, "root/demo/b/a");
}

static void
the_cache_is_bounded_and_what_left_it_is_found(void **state)
{
	struct world *w = *state;
	struct octets first;
	char path[64];
	int i;

	tree_free(&w->service.tree);
	assert_true(tree_init(&w->service.tree, w->bootfd, 32, 4));
	tree_at(&w->service.tree, w->now);
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "root/demo/d%d/file", i);
		write_file(path, "x");
	}
	first = handle_of(w, "demo", "d0/file");
	for (i = 0; i < 100; i++) {
		snprintf(path, sizeof(path), "d%d/file", i);
		handle_of(w, "demo", path);
		assert_true(w->service.tree.nodes.n <= 32);
		assert_true(w->service.tree.nodes.nopen <= 4);
	}
	assert_null(nodes_find(&w->service.tree.nodes,
	    TAILQ_FIRST(&w->service.tree.exports.list),
	    inode_of("root/demo/d0/file")));
	expect_found(w, &first, "root/demo/d0/file");
}

static void
one_scan_answers_for_all_that_are_gone(void **state)
{
	struct world *w = *state;
	struct octets o[20];
	struct export *e;
	int64_t begun;
	char path[64];
	int i;

	for (i = 0; i < 20; i++) {
		snprintf(path, sizeof(path), "root/demo/gone%d", i);
		write_file(path, "x");
		o[i] = handle_of(w, "demo", path + strlen("root/demo/"));
		assert_int_equal(unlink(path), 0);
	}
	expect_stale(w, &o[0]);
	e = TAILQ_FIRST(&w->service.tree.exports.list);
	begun = e->index_begun;
	for (i = 1; i < 20; i++)
		expect_stale(w, &o[i]);
	assert_int_equal(e->index_begun, begun);
	assert_true(e->indexed);
}

static void
an_index_that_nobody_asks_is_given_back(void **state)
{
	struct world *w = *state;
	struct export *e;
	struct octets o;
	bool finished;

	write_file("root/demo/file", "x");
	o = handle_of(w, "demo", "file");
	assert_int_equal(unlink("root/demo/file"), 0);
	expect_stale(w, &o);
	e = TAILQ_FIRST(&w->service.tree.exports.list);
	assert_true(e->indexed);
	world_later(w, EXPORTS_IDLE_MS + 1000);
	assert_int_equal(exports_work(&w->service.tree.exports, w->now,
	    &finished), -1);
	assert_false(e->indexed);
}

#define WORLD(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(a_handle_survives_a_restart),
		WORLD(a_handle_survives_renames_without_a_scan),
		WORLD(a_handle_survives_a_move_to_another_folder),
		WORLD(a_removed_file_is_stale_at_once),
		WORLD(a_second_link_keeps_a_file_alive),
		WORLD(a_younger_file_with_the_same_inode_is_another),
		WORLD(what_is_moved_out_of_the_export_is_stale),
		WORLD(a_forged_handle_finds_nothing_outside),
		WORLD(octets_of_another_server_are_a_bad_handle),
		WORLD(a_tree_deeper_than_a_handle_says_is_still_served),
		WORLD(a_replaced_tree_keeps_its_root_handle),
		WORLD(an_export_may_be_a_link_that_stays_in_root),
		WORLD(links_in_the_tree_are_objects_and_never_followed),
		WORLD(a_folder_replaced_by_a_link_leads_nowhere),
		WORLD(crossed_renames_do_not_make_a_circle),
		WORLD(the_cache_is_bounded_and_what_left_it_is_found),
		WORLD(one_scan_answers_for_all_that_are_gone),
		WORLD(an_index_that_nobody_asks_is_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
