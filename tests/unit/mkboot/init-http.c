/* SPDX-License-Identifier: ISC */
/* Responses of HTTP servers, and what becomes of a download by them. */
#include "tests/unit/unit.h"

#include "mkboot/init/download.h"
#include "mkboot/init/squash.h"

#include <string.h>

static enum reply_state
parse(struct reply *r, const char *text)
{
	size_t head;

	return reply_parse(r, text, strlen(text), &head);
}

static void
a_head_is_read_to_its_empty_line(void **state)
{
	static const char text[] = "HTTP/1.1 206 Partial Content\r\n"
	    "Server: x\r\n"
	    "content-length:  90 \r\n"
	    "Content-Range: bytes 10-99/100\r\n"
	    "ETag: \"a-b\"\r\n\r\nbody";
	struct reply r;
	size_t head, len;

	(void)state;
	for (len = 0; len < strlen(text) - 4; len++)
		assert_int_equal(reply_parse(&r, text, len, &head),
		    REPLY_MORE);
	assert_int_equal(reply_parse(&r, text, strlen(text), &head), REPLY_OK);
	assert_string_equal(text + head, "body");
	assert_int_equal(r.status, 206);
	assert_true(r.has_length && r.length == 90);
	assert_true(r.has_range && r.first == 10 && r.total == 100);
	assert_string_equal(r.tag, "\"a-b\"");
	assert_false(r.coded);
}

static void
what_is_no_http_is_refused(void **state)
{
	static const char *const bad[] = {
		"\r\n\r\n", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 20 x\r\n\r\n",
		"HTTP/2.0 200\r\n\r\n", "HTTP/1.1 200x\r\n\r\n",
		"HTTP/1.1 200 ok\r\nno colon\r\n\r\n",
		"HTTP/1.1 200 ok\r\nContent-Length: 1\r\n"
		    "Content-Length: 2\r\n\r\n",
		"HTTP/1.1 200 ok\r\nContent-Length: -1\r\n\r\n",
		"HTTP/1.1 200 ok\r\nContent-Length: 99999999999999999999\r\n"
		    "\r\n",
		"HTTP/1.1 206 ok\r\nContent-Range: bytes 9-1/100\r\n\r\n",
		"HTTP/1.1 206 ok\r\nContent-Range: bytes 0-100/100\r\n\r\n",
		"HTTP/1.1 206 ok\r\nContent-Range: lines 0-9/100\r\n\r\n",
	};
	struct reply r;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(parse(&r, bad[i]), REPLY_BAD);
}

static void
a_head_without_end_is_given_up(void **state)
{
	static char text[REPLY_HEAD_MAX];
	struct reply r;
	size_t head;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text, "HTTP/1.1 200 ok\r\nA: ", 20);
	assert_int_equal(reply_parse(&r, text, sizeof(text) - 1, &head),
	    REPLY_MORE);
	assert_int_equal(reply_parse(&r, text, sizeof(text), &head),
	    REPLY_BAD);
}

static void
only_a_strong_tag_is_taken(void **state)
{
	struct reply r;

	(void)state;
	assert_int_equal(parse(&r, "HTTP/1.0 200\nETag: W/\"x\"\n\n"),
	    REPLY_OK);
	assert_string_equal(r.tag, "");
}

static enum download_verdict
judge(struct download *d, const char *text)
{
	struct reply r;

	assert_int_equal(parse(&r, text), REPLY_OK);
	return download_judge(d, &r);
}

static struct download
half_way(void)
{
	struct download d = { .have = 50, .total = 100, .tag = "\"t\"" };

	return d;
}

static void
a_break_is_resumed_where_it_was(void **state)
{
	struct download d = half_way();
	char text[DOWNLOAD_REQUEST];
	struct url u;

	(void)state;
	assert_int_equal(url_parse(&u, "http://192.0.2.1/x"), URL_OK);
	download_request(&d, &u, &u.server, text);
	assert_non_null(strstr(text, "GET /x HTTP/1.1\r\nHost: 192.0.2.1\r\n"));
	assert_non_null(strstr(text, "\r\nRange: bytes=50-\r\n"
	    "If-Range: \"t\"\r\n"));
	assert_int_equal(judge(&d, "HTTP/1.1 206 x\r\nETag: \"t\"\r\n"
	    "Content-Range: bytes 50-99/100\r\n\r\n"), DOWNLOAD_APPEND);
	assert_int_equal(d.have, 50);
}

static void
another_file_in_the_middle_is_begun_anew(void **state)
{
	struct download d = half_way();

	(void)state;
	assert_int_equal(judge(&d, "HTTP/1.1 206 x\r\nETag: \"other\"\r\n"
	    "Content-Range: bytes 50-99/100\r\n\r\n"), DOWNLOAD_CHANGED);
	assert_int_equal(d.have, 0);
	d = half_way();
	assert_int_equal(judge(&d, "HTTP/1.1 206 x\r\nETag: \"t\"\r\n"
	    "Content-Range: bytes 50-149/150\r\n\r\n"), DOWNLOAD_CHANGED);
	d = half_way();
	assert_int_equal(judge(&d, "HTTP/1.1 416 x\r\n"
	    "Content-Range: bytes */40\r\n\r\n"), DOWNLOAD_CHANGED);
	d = half_way();
	assert_int_equal(judge(&d, "HTTP/1.1 200 x\r\nETag: \"n\"\r\n"
	    "Content-Length: 70\r\n\r\n"), DOWNLOAD_ANEW);
	assert_int_equal(d.have, 0);
	assert_int_equal(d.total, 70);
	assert_string_equal(d.tag, "\"n\"");
}

static void
a_server_in_trouble_is_asked_again_and_one_that_refuses_is_not(void **state)
{
	struct download d = half_way();

	(void)state;
	assert_int_equal(judge(&d, "HTTP/1.1 503 x\r\n\r\n"), DOWNLOAD_LATER);
	assert_int_equal(judge(&d, "HTTP/1.1 404 x\r\n\r\n"),
	    DOWNLOAD_REFUSED);
	assert_int_equal(judge(&d, "HTTP/1.1 302 x\r\n\r\n"),
	    DOWNLOAD_REFUSED);
	assert_int_equal(d.have, 50);
}

static void
what_has_no_length_is_not_taken(void **state)
{
	struct download d;

	(void)state;
	download_init(&d);
	assert_int_equal(judge(&d, "HTTP/1.1 200 x\r\n\r\n"), DOWNLOAD_UNFIT);
	assert_int_equal(judge(&d, "HTTP/1.1 200 x\r\nContent-Length: 1\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n"), DOWNLOAD_UNFIT);
	assert_int_equal(judge(&d, "HTTP/1.1 206 x\r\n"
	    "Content-Range: bytes 0-9/10\r\n\r\n"), DOWNLOAD_UNFIT);
	d = half_way();
	assert_int_equal(judge(&d, "HTTP/1.1 206 x\r\n"
	    "Content-Range: bytes 0-9/100\r\n\r\n"), DOWNLOAD_UNFIT);
}

static void
a_squashfs_says_how_long_it_is(void **state)
{
	uint8_t head[SQUASH_HEAD] = "hsqs";
	uint64_t size;

	(void)state;
	head[28] = 4;
	head[41] = 2;
	head[44] = 1;
	assert_true(squash_size(head, sizeof(head), &size));
	assert_int_equal(size, UINT64_C(0x100000200));
	assert_false(squash_size(head, sizeof(head) - 1, &size));
	head[28] = 3;
	assert_false(squash_size(head, sizeof(head), &size));
	assert_false(squash_size("<html>", 6, &size));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_read_to_its_empty_line),
		cmocka_unit_test(what_is_no_http_is_refused),
		cmocka_unit_test(a_head_without_end_is_given_up),
		cmocka_unit_test(only_a_strong_tag_is_taken),
		cmocka_unit_test(a_break_is_resumed_where_it_was),
		cmocka_unit_test(another_file_in_the_middle_is_begun_anew),
		cmocka_unit_test(
	    a_server_in_trouble_is_asked_again_and_one_that_refuses_is_not),
		cmocka_unit_test(what_has_no_length_is_not_taken),
		cmocka_unit_test(a_squashfs_says_how_long_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
