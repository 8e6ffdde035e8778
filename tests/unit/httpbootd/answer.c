/* SPDX-License-Identifier: ISC */
/* Decisions: a request and what it found to status, headers and octets. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "httpbootd/answer.h"

#define SIZE UINT64_C(5368709120)	/* beyond 32 bits */
#define ETAG "\"fe00-2a-140000000-2eb26ad1.7b\""

static const struct found file = {
	.reason = REASON_WHOLE, .name = "image/big.iso",
	.file = { .dev = 0xfe00, .ino = 42, .size = SIZE,
	    .mtime = 0x2eb26ad1, .mtime_ns = 123 },
};

static const char *
header(const struct answer *a, const char *name)
{
	const char *value = NULL;
	size_t i;

	for (i = 0; i < a->nheaders; i++)
		if (strcmp(a->header[i].name, name) == 0) {
			assert_null(value);	/* none comes twice */
			value = a->header[i].value;
		}
	return value;
}

static void
ask(struct answer *a, const char *method, enum request_field field,
    const char *value, const struct found *f)
{
	struct request r = { .method = method };

	r.field[field] = value;
	answer_make(a, &r, f);
}

static void
get_gives_the_whole_file_with_its_validators(void **state)
{
	char date[ANSWER_VALUE];
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, NULL, &file);
	assert_int_equal(a.status, 200);
	assert_true(a.has_file);
	assert_true(a.has_body);
	assert_int_equal(a.span.first, 0);
	assert_int_equal(answer_length(&a), SIZE);
	assert_string_equal(header(&a, "ETag"), ETAG);
	assert_string_equal(header(&a, "Accept-Ranges"), "bytes");
	assert_string_equal(header(&a, "Last-Modified"),
	    "Sat, 29 Oct 1994 15:31:29 GMT");
	strlcpy(date, header(&a, "Last-Modified"), sizeof(date));
	ask(&a, "GET", FIELD_IF_MODIFIED_SINCE, date, &file);
	assert_int_equal(a.status, 304);
}

static void
head_says_what_get_would_and_has_no_body(void **state)
{
	struct answer get, head;
	struct found missing = { .reason = REASON_NOT_FOUND, .name = "x" };

	(void)state;
	ask(&get, "GET", FIELD_RANGE, NULL, &file);
	ask(&head, "HEAD", FIELD_RANGE, NULL, &file);
	assert_false(head.has_body);
	head.has_body = true;
	assert_memory_equal(&get, &head, sizeof(get));
	ask(&get, "GET", FIELD_RANGE, NULL, &missing);
	ask(&head, "HEAD", FIELD_RANGE, NULL, &missing);
	assert_false(head.has_body);
	assert_int_equal(answer_length(&get), answer_length(&head));
}

static void
a_range_is_for_get_alone(void **state)
{
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, "bytes=-5", &file);
	assert_int_equal(a.status, 206);
	assert_int_equal(a.span.first, SIZE - 5);
	assert_int_equal(answer_length(&a), 5);
	assert_string_equal(header(&a, "Content-Range"),
	    "bytes 5368709115-5368709119/5368709120");
	assert_string_equal(header(&a, "ETag"), ETAG);
	ask(&a, "HEAD", FIELD_RANGE, "bytes=-5", &file);
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_length(&a), SIZE);
	assert_null(header(&a, "Content-Range"));
}

static void
several_ranges_are_answered_whole(void **state)
{
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, "bytes=0-1,4-5", &file);
	assert_int_equal(a.status, 200);
	assert_int_equal(answer_length(&a), SIZE);
}

static void
a_range_past_the_end_tells_the_size(void **state)
{
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, "bytes=5368709120-", &file);
	assert_int_equal(a.status, 416);
	assert_false(a.has_file);
	assert_string_equal(header(&a, "Content-Range"), "bytes */5368709120");
	assert_string_equal(a.words,
	    "image/big.iso: the range lies past the file's end\n");
}

static void
a_range_of_another_state_of_the_file_is_answered_whole(void **state)
{
	struct request r = { .method = "GET" };
	struct answer a;

	(void)state;
	r.field[FIELD_RANGE] = "bytes=10-";
	r.field[FIELD_IF_RANGE] = "\"old\"";
	answer_make(&a, &r, &file);
	assert_int_equal(a.status, 200);
	r.field[FIELD_IF_RANGE] = ETAG;
	answer_make(&a, &r, &file);
	assert_int_equal(a.status, 206);
	/* EDK2 resumes so since 2024, and must not get a mixed file. */
	r.field[FIELD_IF_RANGE] = NULL;
	r.field[FIELD_IF_MATCH] = "\"old\"";
	answer_make(&a, &r, &file);
	assert_int_equal(a.status, 412);
	r.field[FIELD_IF_MATCH] = ETAG;
	answer_make(&a, &r, &file);
	assert_int_equal(a.status, 206);
}

static void
not_modified_has_the_files_length_and_no_body(void **state)
{
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_IF_NONE_MATCH, ETAG, &file);
	assert_int_equal(a.status, 304);
	assert_false(a.has_body);
	assert_int_equal(answer_length(&a), SIZE);
	assert_string_equal(header(&a, "ETag"), ETAG);
}

static void
expect_type(const char *name, const char *real, const char *type)
{
	struct found f = file;
	struct answer a;

	f.name = name;
	f.real = real;
	ask(&a, "GET", FIELD_RANGE, NULL, &f);
	assert_string_equal(header(&a, "Content-Type"), type);
}

static void
types_are_those_that_firmware_compares(void **state)
{
	(void)state;
	expect_type("a.efi", NULL, "application/efi");
	expect_type("A.EFI", NULL, "application/efi");
	expect_type("a.iso", NULL, "application/vnd.efi-iso");
	expect_type("a.img", NULL, "application/vnd.efi-img");
	expect_type("boot.ipxe", NULL, "text/plain");
	expect_type("grub.cfg", NULL, "text/plain");
	expect_type("install.conf", NULL, "text/plain");
	expect_type("vmlinuz", NULL, "application/octet-stream");
	expect_type("efi", NULL, "application/octet-stream");
	expect_type("a.efi/b", NULL, "application/octet-stream");
}

static void
a_link_without_an_ending_has_its_files_type(void **state)
{
	(void)state;
	expect_type("loader/16", "loader/snponly.efi", "application/efi");
	expect_type("loader/x.txt", "loader/snponly.efi", "text/plain");
	expect_type("vmlinuz", "image/a/vmlinuz", "application/octet-stream");
}

static void
other_methods_are_told_which_there_are(void **state)
{
	static const char *const methods[] = {
		"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "get", "",
	};
	struct answer a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		ask(&a, methods[i], FIELD_RANGE, NULL, &file);
		assert_int_equal(a.status, 405);
		assert_string_equal(header(&a, "Allow"), "GET, HEAD");
		assert_false(a.has_file);
	}
}

static void
refuse_with(struct answer *a, enum reason reason, const char *name)
{
	const struct found f = { .reason = reason, .name = name };

	ask(a, "GET", FIELD_RANGE, NULL, &f);
	assert_int_equal(a->reason, reason);
	assert_int_equal(a->status, reason_status(reason));
	assert_false(a->has_file);
	assert_true(a->has_body);
	assert_string_equal(header(a, "Content-Type"), "text/plain");
}

static void
each_refusal_has_its_status_and_words(void **state)
{
	static const struct {
		enum reason reason;
		unsigned status;
	} cases[] = {
		{ REASON_TARGET_FORM, 400 }, { REASON_BAD_ESCAPE, 400 },
		{ REASON_NUL, 400 }, { REASON_TOO_LONG, 414 },
		{ REASON_DOT_DOT, 404 }, { REASON_HIDDEN, 404 },
		{ REASON_FOLDER, 404 }, { REASON_NOT_FOUND, 404 },
		{ REASON_LEADS_OUT, 404 }, { REASON_PRIVATE, 404 },
		{ REASON_NOT_A_FILE, 404 }, { REASON_BAD_NAME, 404 },
		{ REASON_SYSTEM, 500 }, { REASON_BUSY, 503 },
	};
	struct answer a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		refuse_with(&a, cases[i].reason, "image/x");
		assert_int_equal(a.status, cases[i].status);
		assert_non_null(strstr(a.words, "image/x: "));
		assert_non_null(strstr(a.words,
		    reason_words(cases[i].reason)));
		assert_string_not_equal(status_phrase(a.status), "");
	}
	assert_string_equal(header(&a, "Retry-After"), "2");
}

static void
words_carry_no_octet_of_the_clients_unescaped(void **state)
{
	char name[BOOTDIR_PATH_MAX];
	struct answer a;
	size_t i;

	(void)state;
	refuse_with(&a, REASON_NOT_FOUND, "a\r\nb\033[31m");
	assert_string_equal(a.words,
	    "a\\x0d\\x0ab\\x1b[31m: no such file\n");
	memset(name, '\n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	refuse_with(&a, REASON_NOT_FOUND, name);
	for (i = 0; i < strlen(a.words) - 1; i++)
		assert_true(a.words[i] >= ' ' && a.words[i] < 0x7f);
	assert_non_null(strstr(a.words, ": no such file\n"));
}

static void
pub_answers_become_reasons(void **state)
{
	(void)state;
	assert_int_equal(reason_from_pub(PUB_OK, 0), REASON_WHOLE);
	assert_int_equal(reason_from_pub(PUB_NOT_FOUND, 0), REASON_NOT_FOUND);
	assert_int_equal(reason_from_pub(PUB_LEADS_OUT, 0), REASON_LEADS_OUT);
	assert_int_equal(reason_from_pub(PUB_PRIVATE, 0), REASON_PRIVATE);
	assert_int_equal(reason_from_pub(PUB_NOT_A_FILE, 0),
	    REASON_NOT_A_FILE);
	assert_int_equal(reason_from_pub(PUB_BAD_NAME, 0), REASON_BAD_NAME);
	assert_int_equal(reason_from_pub(PUB_SYSTEM_ERROR, EIO),
	    REASON_SYSTEM);
	assert_int_equal(reason_from_pub(PUB_SYSTEM_ERROR, EMFILE),
	    REASON_BUSY);
}

static void
a_file_that_is_written_anew_has_another_tag(void **state)
{
	struct answer a;
	struct found f = file;

	(void)state;
	f.file.mtime_ns++;
	ask(&a, "GET", FIELD_RANGE, NULL, &f);
	assert_string_not_equal(header(&a, "ETag"), ETAG);
	f = file;
	f.file.ino++;
	ask(&a, "GET", FIELD_RANGE, NULL, &f);
	assert_string_not_equal(header(&a, "ETag"), ETAG);
	f = file;
	f.file.dev = f.file.ino = f.file.size = UINT64_MAX;
	f.file.mtime = INT64_MIN;
	f.file.mtime_ns = 999999999;
	ask(&a, "GET", FIELD_RANGE, NULL, &f);
	assert_int_equal(header(&a, "ETag")[strlen(header(&a, "ETag")) - 1],
	    '"');
}

static void
the_log_calls_it_sent_only_when_all_went_out(void **state)
{
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, NULL, &file);
	assert_string_equal(answer_event(&a, SIZE), "sent");
	assert_string_equal(answer_event(&a, SIZE - 1), "broke");
	ask(&a, "GET", FIELD_RANGE, "bytes=0-", &file);
	assert_string_equal(answer_event(&a, SIZE), "part");
	ask(&a, "HEAD", FIELD_RANGE, NULL, &file);
	assert_string_equal(answer_event(&a, 0), "head");
	ask(&a, "GET", FIELD_IF_NONE_MATCH, "*", &file);
	assert_string_equal(answer_event(&a, 0), "unchanged");
	refuse_with(&a, REASON_PRIVATE, "x");
	assert_string_equal(answer_event(&a, 12), "refused");
}

/* As libmicrohttpd writes it, and curl counts it. */
static void
the_head_is_as_long_as_on_the_wire(void **state)
{
	static const char head[] = "HTTP/1.1 206 Partial Content\r\n"
	    "Date: Mon, 23 Nov 2026 13:39:48 GMT\r\n"
	    "Content-Type: application/vnd.efi-iso\r\n"
	    "Accept-Ranges: bytes\r\n"
	    "Last-Modified: Sat, 29 Oct 1994 15:31:29 GMT\r\n"
	    "ETag: \"fe00-2a-140000000-2eb26ad1.7b\"\r\n"
	    "Content-Range: bytes 5-9/5368709120\r\n"
	    "Content-Length: 5\r\n\r\n";
	struct answer a;

	(void)state;
	ask(&a, "GET", FIELD_RANGE, "bytes=5-9", &file);
	assert_int_equal(answer_head_length(&a), sizeof(head) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_is_as_long_as_on_the_wire),
		cmocka_unit_test(get_gives_the_whole_file_with_its_validators),
		cmocka_unit_test(head_says_what_get_would_and_has_no_body),
		cmocka_unit_test(a_range_is_for_get_alone),
		cmocka_unit_test(several_ranges_are_answered_whole),
		cmocka_unit_test(a_range_past_the_end_tells_the_size),
		cmocka_unit_test(
		    a_range_of_another_state_of_the_file_is_answered_whole),
		cmocka_unit_test(not_modified_has_the_files_length_and_no_body),
		cmocka_unit_test(types_are_those_that_firmware_compares),
		cmocka_unit_test(a_link_without_an_ending_has_its_files_type),
		cmocka_unit_test(other_methods_are_told_which_there_are),
		cmocka_unit_test(each_refusal_has_its_status_and_words),
		cmocka_unit_test(words_carry_no_octet_of_the_clients_unescaped),
		cmocka_unit_test(pub_answers_become_reasons),
		cmocka_unit_test(a_file_that_is_written_anew_has_another_tag),
		cmocka_unit_test(the_log_calls_it_sent_only_when_all_went_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
