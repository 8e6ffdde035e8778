/* SPDX-License-Identifier: ISC */
/* Request heads (RFC 9112 sections 2 to 5). */
#include "tests/unit/unit.h"

#include <string.h>

#include "httpbootd/request.h"

/* The request's texts point into this. */
static char head[512];

static bool
parse(struct request *r, const char *text)
{
	strlcpy(head, text, sizeof(head));
	return request_parse(r, head, strlen(head));
}

static void
a_head_as_firmware_sends_it_is_read(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "HEAD /ipxe.efi HTTP/1.1\r\n"
	    "Host: [fd77::2]\r\nAccept: */*\r\n"
	    "User-Agent: UefiHttpBoot/1.0\r\n\r\n"));
	assert_string_equal(r.method, "HEAD");
	assert_string_equal(r.target, "/ipxe.efi");
	assert_string_equal(r.version, "HTTP/1.1");
	assert_true(request_is_head(&r));
	assert_false(request_is_get(&r));
	assert_null(r.field[FIELD_RANGE]);
}

static void
fields_are_found_in_any_case_and_trimmed(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "GET / HTTP/1.1\nRANGE:bytes=0-1 \t\n"
	    "if-range:  \"a\"\nIf-Match: *\nIf-None-Match:\n"
	    "If-Modified-Since: x: y\nIf-Unmodified-Since : z\n\n"));
	assert_string_equal(r.field[FIELD_RANGE], "bytes=0-1");
	assert_string_equal(r.field[FIELD_IF_RANGE], "\"a\"");
	assert_string_equal(r.field[FIELD_IF_MATCH], "*");
	assert_string_equal(r.field[FIELD_IF_NONE_MATCH], "");
	assert_string_equal(r.field[FIELD_IF_MODIFIED_SINCE], "x: y");
	/* A blank before the colon makes another name: RFC 9112 5.1. */
	assert_null(r.field[FIELD_IF_UNMODIFIED_SINCE]);
}

static void
of_a_field_that_comes_twice_the_first_counts(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "GET / HTTP/1.1\r\nRange: bytes=0-1\r\n"
	    "Range: bytes=2-3\r\n\r\n"));
	assert_string_equal(r.field[FIELD_RANGE], "bytes=0-1");
}

static void
what_follows_the_empty_line_is_no_field(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "GET / HTTP/1.1\r\n\r\nRange: bytes=0-1\r\n"));
	assert_null(r.field[FIELD_RANGE]);
}

static void
a_head_may_end_anywhere(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "GET /x"));
	assert_string_equal(r.target, "/x");
	assert_string_equal(r.version, "");
	assert_true(parse(&r, "\r\nGET /a b HTTP/1.0\r\nRange: bytes=0-1"));
	assert_string_equal(r.target, "/a b");
	assert_string_equal(r.field[FIELD_RANGE], "bytes=0-1");
}

static void
what_is_no_request_is_refused(void **state)
{
	char nul[] = "GET /\0x HTTP/1.1\r\n\r\n";
	struct request r;

	(void)state;
	assert_false(parse(&r, ""));
	assert_false(parse(&r, "\r\n\r\n"));
	assert_false(parse(&r, "GET"));
	assert_false(parse(&r, "GET "));
	assert_false(parse(&r, " / HTTP/1.1"));
	assert_false(parse(&r, "GET  HTTP/1.1"));
	assert_false(request_parse(&r, nul, sizeof(nul) - 1));
}

static void
methods_are_compared_with_their_case(void **state)
{
	struct request r;

	(void)state;
	assert_true(parse(&r, "get / HTTP/1.1\r\n\r\n"));
	assert_false(request_is_get(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_as_firmware_sends_it_is_read),
		cmocka_unit_test(fields_are_found_in_any_case_and_trimmed),
		cmocka_unit_test(of_a_field_that_comes_twice_the_first_counts),
		cmocka_unit_test(what_follows_the_empty_line_is_no_field),
		cmocka_unit_test(a_head_may_end_anywhere),
		cmocka_unit_test(what_is_no_request_is_refused),
		cmocka_unit_test(methods_are_compared_with_their_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
