/* SPDX-License-Identifier: ISC */
/* The DHCPv4 parser and writer. */
#include "common/dhcp4.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A packet to alter: a header of distinct octets, the cookie, no options. */
static size_t
begin(uint8_t packet[DHCP4_PACKET_MAX])
{
	static const uint8_t fixed[] = {
		1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78, 0, 9, 0x80, 0,
		10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 10, 0, 0, 4,
		0x52, 0x54, 0, 0xab, 0xcd, 0xef,
	};
	static const uint8_t cookie[] = { 99, 130, 83, 99 };

	memset(packet, 0, DHCP4_PACKET_MAX);
	memcpy(packet, fixed, sizeof(fixed));
	memcpy(packet + 236, cookie, sizeof(cookie));
	return DHCP4_HEADER;
}

static size_t
add(uint8_t *packet, size_t len, const void *octets, size_t n)
{
	memcpy(packet + len, octets, n);
	return len + n;
}

static void
assert_option(const struct dhcp4 *d, enum dhcp4_tag tag, const void *want,
    size_t want_len)
{
	const uint8_t *value;
	size_t len;

	value = dhcp4_get(d, tag, &len);
	assert_non_null(value);
	assert_int_equal(len, want_len);
	assert_memory_equal(value, want, len);
}

static void
a_header_is_read_field_by_field(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	struct mac mac;

	(void)state;
	memcpy(packet + begin(packet), "\65\1\1\377", 4);
	memcpy(packet + 44, "server", 6);
	memcpy(packet + 108, "file", 4);
	assert_int_equal(dhcp4_parse(&d, packet, 244), DHCP4_OK);
	assert_int_equal(d.op, DHCP4_BOOTREQUEST);
	assert_int_equal(d.xid, 0x12345678);
	assert_int_equal(d.secs, 9);
	assert_int_equal(d.flags, DHCP4_FLAG_BROADCAST);
	assert_int_equal(ntohl(d.ciaddr.s_addr), 0x0a000001);
	assert_int_equal(ntohl(d.yiaddr.s_addr), 0x0a000002);
	assert_int_equal(ntohl(d.siaddr.s_addr), 0x0a000003);
	assert_int_equal(ntohl(d.giaddr.s_addr), 0x0a000004);
	assert_string_equal(d.sname, "server");
	assert_string_equal(d.file, "file");
	assert_int_equal(d.type, DHCP4_DISCOVER);
	assert_true(dhcp4_mac(&d, &mac));
	assert_memory_equal(mac.octet, "\x52\x54\x00\xab\xcd\xef", 6);
}

static void
every_length_below_the_header_is_too_short(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	begin(packet);
	for (len = 0; len < DHCP4_HEADER; len++)
		assert_int_equal(dhcp4_parse(&d, packet, len),
		    DHCP4_TOO_SHORT);
	assert_int_equal(dhcp4_parse(&d, packet, DHCP4_HEADER), DHCP4_OK);
	assert_int_equal(d.type, DHCP4_NONE);
}

static void
the_longest_packet_is_read_and_no_longer(void **state)
{
	static uint8_t packet[DHCP4_PACKET_MAX + 1];
	struct dhcp4 d;

	(void)state;
	begin(packet);
	assert_int_equal(dhcp4_parse(&d, packet, DHCP4_PACKET_MAX), DHCP4_OK);
	assert_int_equal(dhcp4_parse(&d, packet, DHCP4_PACKET_MAX + 1),
	    DHCP4_TOO_LONG);
}

static void
another_cookie_is_no_dhcp(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;

	(void)state;
	begin(packet);
	packet[239] ^= 1;
	assert_int_equal(dhcp4_parse(&d, packet, 300), DHCP4_NO_COOKIE);
}

static void
an_option_past_the_end_is_refused(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	len = add(packet, begin(packet), "\65\1\1\74\3PX", 7);
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_BAD_OPTION);
	/* Nor a tag without its length. */
	assert_int_equal(dhcp4_parse(&d, packet, len - 3), DHCP4_BAD_OPTION);
	assert_int_equal(dhcp4_parse(&d, packet, len - 4), DHCP4_OK);
}

static void
pads_are_skipped_and_nothing_follows_the_end(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	len = add(packet, begin(packet), "\0\0\65\1\3\0\377\14\1x", 10);
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
	assert_int_equal(d.type, DHCP4_REQUEST);
	assert_false(d.option[DHCP4_HOST_NAME].present);
	assert_false(d.option[DHCP4_PAD].present);
}

static void
parts_of_an_option_are_joined_in_order(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	len = add(packet, begin(packet), "\53\3abc\14\1h\53\2de\53\0\377", 15);
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
	assert_option(&d, DHCP4_VENDOR, "abcde", 5);
	assert_option(&d, DHCP4_HOST_NAME, "h", 1);
}

static void
overloaded_fields_hold_options_and_no_text(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;
	uint8_t over;

	(void)state;
	for (over = 0; over <= 3; over++) {
		len = add(packet, begin(packet), "\64\1\0\53\1a\377", 7);
		packet[DHCP4_HEADER + 2] = over;
		add(packet, 108, "\53\1b\377", 4);
		add(packet, 44, "\53\1c\377", 4);
		assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
		/* The options field, then file, then sname: RFC 2131 4.1. */
		assert_option(&d, DHCP4_VENDOR, over == 3 ? "abc" :
		    over == 2 ? "ac" : "ab", over == 3 ? 3 : over ? 2 : 1);
		assert_int_equal(strlen(d.file) == 0, (over & 1) != 0);
		assert_int_equal(strlen(d.sname) == 0, (over & 2) != 0);
	}
}

static void
a_bad_option_in_an_overloaded_field_is_refused(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	len = add(packet, begin(packet), "\64\1\2\377", 4);
	packet[44 + 62] = DHCP4_HOST_NAME;
	packet[44 + 63] = 1;
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_BAD_OPTION);
	/* Which is only text where nothing says that it holds options. */
	packet[DHCP4_HEADER + 2] = 1;
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
}

static void
a_full_name_field_still_ends(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;

	(void)state;
	begin(packet);
	memset(packet + 44, 'n', 64 + 128);
	assert_int_equal(dhcp4_parse(&d, packet, 240), DHCP4_OK);
	assert_int_equal(strlen(d.sname), 64);
	assert_int_equal(strlen(d.file), 128);
}

static void
fixed_options_have_their_size_or_none(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct in_addr addr;
	struct dhcp4 d;
	uint16_t size;
	size_t len;

	(void)state;
	len = add(packet, begin(packet),
	    "\71\2\5\300\62\3\12\0\0\66\4\12\0\0\1\65\2\1\1\377", 20);
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
	assert_true(dhcp4_get_n16(&d, DHCP4_MAX_SIZE, &size));
	assert_int_equal(size, 1472);
	assert_false(dhcp4_get_addr(&d, DHCP4_REQUESTED_IP, &addr));
	assert_false(dhcp4_get_n16(&d, DHCP4_CLIENT_ARCH, &size));
	assert_true(dhcp4_get_addr(&d, DHCP4_SERVER_ID, &addr));
	assert_int_equal(ntohl(addr.s_addr), 0x0a000001);
	assert_int_equal(d.type, DHCP4_NONE);	/* two octets */
}

static void
a_prefix_needs_all_of_its_octets(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	size_t len;

	(void)state;
	len = add(packet, begin(packet), "\74\11PXEClient\377", 12);
	assert_int_equal(dhcp4_parse(&d, packet, len), DHCP4_OK);
	assert_true(dhcp4_has_prefix(&d, DHCP4_VENDOR_CLASS, "PXEClient"));
	assert_false(dhcp4_has_prefix(&d, DHCP4_VENDOR_CLASS, "PXEClient:"));
	assert_false(dhcp4_has_prefix(&d, DHCP4_USER_CLASS, ""));
}

static void
other_hardware_has_no_mac(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d;
	struct mac mac;

	(void)state;
	begin(packet);
	packet[2] = 16;
	assert_int_equal(dhcp4_parse(&d, packet, 240), DHCP4_OK);
	assert_false(dhcp4_mac(&d, &mac));
	packet[1] = 32;		/* InfiniBand: RFC 4391 */
	packet[2] = 6;
	assert_int_equal(dhcp4_parse(&d, packet, 240), DHCP4_OK);
	assert_false(dhcp4_mac(&d, &mac));
}

static void
what_is_written_is_read_again(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX], copy[DHCP4_PACKET_MAX];
	struct wire_out w;
	struct dhcp4 d, e;
	uint8_t blob[600];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(blob); i++)
		blob[i] = (uint8_t)(i * 7);
	begin(packet);
	memcpy(packet + 44, "server", 6);
	assert_int_equal(dhcp4_parse(&d, packet, 240), DHCP4_OK);
	wire_out_init(&w, copy, sizeof(copy));
	dhcp4_put_header(&w, &d);
	assert_memory_equal(copy, packet, 240);
	dhcp4_put_8(&w, DHCP4_MESSAGE_TYPE, DHCP4_OFFER);
	dhcp4_put(&w, DHCP4_VENDOR, blob, sizeof(blob));
	dhcp4_put_n16(&w, DHCP4_MAX_SIZE, 1472);
	dhcp4_put_text(&w, DHCP4_VENDOR_CLASS, "PXEClient");
	dhcp4_put_end(&w);
	assert_false(w.bad);
	assert_int_equal(dhcp4_parse(&e, copy, w.len), DHCP4_OK);
	assert_int_equal(e.type, DHCP4_OFFER);
	assert_option(&e, DHCP4_VENDOR, blob, sizeof(blob));
	assert_option(&e, DHCP4_VENDOR_CLASS, "PXEClient", 9);
}

static void
a_small_reply_is_padded_after_its_end(void **state)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct dhcp4 d = { .op = DHCP4_BOOTREPLY };
	struct wire_out w;

	(void)state;
	memset(packet, 0xee, sizeof(packet));
	wire_out_init(&w, packet, sizeof(packet));
	dhcp4_put_header(&w, &d);
	dhcp4_put_end(&w);
	assert_int_equal(w.len, DHCP4_REPLY_MIN);
	assert_int_equal(packet[DHCP4_HEADER], DHCP4_END);
	assert_int_equal(packet[DHCP4_REPLY_MIN - 1], 0);
}

static void
writing_past_the_end_is_noticed(void **state)
{
	uint8_t packet[DHCP4_HEADER + 4];
	struct dhcp4 d = { .op = DHCP4_BOOTREPLY };
	struct wire_out w;

	(void)state;
	wire_out_init(&w, packet, sizeof(packet));
	dhcp4_put_header(&w, &d);
	dhcp4_put_8(&w, DHCP4_MESSAGE_TYPE, DHCP4_OFFER);
	assert_false(w.bad);
	dhcp4_put_end(&w);	/* END fits, the padding does not */
	assert_true(w.bad);
}

static void
every_type_and_error_has_a_name(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < 256; i++)
		assert_true(strlen(dhcp4_type_name((enum dhcp4_type)i)) > 0);
	for (i = DHCP4_OK; i <= DHCP4_BAD_OPTION; i++)
		assert_true(strlen(dhcp4_error_name((enum dhcp4_error)i)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_read_field_by_field),
		cmocka_unit_test(every_length_below_the_header_is_too_short),
		cmocka_unit_test(the_longest_packet_is_read_and_no_longer),
		cmocka_unit_test(another_cookie_is_no_dhcp),
		cmocka_unit_test(an_option_past_the_end_is_refused),
		cmocka_unit_test(pads_are_skipped_and_nothing_follows_the_end),
		cmocka_unit_test(parts_of_an_option_are_joined_in_order),
		cmocka_unit_test(overloaded_fields_hold_options_and_no_text),
		cmocka_unit_test(
		    a_bad_option_in_an_overloaded_field_is_refused),
		cmocka_unit_test(a_full_name_field_still_ends),
		cmocka_unit_test(fixed_options_have_their_size_or_none),
		cmocka_unit_test(a_prefix_needs_all_of_its_octets),
		cmocka_unit_test(other_hardware_has_no_mac),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_small_reply_is_padded_after_its_end),
		cmocka_unit_test(writing_past_the_end_is_noticed),
		cmocka_unit_test(every_type_and_error_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
