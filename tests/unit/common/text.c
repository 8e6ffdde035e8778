/* SPDX-License-Identifier: ISC */
/* MACs, architectures, addresses and log text. */
#include "tests/unit/unit.h"

#include <string.h>

#include "common/address.h"
#include "common/arch.h"
#include "common/log.h"
#include "common/mac.h"

static void
a_mac_is_written_in_lower_case_with_hyphens(void **state)
{
	const struct mac mac = { { 0x52, 0x54, 0, 0xAB, 0xCD, 0xEF } };
	char text[MAC_TEXT];

	(void)state;
	assert_string_equal(mac_format(&mac, text), "52-54-00-ab-cd-ef");
}

static void
a_mac_is_read_in_any_of_its_forms(void **state)
{
	const struct mac want = { { 0x52, 0x54, 0, 0xAB, 0xCD, 0xEF } };
	struct mac mac;

	(void)state;
	assert_true(mac_parse("52-54-00-ab-cd-ef", &mac));
	assert_memory_equal(&mac, &want, sizeof(mac));
	memset(&mac, 0, sizeof(mac));
	assert_true(mac_parse("52:54:00:AB:CD:EF", &mac));
	assert_memory_equal(&mac, &want, sizeof(mac));
}

static void
what_is_no_mac_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "5", "52-54-00-ab-cd", "52-54-00-ab-cd-e",
		"52-54-00-ab-cd-ef-", "52-54-00-ab-cd-ef-01", "525400abcdef",
		"52-54-00-ab-cd-eg", "52_54_00_ab_cd_ef", "default",
	};
	struct mac mac;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(mac_parse(wrong[i], &mac));
}

static void
architectures_have_their_ianas_names(void **state)
{
	(void)state;
	assert_string_equal(arch_name(0), "x86 BIOS");
	assert_string_equal(arch_name(7), "x64 UEFI");
	assert_string_equal(arch_name(11), "ARM 64-bit UEFI");
	assert_string_equal(arch_name(65535), "unknown");
	assert_true(arch_is_http(16));
	assert_false(arch_is_http(7));
	assert_false(arch_is_http(65535));
}

static void
mapped_ipv4_is_written_as_ipv4(void **state)
{
	union address a;
	char text[ADDRESS_TEXT];

	(void)state;
	assert_true(address_parse("::ffff:192.0.2.7", 69, &a));
	assert_string_equal(address_format(&a.sa, text), "192.0.2.7");
	assert_true(address_parse("2001:db8::1", 69, &a));
	assert_string_equal(address_format(&a.sa, text), "2001:db8::1");
	assert_int_equal(address_port(&a.sa), 69);
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "192.0.2", "host.example", "192.0.2.1 ", "::1%nosuchif0",
		"fe80::1%", "1:2:3:4:5:6:7:8:9",
	};
	union address a;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(address_parse(wrong[i], 1, &a));
}

static void
addresses_are_equal_by_host_and_port(void **state)
{
	union address a, b;

	(void)state;
	address_parse("192.0.2.1", 1, &a);
	address_parse("192.0.2.1", 1, &b);
	assert_true(address_equal(&a.sa, &b.sa));
	address_parse("192.0.2.1", 2, &b);
	assert_false(address_equal(&a.sa, &b.sa));
	address_parse("::1", 1, &b);
	assert_false(address_equal(&a.sa, &b.sa));
}

static void
client_bytes_cannot_forge_a_log_line(void **state)
{
	char text[64];

	(void)state;
	assert_string_equal(log_escape(text, sizeof(text),
	    "a\nfatal: x=\"1\" \\\xff", 17),
	    "a\\x0afatal:\\x20x\\x3d\\x221\\x22\\x20\\x5c\\xff");
}

static void
an_escaped_text_is_cut_at_a_whole_character(void **state)
{
	char text[8];

	(void)state;
	assert_string_equal(log_escape(text, 5, "ab\n", 3), "ab");
	assert_string_equal(log_escape(text, 7, "ab\n", 3), "ab\\x0a");
	assert_string_equal(log_escape(text, 1, "ab", 2), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mac_is_written_in_lower_case_with_hyphens),
		cmocka_unit_test(a_mac_is_read_in_any_of_its_forms),
		cmocka_unit_test(what_is_no_mac_is_refused),
		cmocka_unit_test(architectures_have_their_ianas_names),
		cmocka_unit_test(mapped_ipv4_is_written_as_ipv4),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(addresses_are_equal_by_host_and_port),
		cmocka_unit_test(client_bytes_cannot_forge_a_log_line),
		cmocka_unit_test(an_escaped_text_is_cut_at_a_whole_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
