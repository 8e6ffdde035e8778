/* SPDX-License-Identifier: ISC */
/* Read requests: names are cleaned, options negotiated. */
#include "tests/unit/unit.h"

#include "tftpd/request.h"

#include <stdio.h>
#include <string.h>

/* A packet from a literal: its last NUL is the one that C adds. */
#define PARSE(request, literal) \
	request_parse(request, literal, sizeof(literal))

static void
expect_name(const char *sent, const char *file, enum refusal refusal)
{
	char packet[TFTP_REQUEST_MAX];
	struct request request;
	int len;

	len = snprintf(packet, sizeof(packet), "%c\1%s%coctet", 0, sent, 0);
	assert_int_equal(request_parse(&request, packet, (size_t)len + 1),
	    refusal);
	assert_string_equal(request.file, file);
}

static void
names_are_made_relative_to_pub(void **state)
{
	(void)state;
	expect_name("a/b.efi", "a/b.efi", REFUSAL_NONE);
	expect_name("/grub/grub.cfg", "grub/grub.cfg", REFUSAL_NONE);
	expect_name("///x", "x", REFUSAL_NONE);
	expect_name("dir//grubx64.efi", "dir/grubx64.efi", REFUSAL_NONE);
	expect_name("\\Boot\\BCD", "Boot/BCD", REFUSAL_NONE);
	expect_name("./a/./b/", "a/b", REFUSAL_NONE);
	expect_name("undionly.kpxe\xff", "undionly.kpxe", REFUSAL_NONE);
	expect_name("x\xff\xff\xff", "x", REFUSAL_NONE);
	expect_name("a\xff" "b", "a\xff" "b", REFUSAL_NONE);
	expect_name("a..b", "a..b", REFUSAL_NONE);
}

static void
names_that_lead_out_or_nowhere_are_refused(void **state)
{
	(void)state;
	expect_name("../secret", "..", REFUSAL_LEADS_OUT);
	expect_name("a/../../secret", "a/..", REFUSAL_LEADS_OUT);
	expect_name("\\..\\secret", "..", REFUSAL_LEADS_OUT);
	expect_name("a/..\xff", "a/..", REFUSAL_LEADS_OUT);
	expect_name("/", "", REFUSAL_NO_NAME);
	expect_name("\xff", "", REFUSAL_NO_NAME);
	expect_name("./.", "", REFUSAL_NO_NAME);
}

static void
a_name_with_a_dot_in_front_is_not_found(void **state)
{
	(void)state;
	expect_name("a/.kernel.new", "a/.kernel.new", REFUSAL_NOT_FOUND);
	expect_name(".git/config", ".git/config", REFUSAL_NOT_FOUND);
}

static void
each_refusal_has_its_reason(void **state)
{
	char big[TFTP_REQUEST_MAX + 2] = "\0\1a\0octet";
	struct request r;

	(void)state;
	assert_int_equal(PARSE(&r, "\0\2up\0octet"), REFUSAL_WRITE);
	assert_string_equal(r.file, "up");
	assert_int_equal(PARSE(&r, "\0\1a\0NetASCII"), REFUSAL_NONE);
	assert_true(r.netascii);
	assert_int_equal(PARSE(&r, "\0\1a\0mail"), REFUSAL_MODE);
	assert_int_equal(PARSE(&r, "\0\1a\0OcTeT"), REFUSAL_NONE);
	assert_int_equal(request_parse(&r, "\0\1abc", 5), REFUSAL_MALFORMED);
	assert_int_equal(PARSE(&r, "\0\1\0octet"), REFUSAL_MALFORMED);
	assert_int_equal(PARSE(&r, "\0\4\0\1"), REFUSAL_NOT_A_REQUEST);
	assert_int_equal(request_parse(&r, "", 0), REFUSAL_NOT_A_REQUEST);
	assert_int_equal(request_parse(&r, big, TFTP_REQUEST_MAX),
	    REFUSAL_NONE);
	assert_int_equal(request_parse(&r, big, TFTP_REQUEST_MAX + 1),
	    REFUSAL_TOO_LONG);
}

static void
expect_oack(const struct request *r, uint64_t size, uint32_t blksize_max,
    const void *oack, size_t len)
{
	uint8_t packet[128];
	struct agreement a;
	struct wire_out w;

	request_agree(r, size, blksize_max, &a);
	assert_true(a.oack);
	wire_out_init(&w, packet, sizeof(packet));
	request_put_oack(&w, r, &a);
	assert_int_equal(w.len, len);
	assert_memory_equal(packet, oack, len);
}

static void
only_what_was_asked_is_acknowledged_as_it_was_spelled(void **state)
{
	static const char oack[] = "\0\6BlkSize\0001432\0TSIZE\0007";
	struct request r;

	(void)state;
	PARSE(&r, "\0\1a\0octet\0TSIZE\0000\0BlkSize\0001432\0foo\0001");
	expect_oack(&r, 7, 1468, oack, sizeof(oack));
}

static void
without_options_there_is_no_oack(void **state)
{
	struct request r;
	struct agreement a;

	(void)state;
	PARSE(&r, "\0\1a\0octet");
	request_agree(&r, 100, 1468, &a);
	assert_false(a.oack);
	assert_int_equal(a.blksize, 512);
	assert_int_equal(a.windowsize, 1);
	assert_int_equal(a.timeout_s, 0);
	PARSE(&r, "\0\1a\0octet\0multicast\0");
	request_agree(&r, 100, 1468, &a);
	assert_false(a.oack);
}

static void
blocks_fit_the_path_and_are_never_larger_than_asked(void **state)
{
	struct request r;
	struct agreement a;

	(void)state;
	PARSE(&r, "\0\1a\0octet\0blksize\0008192");
	request_agree(&r, 100, 1468, &a);
	assert_int_equal(a.blksize, 1468);
	request_agree(&r, 100, 8968, &a);
	assert_int_equal(a.blksize, 8192);
	request_agree(&r, 100, 4, &a);
	assert_false(a.oack);
	assert_int_equal(a.blksize, 512);
	PARSE(&r, "\0\1a\0octet\0blksize\00065535");
	request_agree(&r, 100, 1000000, &a);
	assert_int_equal(a.blksize, 65464);
}

static void
windows_are_bounded_in_blocks_and_octets(void **state)
{
	struct request r;
	struct agreement a;

	(void)state;
	PARSE(&r, "\0\1a\0octet\0windowsize\0004\0blksize\0001468");
	request_agree(&r, 100, 1468, &a);
	assert_int_equal(a.windowsize, 4);
	PARSE(&r, "\0\1a\0octet\0windowsize\00065535\0blksize\0001468");
	request_agree(&r, 100, 1468, &a);
	assert_int_equal(a.windowsize, REQUEST_WINDOW_MAX);
	PARSE(&r, "\0\1a\0octet\0windowsize\00065535\0blksize\00065464");
	request_agree(&r, 100, 65464, &a);
	assert_int_equal(a.windowsize, 2);
	assert_true(a.windowsize * a.blksize <= REQUEST_WINDOW_OCTETS);
}

static void
a_bad_value_is_as_if_not_asked(void **state)
{
	struct request r;
	struct agreement a;

	(void)state;
	PARSE(&r, "\0\1a\0octet\0blksize\0007\0windowsize\0000\0timeout\000256"
	    "\0tsize\0-1");
	request_agree(&r, 100, 1468, &a);
	assert_false(a.oack);
	assert_int_equal(a.blksize, 512);
	assert_int_equal(a.timeout_s, 0);
}

static void
timeout_is_echoed_and_tsize_is_64_bits(void **state)
{
	static const char oack[] =
	    "\0\6timeout\0005\0tsize\0005000000000";
	struct request r;

	(void)state;
	PARSE(&r, "\0\1a\0octet\0timeout\0005\0tsize\0000");
	expect_oack(&r, UINT64_C(5000000000), 1468, oack, sizeof(oack));
}

static void
raspberry_pis_and_those_who_ask_for_nothing_are_frail(void **state)
{
	struct request r;

	(void)state;
	PARSE(&r, "\0\1bootcode.bin\0octet");
	assert_true(r.frail);
	PARSE(&r, "\0\1start.elf\0octet\0tsize\0000");
	assert_true(r.frail);
	PARSE(&r, "\0\1start4.elf\0octet\0tsize\0000\0blksize\0001024");
	assert_true(r.frail);
	/* GRUB, iPXE, shim. */
	PARSE(&r, "\0\1a\0octet\0blksize\0001024\0tsize\0000");
	assert_false(r.frail);
	PARSE(&r, "\0\1a\0octet\0blksize\0001432\0tsize\0000");
	assert_false(r.frail);
	PARSE(&r, "\0\1a\0octet\0blksize\000512\0windowsize\0004");
	assert_false(r.frail);
}

static void
netascii_has_no_tsize_and_is_another_request(void **state)
{
	static const char oack[] = "\0\6blksize\0001024";
	struct request r, octet;

	(void)state;
	PARSE(&r, "\0\1a\0netascii\0tsize\0000\0blksize\0001024");
	expect_oack(&r, 7, 1468, oack, sizeof(oack));
	PARSE(&octet, "\0\1a\0octet\0tsize\0000\0blksize\0001024");
	assert_false(request_same(&r, &octet));
}

static void
the_same_file_and_options_make_the_same_request(void **state)
{
	struct request a, b;

	(void)state;
	PARSE(&a, "\0\1/a\0octet\0blksize\0001468");
	PARSE(&b, "\0\1a\0OCTET\0BLKSIZE\0001468");
	assert_true(request_same(&a, &b));
	PARSE(&b, "\0\1a\0octet\0blksize\0001432");
	assert_false(request_same(&a, &b));
	PARSE(&b, "\0\1a\0octet\0blksize\0001468\0tsize\0000");
	assert_false(request_same(&a, &b));
	PARSE(&b, "\0\1b\0octet\0blksize\0001468");
	assert_false(request_same(&a, &b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_made_relative_to_pub),
		cmocka_unit_test(names_that_lead_out_or_nowhere_are_refused),
		cmocka_unit_test(a_name_with_a_dot_in_front_is_not_found),
		cmocka_unit_test(each_refusal_has_its_reason),
		cmocka_unit_test(
		    only_what_was_asked_is_acknowledged_as_it_was_spelled),
		cmocka_unit_test(without_options_there_is_no_oack),
		cmocka_unit_test(
		    blocks_fit_the_path_and_are_never_larger_than_asked),
		cmocka_unit_test(windows_are_bounded_in_blocks_and_octets),
		cmocka_unit_test(a_bad_value_is_as_if_not_asked),
		cmocka_unit_test(timeout_is_echoed_and_tsize_is_64_bits),
		cmocka_unit_test(
		    raspberry_pis_and_those_who_ask_for_nothing_are_frail),
		cmocka_unit_test(
		    netascii_has_no_tsize_and_is_another_request),
		cmocka_unit_test(
		    the_same_file_and_options_make_the_same_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
