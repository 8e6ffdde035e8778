/* SPDX-License-Identifier: ISC */
/* Tests of BOOTPARAM's arguments and results. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/bootparam.h"

#include <arpa/inet.h>

#include <string.h>

static void
whoami_names_an_address(void **state)
{
	static const uint8_t octets[] = { 0, 0, 0, 1, 0, 0, 0, 192,
	    0, 0, 0, 168, 0, 0, 0, 1, 0, 0, 0, 20 };
	struct bootparam_args args;

	(void)state;
	assert_true(bootparam_parse(&args, BOOTPARAM_WHOAMI, octets,
	    sizeof(octets)));
	assert_int_equal(args.address.s_addr, inet_addr("192.168.1.20"));
}

static void
octets_with_a_sign_are_the_same_address(void **state)
{
	static const uint8_t octets[] = { 0, 0, 0, 1,
	    0xff, 0xff, 0xff, 0xc0, 0xff, 0xff, 0xff, 0xa8,
	    0, 0, 0, 1, 0, 0, 0, 20 };
	struct bootparam_args args;

	(void)state;
	assert_true(bootparam_parse(&args, BOOTPARAM_WHOAMI, octets,
	    sizeof(octets)));
	assert_int_equal(args.address.s_addr, inet_addr("192.168.1.20"));
}

static void
what_is_no_octet_is_no_address(void **state)
{
	static const uint8_t large[] = { 0, 0, 0, 1, 0, 0, 1, 0,
	    0, 0, 0, 168, 0, 0, 0, 1, 0, 0, 0, 20 };
	static const uint8_t other_type[] = { 0, 0, 0, 2, 0, 0, 0, 192,
	    0, 0, 0, 168, 0, 0, 0, 1, 0, 0, 0, 20 };
	struct bootparam_args args;

	(void)state;
	assert_false(bootparam_parse(&args, BOOTPARAM_WHOAMI, large,
	    sizeof(large)));
	assert_false(bootparam_parse(&args, BOOTPARAM_WHOAMI, other_type,
	    sizeof(other_type)));
	assert_false(bootparam_parse(&args, BOOTPARAM_WHOAMI, large,
	    sizeof(large) - 1));
}

static void
getfile_names_a_machine_and_a_key(void **state)
{
	static const uint8_t octets[] = { 0, 0, 0, 5, 'a', 'l', 'p', 'h',
	    'a', 0, 0, 0, 0, 0, 0, 4, 'r', 'o', 'o', 't' };
	struct bootparam_args args;
	char key[BOOTPARAM_FILE_MAX + 1];

	(void)state;
	assert_true(bootparam_parse(&args, BOOTPARAM_GETFILE, octets,
	    sizeof(octets)));
	assert_int_equal(args.client.len, 5);
	assert_memory_equal(args.client.data, "alpha", 5);
	assert_true(bootparam_key(args.file, key));
	assert_string_equal(key, "root");
}

static bool
is_key(const char *text, size_t len)
{
	char key[BOOTPARAM_FILE_MAX + 1];

	return bootparam_key((struct xdr_span){ (const uint8_t *)text, len },
	    key);
}

static void
a_key_is_never_a_path(void **state)
{
	(void)state;
	assert_true(is_key("swap", 4));
	assert_false(is_key("", 0));
	assert_false(is_key("..", 2));
	assert_false(is_key(".hidden", 7));
	assert_false(is_key("a/b", 3));
	assert_false(is_key("a\0b", 3));
	assert_false(is_key("123456789012345678901234567890123", 33));
}

static void
a_place_is_a_path_with_or_without_a_server(void **state)
{
	struct in_addr server = { inet_addr("10.0.0.1") };

	(void)state;
	assert_string_equal(bootparam_place("/bsd", &server), "/bsd");
	assert_int_equal(server.s_addr, inet_addr("10.0.0.1"));
	assert_string_equal(bootparam_place("10.0.0.2:/a:b", &server),
	    "/a:b");
	assert_int_equal(server.s_addr, inet_addr("10.0.0.2"));
}

static void
what_is_no_place_is_refused(void **state)
{
	static const char *const lines[] = { "", "bsd", "server:/bsd", ":/bsd",
	    "10.0.0.2/bsd", "10.0.0.2:bsd", "10.0.0.256:/bsd",
	    "100.100.100.100.100:/bsd" };
	struct in_addr server;
	char line[BOOTPARAM_PATH_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_null(bootparam_place(lines[i], &server));
	memset(line, '/', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	assert_null(bootparam_place(line, &server));
}

static void
the_results_are_names_and_addresses(void **state)
{
	static const uint8_t whoami[] = { 0, 0, 0, 1, 'a', 0, 0, 0,
	    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 192, 0, 0, 0, 168, 0, 0, 0, 1,
	    0, 0, 0, 254 };
	static const uint8_t file[] = { 0, 0, 0, 1, 's', 0, 0, 0,
	    0, 0, 0, 1, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	    0, 0, 0, 2, '/', 'r', 0, 0 };
	uint8_t octets[64];
	struct wire_out out;

	(void)state;
	wire_out_init(&out, octets, sizeof(octets));
	bootparam_put_whoami(&out, "a", "",
	    (struct in_addr){ inet_addr("192.168.1.254") });
	assert_int_equal(out.len, sizeof(whoami));
	assert_memory_equal(octets, whoami, sizeof(whoami));
	out.len = 0;
	bootparam_put_file(&out, "s", (struct in_addr){ inet_addr("10.0.0.1") },
	    "/r");
	assert_int_equal(out.len, sizeof(file));
	assert_memory_equal(octets, file, sizeof(file));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whoami_names_an_address),
		cmocka_unit_test(octets_with_a_sign_are_the_same_address),
		cmocka_unit_test(what_is_no_octet_is_no_address),
		cmocka_unit_test(getfile_names_a_machine_and_a_key),
		cmocka_unit_test(a_key_is_never_a_path),
		cmocka_unit_test(a_place_is_a_path_with_or_without_a_server),
		cmocka_unit_test(what_is_no_place_is_refused),
		cmocka_unit_test(the_results_are_names_and_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
