/* SPDX-License-Identifier: ISC */
/* Where the root is: its text, and what mount(2) gets. */
#include "tests/unit/unit.h"

#include "mkboot/init/nfsroot.h"

#include <arpa/inet.h>

#include <string.h>

static void
server_path_and_options_are_taken_apart(void **state)
{
	struct nfsroot n;

	(void)state;
	assert_int_equal(nfsroot_parse(&n,
	    "192.0.2.1:/srv/root/debian,rsize=65536,,ro,hard"), NFSROOT_OK);
	assert_string_equal(inet_ntoa(n.server.in.sin_addr), "192.0.2.1");
	assert_string_equal(n.path, "/srv/root/debian");
	assert_string_equal(n.options, "rsize=65536,hard");
	assert_int_equal(n.port, 2049);
	assert_false(n.writable);
	assert_false(n.udp);
}

static void
the_server_may_be_left_to_dhcp(void **state)
{
	struct nfsroot n;

	(void)state;
	assert_int_equal(nfsroot_parse(&n, "/root/a:b"), NFSROOT_OK);
	assert_int_equal(n.server.sa.sa_family, AF_UNSPEC);
	assert_string_equal(n.path, "/root/a:b");
	assert_int_equal(nfsroot_parse(&n, ":/root"), NFSROOT_OK);
	assert_int_equal(n.server.sa.sa_family, AF_UNSPEC);
}

static void
what_is_wrong_has_a_name(void **state)
{
	static const struct {
		const char *text;
		enum nfsroot_error error;
	} bad[] = {
		{ "", NFSROOT_EMPTY },
		{ "root", NFSROOT_NOT_ABSOLUTE },
		{ "192.0.2.1:root", NFSROOT_NOT_ABSOLUTE },
		{ "192.0.2.1:", NFSROOT_NOT_ABSOLUTE },
		{ "server.example:/root", NFSROOT_BAD_SERVER },
		{ "192.0.2.256:/root", NFSROOT_BAD_SERVER },
		{ "[2001:db8::1:/root", NFSROOT_BAD_SERVER },
		{ "2001:db8::1:/root", NFSROOT_BAD_SERVER },
		{ "[192.0.2.1]:/root", NFSROOT_BAD_SERVER },
		{ "192.0.2.1:/root,port=0", NFSROOT_BAD_PORT },
		{ "192.0.2.1:/root,port=x", NFSROOT_BAD_PORT },
	};
	struct nfsroot n;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(nfsroot_parse(&n, bad[i].text), bad[i].error);
		assert_true(strlen(nfsroot_error_words(bad[i].error)) > 10);
	}
}

static void
what_is_too_long_is_refused(void **state)
{
	char text[3000] = "192.0.2.1:/";
	struct nfsroot n;

	(void)state;
	memset(text + 11, 'x', 1100);
	assert_int_equal(nfsroot_parse(&n, text), NFSROOT_TOO_LONG);
	memset(text + 11, ',', 1);
	memset(text + 12, 'o', 600);
	assert_int_equal(nfsroot_parse(&n, text), NFSROOT_TOO_LONG);
	strcpy(text, "192.0.2.1:/x");
	while (strlen(text) < 1000)
		strcat(text, ",option");
	assert_int_equal(nfsroot_parse(&n, text), NFSROOT_TOO_LONG);
}

static void
the_client_is_told_to_ask_no_portmapper(void **state)
{
	char options[1024];
	struct nfsroot n;

	(void)state;
	assert_int_equal(nfsroot_parse(&n, "192.0.2.1:/x"), NFSROOT_OK);
	assert_true(nfsroot_options(&n, &n.server, options, sizeof(options)));
	assert_string_equal(options, "vers=3,proto=tcp,port=2049,"
	    "mountport=2049,mountproto=tcp,nolock,noacl,addr=192.0.2.1");
	assert_false(nfsroot_options(&n, &n.server, options, 60));
}

static void
the_users_options_come_last_as_the_last_counts(void **state)
{
	char options[1024];
	struct nfsroot n;

	(void)state;
	assert_int_equal(nfsroot_parse(&n,
	    "192.0.2.1:/x,rw,port=12049,vers=4.1"), NFSROOT_OK);
	assert_true(n.writable);
	assert_int_equal(n.port, 12049);
	assert_true(nfsroot_options(&n, &n.server, options, sizeof(options)));
	assert_string_equal(options, "vers=3,proto=tcp,port=12049,"
	    "mountport=12049,mountproto=tcp,nolock,noacl,addr=192.0.2.1,"
	    "port=12049,vers=4.1");
}

static void
an_ip6_server_stands_in_brackets(void **state)
{
	char options[1024], source[1100];
	struct nfsroot n;

	(void)state;
	assert_int_equal(nfsroot_parse(&n, "[2001:db8::1]:/x,rsize=4096"),
	    NFSROOT_OK);
	nfsroot_source(&n, &n.server, source, sizeof(source));
	assert_string_equal(source, "[2001:db8::1]:/x");
	assert_true(nfsroot_options(&n, &n.server, options, sizeof(options)));
	assert_string_equal(options, "vers=3,proto=tcp6,port=2049,"
	    "mountport=2049,mountproto=tcp6,nolock,noacl,addr=2001:db8::1,"
	    "rsize=4096");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server_path_and_options_are_taken_apart),
		cmocka_unit_test(the_server_may_be_left_to_dhcp),
		cmocka_unit_test(an_ip6_server_stands_in_brackets),
		cmocka_unit_test(what_is_wrong_has_a_name),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(the_client_is_told_to_ask_no_portmapper),
		cmocka_unit_test(
		    the_users_options_come_last_as_the_last_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
