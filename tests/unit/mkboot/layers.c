/* SPDX-License-Identifier: ISC */
/* Trees laid over one another. */
#include "mkboot/layers.h"

#include <sys/stat.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char top[] = "/tmp/layers.XXXXXX";

static int
make_top(void **state)
{
	(void)state;
	umask(022);
	strlcpy(top, "/tmp/layers.XXXXXX", sizeof(top));
	return mkdtemp(top) == NULL ? -1 : 0;
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
remove_top(void **state)
{
	(void)state;
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const char *
in_top(const char *path)
{
	static char whole[256];

	snprintf(whole, sizeof(whole), "%s/%s", top, path);
	return whole;
}

static void
folder(const char *path)
{
	assert_int_equal(mkdir(in_top(path), 0755), 0);
}

static void
file(const char *path, const char *text, mode_t mode)
{
	int fd = open(in_top(path), O_WRONLY | O_CREAT | O_EXCL, mode);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void
add_tree(struct layers *l, const char *path,
    const struct template_values *values)
{
	struct why why = { "" };
	int fd = open(in_top(path), O_RDONLY | O_DIRECTORY);

	assert_true(fd != -1);
	if (layers_add_tree(l, fd, path, values, &why) == -1)
		fail_msg("%s", why.text);
	close(fd);
}

/* All paths, in order, with a blank after each. */
static void
paths_are(const struct layers *l, const char *want)
{
	char all[512] = "";
	size_t i;

	for (i = 0; i < l->n; i++) {
		strlcat(all, l->at[i].path, sizeof(all));
		strlcat(all, " ", sizeof(all));
	}
	assert_string_equal(all, want);
}

static const struct layers_entry *
find(const struct layers *l, const char *path)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->at[i].path, path) == 0)
			return &l->at[i];
	fail_msg("%s is not there", path);
	return NULL;
}

static void
content_is(const struct layers *l, const char *path, const char *want)
{
	const struct layers_entry *e = find(l, path);
	char text[128] = "";
	int fd;

	if (e->text != NULL) {
		assert_int_equal(e->len, strlen(want));
		assert_memory_equal(e->text, want, e->len);
		return;
	}
	assert_true((fd = layers_open(l, e)) != -1);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	assert_string_equal(text, want);
	close(fd);
}

static void
the_later_of_two_files_wins_and_folders_become_one(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	folder("one/etc");
	file("one/etc/motd", "old\n", 0644);
	file("one/etc/issue", "issue\n", 0644);
	folder("two");
	folder("two/etc");
	file("two/etc/motd", "new\n", 0600);
	add_tree(&l, "one", NULL);
	add_tree(&l, "two", NULL);
	layers_merge(&l);
	paths_are(&l, "etc etc/issue etc/motd ");
	content_is(&l, "etc/motd", "new\n");
	content_is(&l, "etc/issue", "issue\n");
	assert_true(find(&l, "etc/motd")->hidden);
	assert_false(find(&l, "etc/issue")->hidden);
	layers_free(&l);
}

/* "a-b" sorts between "a" and "a/b" to who does not take care. */
static void
a_file_in_a_folders_place_covers_all_that_was_below(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	folder("one/a");
	file("one/a/b", "b\n", 0644);
	file("one/a-b", "a-b\n", 0644);
	folder("two");
	file("two/a", "a file\n", 0644);
	add_tree(&l, "one", NULL);
	add_tree(&l, "two", NULL);
	layers_merge(&l);
	paths_are(&l, "a a-b ");
	content_is(&l, "a", "a file\n");
	layers_free(&l);
}

static void
a_folder_in_a_files_place_is_a_folder(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	file("one/a", "a file\n", 0644);
	folder("two");
	folder("two/a");
	file("two/a/b", "b\n", 0644);
	add_tree(&l, "one", NULL);
	add_tree(&l, "two", NULL);
	layers_merge(&l);
	paths_are(&l, "a a/b ");
	layers_free(&l);
}

static void
what_one_tree_has_the_last_word_on_can_be_left_out(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	folder("one/etc");
	file("one/etc/motd", "old\n", 0644);
	file("one/etc/issue", "issue\n", 0644);
	folder("two");
	folder("two/etc");
	file("two/etc/motd", "new\n", 0644);
	file("two/etc/hosts", "hosts\n", 0644);
	add_tree(&l, "one", NULL);
	add_tree(&l, "two", NULL);
	layers_merge(&l);
	layers_drop_tree(&l, 1);
	paths_are(&l, "etc etc/issue ");
	content_is(&l, "etc/issue", "issue\n");
	layers_free(&l);
}

static bool
value(void *context, const char *name, char value[TEMPLATE_VALUE_SIZE])
{
	(void)context;
	strlcpy(value, "alpha", TEMPLATE_VALUE_SIZE);
	return strcmp(name, "HOSTNAME") == 0;
}

static const struct template_values values = { value, NULL };

static void
text_is_a_template_where_values_are_given_and_else_as_it_is(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	file("one/hosts", "127.0.1.1 @HOSTNAME@\n", 0644);
	folder("two");
	file("two/plain", "@HOSTNAME@\n", 0644);
	add_tree(&l, "one", &values);
	add_tree(&l, "two", NULL);
	layers_merge(&l);
	content_is(&l, "hosts", "127.0.1.1 alpha\n");
	content_is(&l, "plain", "@HOSTNAME@\n");
	layers_free(&l);
}

static void
an_unknown_name_is_told_with_file_and_line(void **state)
{
	struct layers l = { 0 };
	struct why why = { "" };
	int fd;

	(void)state;
	folder("one");
	folder("one/etc");
	file("one/etc/hosts", "\n@NOBODY@\n", 0644);
	fd = open(in_top("one"), O_RDONLY | O_DIRECTORY);
	assert_int_equal(layers_add_tree(&l, fd, "image/x/template", &values,
	    &why), -1);
	assert_string_equal(why.text, "image/x/template/etc/hosts: line 2: no "
	    "value for @NOBODY@: a file var/NOBODY of the machine or the "
	    "image gives one");
	close(fd);
	layers_free(&l);
}

static void
what_is_below_a_locked_folder_is_hidden(void **state)
{
	struct layers l = { 0 };

	(void)state;
	folder("one");
	folder("one/root");
	file("one/root/open", "x\n", 0644);
	assert_int_equal(chmod(in_top("one/root"), 0700), 0);
	add_tree(&l, "one", NULL);
	layers_merge(&l);
	assert_true(find(&l, "root/open")->hidden);
	layers_free(&l);
}

static void
a_made_file_brings_its_folders_and_gives_way_to_a_trees(void **state)
{
	struct layers l = { 0 };
	struct why why = { "" };

	(void)state;
	folder("one");
	folder("one/etc");
	file("one/etc/machine-id", "mine\n", 0644);
	assert_int_equal(layers_add_file(&l, "etc/machine-id", 0444, "made\n",
	    5, false, &why), 0);
	assert_int_equal(layers_add_file(&l, "etc/ssh/key", 0600, "k", 1,
	    true, &why), 0);
	assert_int_equal(layers_add_link(&l, "etc/link", "there", &why), 0);
	add_tree(&l, "one", NULL);
	layers_merge(&l);
	paths_are(&l, "etc etc/link etc/machine-id etc/ssh etc/ssh/key ");
	content_is(&l, "etc/machine-id", "mine\n");
	content_is(&l, "etc/link", "there");
	layers_free(&l);
}

static void
an_empty_file_is_a_file(void **state)
{
	struct layers l = { 0 };
	struct why why = { "" };

	(void)state;
	folder("one");
	file("one/empty", "", 0644);
	add_tree(&l, "one", &values);
	assert_int_equal(layers_add_file(&l, "made", 0644, "", 0, false,
	    &why), 0);
	layers_merge(&l);
	content_is(&l, "empty", "");
	content_is(&l, "made", "");
	layers_free(&l);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_top, remove_top)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_later_of_two_files_wins_and_folders_become_one),
		TEST(a_file_in_a_folders_place_covers_all_that_was_below),
		TEST(a_folder_in_a_files_place_is_a_folder),
		TEST(what_one_tree_has_the_last_word_on_can_be_left_out),
		TEST(text_is_a_template_where_values_are_given_and_else_as_it_is),
		TEST(an_unknown_name_is_told_with_file_and_line),
		TEST(what_is_below_a_locked_folder_is_hidden),
		TEST(a_made_file_brings_its_folders_and_gives_way_to_a_trees),
		TEST(an_empty_file_is_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
