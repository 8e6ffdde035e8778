/* SPDX-License-Identifier: ISC */
/* Tests of a machine's view: its files laid over its image's root. */
#include "tests/unit/nfsroot-helper/world.h"

#define VIEW "machine/52-54-00-00-00-01"

static void
link_to(const char *text, const char *path)
{
	assert_int_equal(symlink(text, path), 0);
}

/* An image with a root, and a machine that has it with files of its own. */
static int
setup(void **state)
{
	assert_int_equal(world_setup(state), 0);
	write_file("root/demo/etc/hosts", "image\n");
	write_file("root/demo/etc/motd", "image\n");
	write_file("root/demo/usr/bin/sh", "image\n");
	write_file("root/demo/opt/tool/run", "image\n");
	write_file("image/demo/kind", "nfs\n");
	link_to("../../root/demo", "image/demo/root");
	write_file(VIEW "/hostname", "one\n");
	link_to("../../image/demo", VIEW "/image");
	return 0;
}

/* What a path of the view leads to; false when it is not there. */
static bool
find(struct world *w, const char *path, struct node **n, struct nfs3_attr *a)
{
	struct tree *t = &w->service.tree;
	struct export *e = exports_named(&t->exports, VIEW, w->now);
	size_t len;

	assert_non_null(e);
	*n = e->root;
	assert_int_equal(tree_lookup(t, *n, (struct xdr_span){
	    (const uint8_t *)".", 1 }, n, a), NFS3_OK);
	for (; *path != '\0'; path += len, path += *path == '/') {
		len = strcspn(path, "/");
		if (tree_lookup(t, *n, (struct xdr_span){
		    (const uint8_t *)path, len }, n, a) != NFS3_OK)
			return false;
	}
	return true;
}

static bool
is_there(struct world *w, const char *path)
{
	struct nfs3_attr a;
	struct node *n;

	return find(w, path, &n, &a);
}

static void
require_text(struct world *w, const char *path, const char *text)
{
	char data[64];
	struct nfs3_attr a;
	struct node *n;
	size_t got;

	assert_true(find(w, path, &n, &a));
	assert_int_equal(tree_read(&w->service.tree, n, 0, data,
	    sizeof(data) - 1, &got), NFS3_OK);
	data[got] = '\0';
	assert_string_equal(data, text);
}

static uint64_t
number_of(struct world *w, const char *path)
{
	struct nfs3_attr a;
	struct node *n;

	assert_true(find(w, path, &n, &a));
	return a.fileid;
}

struct names {
	char text[512];
	uint64_t ino;		/* of the entry called `wanted' */
	const char *wanted;
	size_t left;		/* entries until a pause */
	uint64_t cookie;
};

static bool
add_name(void *arg, const struct folder_entry *entry)
{
	struct names *l = arg;

	if (l->left-- == 0)
		return false;
	l->cookie = entry->cookie;
	if (l->wanted != NULL && strcmp(entry->name, l->wanted) == 0)
		l->ino = entry->ino;
	strlcat(l->text, entry->name, sizeof(l->text));
	strlcat(l->text, " ", sizeof(l->text));
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted, got `step' entries at a time. */
static const char *
list(struct world *w, const char *path, size_t step, struct names *l)
{
	char *name[64], text[512], *rest = text;
	struct nfs3_attr a;
	struct node *n;
	bool eof = false;
	size_t i, count = 0;

	assert_true(find(w, path, &n, &a));
	l->text[0] = '\0';
	l->cookie = 0;
	while (!eof) {
		l->left = step;
		assert_int_equal(tree_list(&w->service.tree, n, l->cookie,
		    add_name, l, &eof), NFS3_OK);
	}
	strlcpy(text, l->text, sizeof(text));
	while ((name[count] = strsep(&rest, " ")) != NULL &&
	    *name[count] != '\0')
		count++;
	qsort(name, count, sizeof(name[0]), by_name);
	l->text[0] = '\0';
	for (i = 0; i < count; i++) {
		strlcat(l->text, name[i], sizeof(l->text));
		strlcat(l->text, i + 1 < count ? " " : "", sizeof(l->text));
	}
	return l->text;
}

static const char *
names_in(struct world *w, const char *path)
{
	static struct names l;
	static char all[512];

	strlcpy(all, list(w, path, SIZE_MAX, &l), sizeof(all));
	assert_string_equal(list(w, path, 1, &l), all);
	return all;
}

static void
without_files_the_view_is_the_image(void **state)
{
	struct world *w = *state;

	require_text(w, "etc/hosts", "image\n");
	assert_string_equal(names_in(w, ""), ". .. etc opt usr");
	assert_string_equal(names_in(w, "etc"), ". .. hosts motd");
	assert_true(number_of(w, "etc/hosts") ==
	    inode_of("root/demo/etc/hosts"));
}

static void
a_file_hides_the_images_and_others_show(void **state)
{
	struct world *w = *state;

	write_file(VIEW "/files/etc/hosts", "machine\n");
	write_file(VIEW "/files/etc/only", "machine\n");
	require_text(w, "etc/hosts", "machine\n");
	require_text(w, "etc/only", "machine\n");
	require_text(w, "etc/motd", "image\n");
	require_text(w, "usr/bin/sh", "image\n");
	assert_string_equal(names_in(w, "etc"), ". .. hosts motd only");
	assert_string_equal(names_in(w, ""), ". .. etc opt usr");
	assert_true(number_of(w, "etc/hosts") ==
	    (inode_of(VIEW "/files/etc/hosts") | LAYERS_UPPER));
}

static void
the_view_follows_the_files(void **state)
{
	struct world *w = *state;
	struct octets hosts, root = handle_of(w, VIEW, "");
	uint32_t status;
	uint64_t etc;

	etc = number_of(w, "etc");
	hosts = handle_of(w, VIEW, "etc/hosts");
	write_file(VIEW "/files/etc/hosts", "machine\n");
	world_later(w, 1001);
	require_text(w, "etc/hosts", "machine\n");
	assert_true(number_of(w, "etc") == etc);
	resolve(w, &hosts, &status);
	assert_int_equal(status, NFS3ERR_STALE);
	hosts = handle_of(w, VIEW, "etc/hosts");
	write_file(VIEW "/files/etc/new", "machine\n");
	require_text(w, "etc/new", "machine\n");
	assert_int_equal(unlink(VIEW "/files/etc/hosts"), 0);
	require_text(w, "etc/hosts", "image\n");
	resolve(w, &hosts, &status);
	assert_int_equal(status, NFS3ERR_STALE);
	assert_int_equal(unlink(VIEW "/files/etc/new"), 0);
	assert_int_equal(rmdir(VIEW "/files/etc"), 0);
	assert_int_equal(rmdir(VIEW "/files"), 0);
	world_later(w, 1001);
	assert_string_equal(names_in(w, "etc"), ". .. hosts motd");
	resolve(w, &root, &status);
	assert_int_equal(status, NFS3_OK);
}

static void
whiteouts_hide_and_are_not_there(void **state)
{
	struct world *w = *state;

	write_file(VIEW "/files/etc/.wh.hosts", "");
	write_file(VIEW "/files/.wh.usr", "");
	assert_false(is_there(w, "etc/hosts"));
	assert_false(is_there(w, "etc/.wh.hosts"));
	assert_false(is_there(w, "usr"));
	assert_false(is_there(w, "usr/bin/sh"));
	assert_string_equal(names_in(w, "etc"), ". .. motd");
	assert_string_equal(names_in(w, ""), ". .. etc opt");
	if (mknod(VIEW "/files/etc/motd", S_IFCHR, 0) == -1)
		return;		/* an old kernel lets only root make one */
	assert_false(is_there(w, "etc/motd"));
	assert_string_equal(names_in(w, "etc"), ". ..");
}

static void
an_opaque_folder_shows_nothing_of_the_images(void **state)
{
	struct world *w = *state;

	write_file(VIEW "/files/etc/.wh..wh..opq", "");
	write_file(VIEW "/files/etc/only", "machine\n");
	assert_string_equal(names_in(w, "etc"), ". .. only");
	assert_false(is_there(w, "etc/hosts"));
	assert_true(number_of(w, "etc") ==
	    (inode_of(VIEW "/files/etc") | LAYERS_UPPER));
}

static void
a_folder_and_a_file_of_one_name_do_not_mix(void **state)
{
	struct world *w = *state;

	write_file(VIEW "/files/opt", "machine\n");
	write_file(VIEW "/files/etc/hosts/a", "machine\n");
	require_text(w, "opt", "machine\n");
	assert_false(is_there(w, "opt/tool"));
	assert_string_equal(names_in(w, "etc/hosts"), ". .. a");
}

static void
listed_numbers_are_those_of_getattr(void **state)
{
	static const char *const names[] = { "hosts", "motd", "deep" };
	struct names l = { .text = "" };
	struct world *w = *state;
	char path[64];
	size_t i;

	write_file("root/demo/etc/deep/a", "image\n");
	write_file(VIEW "/files/etc/deep/b", "machine\n");
	write_file(VIEW "/files/etc/hosts", "machine\n");
	for (i = 0; i < 3; i++) {
		l.wanted = names[i];
		list(w, "etc", SIZE_MAX, &l);
		snprintf(path, sizeof(path), "etc/%s", names[i]);
		assert_true(l.ino == number_of(w, path));
	}
	assert_string_equal(names_in(w, "etc/deep"), ". .. a b");
}

static void
a_folder_of_both_has_the_machines_mode_and_no_count(void **state)
{
	struct timespec later[2] = { { .tv_sec = 2000000000 },
	    { .tv_sec = 2000000000 } };
	struct world *w = *state;
	struct nfs3_attr a;
	struct node *n;

	write_file(VIEW "/files/etc/hosts", "machine\n");
	assert_int_equal(chmod(VIEW "/files/etc", 0710), 0);
	assert_true(find(w, "etc", &n, &a));
	assert_int_equal(a.mode, 0710);
	assert_int_equal(a.nlink, 1);
	assert_int_equal(utimensat(AT_FDCWD, "root/demo/etc", later, 0), 0);
	assert_true(find(w, "etc", &n, &a));
	assert_int_equal(a.mtime.seconds, 2000000000);
}

static void
hard_links_of_a_layer_stay_one_file(void **state)
{
	struct world *w = *state;
	struct nfs3_attr a;
	struct node *n;

	write_file(VIEW "/files/etc/one", "machine\n");
	assert_int_equal(link(VIEW "/files/etc/one", VIEW "/files/etc/two"),
	    0);
	assert_int_equal(link("root/demo/etc/motd", "root/demo/usr/motd"), 0);
	assert_true(number_of(w, "etc/one") == number_of(w, "etc/two"));
	assert_true(number_of(w, "etc/motd") == number_of(w, "usr/motd"));
	assert_true(find(w, "etc/motd", &n, &a));
	assert_int_equal(a.nlink, 2);
}

/* Each handle still leads to its file. */
static void
require_handles(struct world *w, const struct octets *o, const uint64_t *ino,
    size_t n)
{
	uint32_t status;
	size_t i;

	for (i = 0; i < n; i++) {
		assert_true(resolve(w, &o[i], &status) == ino[i]);
		assert_int_equal(status, NFS3_OK);
	}
}

static void
handles_of_both_layers_survive_restarts_and_renames(void **state)
{
	struct world *w = *state;
	struct mac machine = { { 0x52, 0x54, 0, 0, 0, 1 } };
	struct octets o[5];
	uint64_t ino[5];
	size_t i;
	static const char *const paths[] = { "", "etc", "etc/motd", "etc/only",
	    "own/folder/file" };

	write_file(VIEW "/files/etc/only", "machine\n");
	write_file(VIEW "/files/own/folder/file", "machine\n");
	for (i = 0; i < 5; i++) {
		o[i] = handle_of(w, VIEW, paths[i]);
		ino[i] = number_of(w, paths[i]);
	}
	world_restart(w);
	w->service.tree.exports.asker = &machine;
	require_handles(w, o, ino, 5);
	assert_int_equal(rename(VIEW "/files/own", VIEW "/files/new"), 0);
	assert_int_equal(rename("root/demo/etc/motd", "root/demo/motd"), 0);
	world_restart(w);
	w->service.tree.exports.asker = &machine;
	require_handles(w, o, ino, 5);
	assert_int_equal(rename(VIEW "/files/new/folder/file",
	    VIEW "/files/etc/file"), 0);
	require_handles(w, o, ino, 5);
}

static void
a_view_hands_out_no_handle_of_another_export(void **state)
{
	struct world *w = *state;
	struct octets image = handle_of(w, "demo", "etc/hosts");
	struct octets view;
	uint32_t status;

	/* The same file by its own export's name is another handle. */
	view = handle_of(w, VIEW, "etc/hosts");
	assert_memory_not_equal(image.data, view.data, view.len);
	/* Hidden in the view, its handle in the view is stale. */
	write_file(VIEW "/files/etc/.wh.hosts", "");
	world_later(w, 1001);
	resolve(w, &view, &status);
	assert_int_equal(status, NFS3ERR_STALE);
	resolve(w, &image, &status);
	assert_int_equal(status, NFS3_OK);
}

static void
a_stranger_has_the_default_view(void **state)
{
	struct world *w = *state;
	struct exports *x = &w->service.tree.exports;

	assert_null(exports_named(x, "machine/52-54-00-00-00-99", w->now));
	assert_int_equal(errno, ENOENT);
	write_file("machine/default/files/etc/hosts", "default\n");
	link_to("../../image/demo", "machine/default/image");
	assert_non_null(exports_named(x, "machine/52-54-00-00-00-99", w->now));
}

static void
a_machine_without_an_image_has_no_view(void **state)
{
	struct world *w = *state;

	assert_int_equal(unlink(VIEW "/image"), 0);
	assert_null(exports_named(&w->service.tree.exports, VIEW, w->now));
	assert_int_equal(errno, ENOENT);
}

static void
nothing_outside_root_and_machine_is_in_a_view(void **state)
{
	struct world *w = *state;
	struct exports *x = &w->service.tree.exports;

	write_file("seen/secret", "x\n");
	link_to("../../seen", VIEW "/files");
	assert_null(exports_named(x, VIEW, w->now));
	assert_int_equal(errno, EXDEV);
	assert_int_equal(unlink(VIEW "/files"), 0);
	assert_int_equal(unlink("image/demo/root"), 0);
	link_to("../../seen", "image/demo/root");
	assert_null(exports_named(x, VIEW, w->now));
	assert_int_equal(unlink("image/demo/root"), 0);
	/* Another folder that is called as one in root/. */
	assert_int_equal(mkdir("seen/demo", 0755), 0);
	link_to("../../seen/demo", "image/demo/root");
	assert_null(exports_named(x, VIEW, w->now));
	assert_int_equal(errno, EXDEV);
}

static void
another_image_is_another_tree(void **state)
{
	struct world *w = *state;

	require_text(w, "etc/hosts", "image\n");
	write_file("root/other/etc/hosts", "other\n");
	write_file("image/other/kind", "nfs\n");
	link_to("../../root/other", "image/other/root");
	assert_int_equal(unlink(VIEW "/image"), 0);
	link_to("../../image/other", VIEW "/image");
	world_later(w, 1001);
	require_text(w, "etc/hosts", "other\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
		T(without_files_the_view_is_the_image),
		T(a_file_hides_the_images_and_others_show),
		T(the_view_follows_the_files),
		T(whiteouts_hide_and_are_not_there),
		T(an_opaque_folder_shows_nothing_of_the_images),
		T(a_folder_and_a_file_of_one_name_do_not_mix),
		T(listed_numbers_are_those_of_getattr),
		T(a_folder_of_both_has_the_machines_mode_and_no_count),
		T(hard_links_of_a_layer_stay_one_file),
		T(handles_of_both_layers_survive_restarts_and_renames),
		T(a_view_hands_out_no_handle_of_another_export),
		T(a_stranger_has_the_default_view),
		T(a_machine_without_an_image_has_no_view),
		T(nothing_outside_root_and_machine_is_in_a_view),
		T(another_image_is_another_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
