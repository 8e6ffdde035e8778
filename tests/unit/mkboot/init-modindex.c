/* SPDX-License-Identifier: ISC */
/* The index of modules: reading it, who answers, what goes before what. */
#include "tests/unit/unit.h"

#include "mkboot/init/modindex.h"

#include <string.h>

static const char text[] =
    "pixie-modules 1 6.1.0-test\n"
    "m failover kernel/net/core/failover.ko\n"
    "m nfs kernel/fs/nfs/nfs.ko sunrpc\n"
    "i\n"
    "a fs-nfs\n"
    "m phy kernel/drivers/net/phy/phy.ko\n"
    "a mdio:0000000000100010????????????????\n"
    "m sunrpc kernel/net/sunrpc/sunrpc.ko\n"
    "p phy nowhere\n"
    "m virtio_net kernel/drivers/net/virtio_net.ko failover\n"
    "a virtio:d00000001v*\n"
    "a platform:a name with blanks\n";

/* What is read stays in `buffer'. */
static bool
read_index(struct modindex *x, const char *from, char *buffer, size_t size)
{
	assert_true(strlen(from) < size);
	memcpy(buffer, from, strlen(from) + 1);
	return modindex_parse(x, buffer, strlen(buffer));
}

static void
it_is_read_as_it_was_written(void **state)
{
	char buffer[1024];
	struct modindex x;

	(void)state;
	assert_true(read_index(&x, text, buffer, sizeof(buffer)));
	assert_string_equal(x.version, "6.1.0-test");
	assert_int_equal(x.modules, 5);
	assert_int_equal(x.aliases, 4);
	assert_string_equal(x.module[1].path, "kernel/fs/nfs/nfs.ko");
	assert_true(x.module[1].insert);
	assert_false(x.module[0].insert);
	modindex_free(&x);
}

static void
what_is_not_well_formed_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} bad[] = {
		{ "", 1 },
		{ "pixie-modules 2 x\n", 1 },
		{ "m a b\n", 1 },
		{ "pixie-modules 1 x\ni\n", 2 },
		{ "pixie-modules 1 x\nm a\n", 2 },
		{ "pixie-modules 1 x\nm a /etc/a.ko\n", 2 },
		{ "pixie-modules 1 x\nm a ../a.ko\n", 2 },
		{ "pixie-modules 1 x\nm b b.ko\nm a a.ko\n", 3 },
		{ "pixie-modules 1 x\nm a a.ko\nm a a.ko\n", 3 },
		{ "pixie-modules 1 x\nm a a.ko\nq\n", 3 },
		{ "pixie-modules 1 x\n\n", 2 },
	};
	char buffer[256];
	struct modindex x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(read_index(&x, bad[i].text, buffer,
		    sizeof(buffer)));
		assert_int_equal(x.bad_line, bad[i].line);
		assert_null(x.module);
	}
	/* A NUL in the middle: the file is damaged. */
	memcpy(buffer, "pixie-modules 1 x\n\0m a a\n", 25);
	assert_false(modindex_parse(&x, buffer, 24));
}

static void
an_index_without_modules_is_an_index(void **state)
{
	char buffer[64];
	struct modindex x;
	size_t at = 0;

	(void)state;
	assert_true(read_index(&x, "pixie-modules 1 x\n", buffer, 64));
	assert_int_equal(x.modules, 0);
	assert_int_equal(modindex_find(&x, "nfs"), -1);
	assert_int_equal(modindex_match(&x, "nfs", &at), -1);
	modindex_free(&x);
}

static void
a_name_is_found_with_either_dash(void **state)
{
	char buffer[1024];
	struct modindex x;

	(void)state;
	assert_true(read_index(&x, text, buffer, sizeof(buffer)));
	assert_int_equal(modindex_find(&x, "virtio_net"), 4);
	assert_int_equal(modindex_find(&x, "virtio-net"), 4);
	assert_int_equal(modindex_find(&x, "failover"), 0);
	assert_int_equal(modindex_find(&x, "virtio"), -1);
	assert_int_equal(modindex_find(&x, ""), -1);
	modindex_free(&x);
}

static void
devices_find_their_modules(void **state)
{
	char buffer[1024];
	struct modindex x;
	size_t at = 0;

	(void)state;
	assert_true(read_index(&x, text, buffer, sizeof(buffer)));
	assert_int_equal(modindex_match(&x, "virtio:d00000001v00001AF4", &at),
	    4);
	assert_int_equal(modindex_match(&x, "virtio:d00000001v00001AF4", &at),
	    -1);
	at = 0;
	assert_int_equal(modindex_match(&x, "virtio:d00000002v00001AF4", &at),
	    -1);
	at = 0;
	assert_int_equal(modindex_match(&x, "platform:a name with blanks",
	    &at), 4);
	modindex_free(&x);
}

static void
dependencies_go_before_and_soft_ones_behind(void **state)
{
	char buffer[1024];
	struct modindex x;
	bool done[5] = { false };
	size_t order[5];

	(void)state;
	assert_true(read_index(&x, text, buffer, sizeof(buffer)));
	/* nfs needs sunrpc, behind which phy comes; "nowhere" is built in. */
	assert_int_equal(modindex_order(&x, 1, done, order), 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[1], 2);
	assert_int_equal(order[2], 1);
	assert_int_equal(modindex_order(&x, 1, done, order), 0);
	assert_int_equal(modindex_order(&x, 4, done, order), 2);
	modindex_free(&x);
}

static void
a_circle_of_dependencies_comes_to_an_end(void **state)
{
	char buffer[256];
	struct modindex x;
	bool done[3] = { false };
	size_t order[3];

	(void)state;
	assert_true(read_index(&x, "pixie-modules 1 x\n"
	    "m a a.ko b a\nm b b.ko c\nm c c.ko a\n", buffer, 256));
	assert_int_equal(modindex_order(&x, 0, done, order), 3);
	assert_int_equal(order[0], 2);
	assert_int_equal(order[1], 1);
	assert_int_equal(order[2], 0);
	modindex_free(&x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_read_as_it_was_written),
		cmocka_unit_test(
		    what_is_not_well_formed_is_refused_with_its_line),
		cmocka_unit_test(an_index_without_modules_is_an_index),
		cmocka_unit_test(a_name_is_found_with_either_dash),
		cmocka_unit_test(devices_find_their_modules),
		cmocka_unit_test(dependencies_go_before_and_soft_ones_behind),
		cmocka_unit_test(a_circle_of_dependencies_comes_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
