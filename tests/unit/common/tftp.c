/* SPDX-License-Identifier: ISC */
/* TFTP packets (RFC 1350, 2347). */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>

#include "common/tftp.h"

/* Text with '|' for NUL, behind the opcode of a read request. */
static bool
parse(struct tftp_request *r, const char *text)
{
	static uint8_t packet[TFTP_REQUEST_MAX];
	size_t i, len = strlen(text);

	packet[0] = 0;
	packet[1] = TFTP_RRQ;
	for (i = 0; i < len; i++)
		packet[2 + i] = text[i] == '|' ? 0 : (uint8_t)text[i];
	return tftp_parse_request(r, packet, 2 + len);
}

static void
the_size_probe_of_uefi_is_read(void **state)
{
	struct tftp_request r;

	(void)state;
	assert_true(parse(&r, "loader/snponly.efi|octet|tsize|0|"
	    "blksize|1468|windowsize|4|"));
	assert_string_equal(r.file, "loader/snponly.efi");
	assert_int_equal(r.mode, TFTP_OCTET);
	assert_true(r.option[TFTP_TSIZE].valid);
	assert_int_equal(r.option[TFTP_BLKSIZE].value, 1468);
	assert_int_equal(r.option[TFTP_WINDOWSIZE].value, 4);
	assert_false(r.option[TFTP_TIMEOUT].present);
}

static void
names_and_modes_are_read_in_any_case(void **state)
{
	struct tftp_request r;

	(void)state;
	assert_true(parse(&r, "a|NetASCII|BlkSize|512|"));
	assert_int_equal(r.mode, TFTP_NETASCII);
	assert_string_equal(r.option[TFTP_BLKSIZE].name, "BlkSize");
	assert_true(parse(&r, "a|mail|"));
	assert_int_equal(r.mode, TFTP_OTHER_MODE);
}

static void
a_request_without_its_nuls_is_none(void **state)
{
	struct tftp_request r;

	(void)state;
	assert_false(parse(&r, ""));
	assert_false(parse(&r, "file"));
	assert_false(parse(&r, "file|octet"));
	assert_false(parse(&r, "|octet|"));
	assert_false(tftp_parse_request(&r, "\0\3a\0octet", 10));
	assert_false(tftp_parse_request(&r, "\0", 1));
}

static void
garbage_behind_the_options_is_borne(void **state)
{
	struct tftp_request r;

	(void)state;
	assert_true(parse(&r, "a|octet|blksize|1024|tsize"));
	assert_int_equal(r.option[TFTP_BLKSIZE].value, 1024);
	assert_false(r.option[TFTP_TSIZE].present);
	assert_true(parse(&r, "a|octet|||x"));
}

static void
values_out_of_range_are_marked(void **state)
{
	static const char *const wrong[] = { "7", "0", "-1", "65536", "", " 8",
		"8x", "99999999999999999999999" };
	struct tftp_request r;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		snprintf(text, sizeof(text), "a|octet|blksize|%s|", wrong[i]);
		assert_true(parse(&r, text));
		assert_true(r.option[TFTP_BLKSIZE].present);
		assert_false(r.option[TFTP_BLKSIZE].valid);
	}
}

static void
the_first_of_two_equal_options_counts(void **state)
{
	struct tftp_request r;

	(void)state;
	assert_true(parse(&r, "a|octet|blksize|600|BLKSIZE|700|"));
	assert_int_equal(r.option[TFTP_BLKSIZE].value, 600);
}

static void
packets_are_written_as_the_rfc_draws_them(void **state)
{
	uint8_t packet[64];
	struct wire_out w;

	(void)state;
	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_data(&w, 0x0102, "ab", 2);
	assert_int_equal(w.len, 6);
	assert_memory_equal(packet, "\0\3\1\2ab", 6);
	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_error(&w, TFTP_ENOTFOUND, "no");
	assert_int_equal(w.len, 7);
	assert_memory_equal(packet, "\0\5\0\1no\0", 7);
	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_oack(&w);
	tftp_put_option(&w, "tsize", UINT64_C(5000000000));
	assert_int_equal(w.len, 19);
	assert_memory_equal(packet, "\0\6tsize\0005000000000\0", 19);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_size_probe_of_uefi_is_read),
		cmocka_unit_test(names_and_modes_are_read_in_any_case),
		cmocka_unit_test(a_request_without_its_nuls_is_none),
		cmocka_unit_test(garbage_behind_the_options_is_borne),
		cmocka_unit_test(values_out_of_range_are_marked),
		cmocka_unit_test(the_first_of_two_equal_options_counts),
		cmocka_unit_test(packets_are_written_as_the_rfc_draws_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
