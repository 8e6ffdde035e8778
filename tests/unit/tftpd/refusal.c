/* SPDX-License-Identifier: ISC */
/* Refusals: every one has a name, a code and words for the screen. */
#include "tests/unit/unit.h"

#include "tftpd/refusal.h"

#include <string.h>

static const char *
text_of(enum refusal refusal, const char *file, char *text, size_t size)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct wire_out out;
	struct wire_in in;

	wire_out_init(&out, packet, sizeof(packet));
	refusal_put(&out, refusal, file);
	assert_false(out.bad);
	wire_in_init(&in, packet, out.len);
	assert_int_equal(wire_get_n16(&in), TFTP_ERROR);
	assert_int_equal(wire_get_n16(&in), refusal_code(refusal));
	strlcpy(text, wire_get_string(&in), size);
	assert_false(in.bad);
	assert_int_equal(in.left, 0);
	return text;
}

static void
every_refusal_has_name_and_words(void **state)
{
	char text[256];
	int i;

	(void)state;
	for (i = REFUSAL_NONE + 1; i < NREFUSALS; i++) {
		assert_true(strlen(refusal_name((enum refusal)i)) > 2);
		assert_null(strchr(refusal_name((enum refusal)i), ' '));
		text_of((enum refusal)i, NULL, text, sizeof(text));
		assert_non_null(strchr(text, ' '));
	}
}

static void
the_text_says_file_and_reason(void **state)
{
	char text[256];

	(void)state;
	assert_string_equal(text_of(REFUSAL_NOT_FOUND, "boot/x.efi", text,
	    sizeof(text)), "boot/x.efi: no such file");
	assert_string_equal(text_of(REFUSAL_BUSY, "", text, sizeof(text)),
	    "too many transfers at once, try again later");
}

static void
what_the_client_sent_comes_back_printable_and_cut(void **state)
{
	char name[TFTP_REQUEST_MAX], text[256];

	(void)state;
	text_of(REFUSAL_NOT_FOUND, "\x1b[2J\xff", text, sizeof(text));
	assert_string_equal(text, "\\x1b[2J\\xff: no such file");
	memset(name, 'x', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	text_of(REFUSAL_WRITE, name, text, sizeof(text));
	assert_non_null(strstr(text, "xxx: this server only"));
}

static void
every_answer_of_the_boot_directory_is_a_refusal(void **state)
{
	char text[256];
	int i;

	(void)state;
	assert_int_equal(refusal_of_pub(PUB_OK), REFUSAL_NONE);
	for (i = PUB_OK + 1; i <= PUB_SYSTEM_ERROR; i++)
		assert_string_equal(
		    text_of(refusal_of_pub((enum pub_answer)i), NULL, text,
		    sizeof(text)), pub_answer_words((enum pub_answer)i));
	assert_int_equal(refusal_code(REFUSAL_NOT_FOUND), TFTP_ENOTFOUND);
	assert_int_equal(refusal_code(REFUSAL_PRIVATE), TFTP_EACCESS);
	assert_int_equal(refusal_code(REFUSAL_STRANGER), TFTP_EBADTID);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_refusal_has_name_and_words),
		cmocka_unit_test(the_text_says_file_and_reason),
		cmocka_unit_test(
		    what_the_client_sent_comes_back_printable_and_cut),
		cmocka_unit_test(
		    every_answer_of_the_boot_directory_is_a_refusal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
