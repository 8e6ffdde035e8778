/* SPDX-License-Identifier: ISC */
/* Where files are, who is asked for them, and what the server is told. */
#include "tests/unit/unit.h"

#include "mkboot/init/report.h"
#include "mkboot/init/servers.h"
#include "mkboot/init/url.h"

#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>

static void
require_host(const union address *a, const char *wanted)
{
	char text[ADDRESS_TEXT];

	assert_string_equal(address_format(&a->sa, text), wanted);
}

static void
server_port_and_path_are_taken_apart(void **state)
{
	struct url u;

	(void)state;
	assert_int_equal(url_parse(&u, "http://192.0.2.1/a/b.squashfs?x=y"),
	    URL_OK);
	assert_int_equal(u.scheme, URL_HTTP);
	assert_int_equal(u.port, 80);
	require_host(&u.server, "192.0.2.1");
	assert_string_equal(u.path, "/a/b.squashfs?x=y");
	assert_int_equal(url_parse(&u, "http://[2001:db8::1]:8080/x"), URL_OK);
	require_host(&u.server, "2001:db8::1");
	assert_int_equal(u.port, 8080);
	assert_int_equal(url_parse(&u, "tftp://192.0.2.1/x"), URL_OK);
	assert_int_equal(u.scheme, URL_TFTP);
	assert_int_equal(u.port, 69);
	assert_int_equal(url_parse(&u, "tftp:192.0.2.1:/x/y"), URL_OK);
	require_host(&u.server, "192.0.2.1");
	assert_string_equal(u.path, "/x/y");
	assert_int_equal(url_parse(&u, "tftp:[2001:db8::1]:/x"), URL_OK);
	require_host(&u.server, "2001:db8::1");
}

static void
the_server_may_be_left_out(void **state)
{
	static const char *const form[] = {
		"http:///x", "tftp:///x", "tftp:/x"
	};
	struct url u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		assert_int_equal(url_parse(&u, form[i]), URL_OK);
		assert_int_equal(u.server.sa.sa_family, AF_UNSPEC);
		assert_string_equal(u.path, "/x");
	}
}

static void
what_is_no_url_has_a_reason(void **state)
{
	static const struct {
		const char *text;
		enum url_error error;
	} bad[] = {
		{ "", URL_NO_SCHEME },
		{ "https://192.0.2.1/x", URL_NO_SCHEME },
		{ "/dev/sda1", URL_NO_SCHEME },
		{ "http://server.example/x", URL_BAD_SERVER },
		{ "http://2001:db8::1/x", URL_BAD_SERVER },
		{ "http://[192.0.2.1]/x", URL_BAD_SERVER },
		{ "http://[2001:db8::1/x", URL_BAD_SERVER },
		{ "http://192.0.2.1:0/x", URL_BAD_PORT },
		{ "http://192.0.2.1:65536/x", URL_BAD_PORT },
		{ "http://192.0.2.1:/x", URL_BAD_PORT },
		{ "http://192.0.2.1", URL_BAD_PATH },
		{ "http://192.0.2.1/a b", URL_BAD_PATH },
		{ "http://192.0.2.1/a\r\nHost:", URL_BAD_PATH },
		{ "tftp:192.0.2.1:x", URL_BAD_PATH },
	};
	struct url u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(url_parse(&u, bad[i].text), bad[i].error);
		assert_true(strlen(url_error_words(bad[i].error)) > 10);
	}
}

static void
a_url_is_written_with_the_server_that_is_asked(void **state)
{
	union address other;
	char text[URL_TEXT];
	struct url u;

	(void)state;
	assert_int_equal(url_parse(&u, "http:///x"), URL_OK);
	assert_true(address_parse("2001:db8::9", 0, &other));
	assert_string_equal(url_format(&u, &other, text),
	    "http://[2001:db8::9]/x");
	assert_int_equal(url_parse(&u, "http://192.0.2.1:81/x"), URL_OK);
	assert_string_equal(url_format(&u, &u.server, text),
	    "http://192.0.2.1:81/x");
}

static struct servers
choose(const char *own, const char *line, const char *next)
{
	struct in_addr in = { INADDR_ANY };
	union address address;
	struct servers s;
	struct cmdline c;

	memset(&address, 0, sizeof(address));
	if (own != NULL)
		assert_true(address_parse(own, 0, &address));
	if (next != NULL)
		assert_int_equal(inet_pton(AF_INET, next, &in), 1);
	cmdline_parse(&c, line);
	servers_choose(&s, &address, &c, in);
	return s;
}

static void
roots_own_server_comes_first_then_the_list(void **state)
{
	struct servers s;

	(void)state;
	s = choose("192.0.2.1", "server=192.0.2.2,192.0.2.1,[2001:db8::1] "
	    "report=http://192.0.2.5/x", "192.0.2.9");
	assert_int_equal(s.n, 3);
	require_host(&s.server[0], "192.0.2.1");
	require_host(&s.server[1], "192.0.2.2");
	require_host(&s.server[2], "2001:db8::1");
}

static void
without_any_it_is_the_scripts_server_then_dhcps(void **state)
{
	struct servers s;

	(void)state;
	s = choose(NULL, "report=http://192.0.2.5/x", "192.0.2.9");
	assert_int_equal(s.n, 1);
	require_host(&s.server[0], "192.0.2.5");
	s = choose(NULL, "ip=192.0.2.7:192.0.2.6 report=http://192.0.2.5/x",
	    "192.0.2.9");
	require_host(&s.server[0], "192.0.2.6");
	s = choose(NULL, "", "192.0.2.9");
	require_host(&s.server[0], "192.0.2.9");
	assert_int_equal(choose(NULL, "", NULL).n, 0);
}

static void
reports_go_where_the_script_came_from(void **state)
{
	struct url u;

	(void)state;
	assert_true(report_target("http://192.0.2.1:8080/machine/x/boot.ipxe",
	    &u));
	assert_string_equal(u.path, "/report");
	assert_int_equal(u.port, 8080);
	assert_true(report_target("http://192.0.2.1/below/report", &u));
	assert_string_equal(u.path, "/below/report");
	assert_true(report_target("tftp://192.0.2.1/boot.ipxe", &u));
	assert_int_equal(u.scheme, URL_HTTP);
	assert_int_equal(u.port, 80);
	assert_true(report_target("192.0.2.1", &u));
	assert_string_equal(u.path, "/report");
	assert_int_equal(u.port, 80);
	assert_true(report_target("[2001:db8::1]:8080", &u));
	assert_int_equal(u.port, 8080);
	assert_false(report_target("boot.ipxe", &u));
	assert_false(report_target("", &u));
	assert_false(report_target("http:///report", &u));
	assert_false(report_target("https://192.0.2.1/x", &u));
}

static void
a_reason_is_escaped_whatever_is_in_it(void **state)
{
	char text[REPORT_REQUEST], why[900];
	struct url u;
	size_t len;

	(void)state;
	assert_true(report_target("http://[2001:db8::1]/report", &u));
	len = report_request(&u, "root", "failed", "a b&c=d\r\n\xff%", text);
	assert_int_equal(len, strlen(text));
	assert_string_equal(text, "GET /report?stage=root&state=failed"
	    "&why=a%20b%26c%3Dd%0D%0A%FF%25 HTTP/1.1\r\n"
	    "Host: [2001:db8::1]\r\n"
	    "User-Agent: pixie-init\r\n"
	    "Connection: close\r\n\r\n");
	report_request(&u, "root", "ok", "", text);
	assert_null(strstr(text, "why"));
	memset(why, ' ', sizeof(why) - 1);
	why[sizeof(why) - 1] = '\0';
	len = report_request(&u, "root", "failed", why, text);
	assert_true(len < REPORT_REQUEST);
	assert_string_equal(text + len - 4, "\r\n\r\n");
}

static void
hardware_is_told_by_a_request_with_a_body(void **state)
{
	char text[REPORT_REQUEST];
	struct url u;
	size_t len;

	(void)state;
	assert_true(report_target("10.0.0.1", &u));
	len = report_devices(&u, 1234, text);
	assert_int_equal(len, strlen(text));
	assert_string_equal(text, "POST /report?stage=hardware&state=ok "
	    "HTTP/1.1\r\n"
	    "Host: 10.0.0.1\r\n"
	    "User-Agent: pixie-init\r\n"
	    "Content-Type: text/plain\r\n"
	    "Content-Length: 1234\r\n"
	    "Connection: close\r\n\r\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(server_port_and_path_are_taken_apart),
		cmocka_unit_test(the_server_may_be_left_out),
		cmocka_unit_test(what_is_no_url_has_a_reason),
		cmocka_unit_test(
		    a_url_is_written_with_the_server_that_is_asked),
		cmocka_unit_test(roots_own_server_comes_first_then_the_list),
		cmocka_unit_test(
		    without_any_it_is_the_scripts_server_then_dhcps),
		cmocka_unit_test(reports_go_where_the_script_came_from),
		cmocka_unit_test(a_reason_is_escaped_whatever_is_in_it),
		cmocka_unit_test(hardware_is_told_by_a_request_with_a_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
