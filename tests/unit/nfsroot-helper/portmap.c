/* SPDX-License-Identifier: ISC */
/* Tests of the port mapper's arguments, table and results. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/portmap.h"

#include <string.h>

static const struct portmap table = { .n = 3, .service = {
	{ 100003, 3, PORTMAP_TCP, 2049 }, { 100005, 1, PORTMAP_UDP, 627 },
	{ 100005, 3, PORTMAP_UDP, 2049 },
} };

static void
a_program_is_found_by_version_and_protocol(void **state)
{
	(void)state;
	assert_int_equal(portmap_find(&table, 100005, 1, PORTMAP_UDP), 627);
	assert_int_equal(portmap_find(&table, 100005, 3, PORTMAP_UDP), 2049);
	assert_int_equal(portmap_find(&table, 100003, 3, PORTMAP_TCP), 2049);
	assert_int_equal(portmap_find(&table, 100003, 3, PORTMAP_UDP), 0);
	assert_int_equal(portmap_find(&table, 100021, 4, PORTMAP_TCP), 0);
}

static void
another_version_leads_to_where_the_mismatch_is_told(void **state)
{
	(void)state;
	assert_int_equal(portmap_find(&table, 100003, 4, PORTMAP_TCP), 2049);
	assert_int_not_equal(portmap_find(&table, 100005, 2, PORTMAP_UDP), 0);
}

static void
a_full_table_takes_no_more(void **state)
{
	struct portmap p = { .n = 0 };
	uint32_t i;

	(void)state;
	for (i = 0; i < PORTMAP_SERVICES_MAX; i++)
		assert_true(portmap_add(&p, 100003, i, PORTMAP_TCP, 1));
	assert_false(portmap_add(&p, 100003, i, PORTMAP_TCP, 1));
	assert_int_equal(p.n, PORTMAP_SERVICES_MAX);
}

static void
getport_has_four_words(void **state)
{
	static const uint8_t octets[] = { 0, 1, 0x86, 0xa3, 0, 0, 0, 3,
	    0, 0, 0, 17, 0, 0, 0, 0 };
	struct portmap_args args;

	(void)state;
	assert_true(portmap_parse(&args, PORTMAP_GETPORT, octets,
	    sizeof(octets)));
	assert_int_equal(args.mapping.program, 100003);
	assert_int_equal(args.mapping.version, 3);
	assert_int_equal(args.mapping.protocol, PORTMAP_UDP);
	assert_false(portmap_parse(&args, PORTMAP_GETPORT, octets,
	    sizeof(octets) - 1));
}

/* WHOAMI of 10.0.0.5, as OpenBSD's nfs_boot.c bp_whoami() packs it. */
static const uint8_t callit[] = {
	0, 1, 0x86, 0xba, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20,
	0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5,
};

static void
callit_carries_the_arguments_of_another_call(void **state)
{
	struct portmap_args args;

	(void)state;
	assert_true(portmap_parse(&args, PORTMAP_CALLIT, callit,
	    sizeof(callit)));
	assert_int_equal(args.program, 100026);
	assert_int_equal(args.version, 1);
	assert_int_equal(args.procedure, 1);
	assert_ptr_equal(args.args.data, callit + 16);
	assert_int_equal(args.args.len, 20);
}

static void
a_callit_that_is_cut_off_is_none(void **state)
{
	struct portmap_args args;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(callit); len++)
		assert_false(portmap_parse(&args, PORTMAP_CALLIT, callit,
		    len));
}

static void
dump_is_a_list_of_mappings(void **state)
{
	static const uint8_t wanted[] = { 0, 0, 0, 1, 0, 1, 0x86, 0xa3,
	    0, 0, 0, 3, 0, 0, 0, 6, 0, 0, 8, 1, 0, 0, 0, 0 };
	uint8_t octets[64];
	struct wire_out out;

	(void)state;
	wire_out_init(&out, octets, sizeof(octets));
	portmap_put_item(&out, &table.service[0]);
	portmap_put_end(&out);
	assert_int_equal(out.len, sizeof(wanted));
	assert_memory_equal(octets, wanted, sizeof(wanted));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_found_by_version_and_protocol),
		cmocka_unit_test(
		    another_version_leads_to_where_the_mismatch_is_told),
		cmocka_unit_test(a_full_table_takes_no_more),
		cmocka_unit_test(getport_has_four_words),
		cmocka_unit_test(callit_carries_the_arguments_of_another_call),
		cmocka_unit_test(a_callit_that_is_cut_off_is_none),
		cmocka_unit_test(dump_is_a_list_of_mappings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
