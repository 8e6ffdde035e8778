/* SPDX-License-Identifier: ISC */
/* Tests of UDP datagrams in their IPv4 packets. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/udp4.h"

#include <arpa/inet.h>

#include <string.h>

/* 10.0.0.5 port 1023 to 10.255.255.255 port 111: "call". */
static const uint8_t packet[] = {
	0x45, 0, 0, 32, 0, 1, 0, 0, 64, 17, 0, 0,
	10, 0, 0, 5, 10, 255, 255, 255,
	3, 255, 0, 111, 0, 12, 0, 0, 'c', 'a', 'l', 'l',
};

static void
a_datagram_is_read(void **state)
{
	struct udp4 u;

	(void)state;
	assert_true(udp4_parse(&u, packet, sizeof(packet)));
	assert_int_equal(u.from.s_addr, inet_addr("10.0.0.5"));
	assert_int_equal(u.to.s_addr, inet_addr("10.255.255.255"));
	assert_int_equal(u.from_port, 1023);
	assert_int_equal(u.to_port, 111);
	assert_int_equal(u.len, 4);
	assert_memory_equal(u.data, "call", 4);
}

static void
padding_and_options_are_passed_over(void **state)
{
	uint8_t longer[60] = { 0 };
	struct udp4 u;

	(void)state;
	memcpy(longer, packet, sizeof(packet));
	assert_true(udp4_parse(&u, longer, 46));
	assert_int_equal(u.len, 4);
	memmove(longer + 24, longer + 20, 12);
	longer[0] = 0x46;
	longer[3] = 36;
	assert_true(udp4_parse(&u, longer, 46));
	assert_int_equal(u.to_port, 111);
	assert_memory_equal(u.data, "call", 4);
}

static void
what_is_cut_off_is_none(void **state)
{
	struct udp4 u;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(packet); len++)
		assert_false(udp4_parse(&u, packet, len));
}

static void
anything_else_is_none(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} altered[] = {
		{ 0, 0x65 },	/* another version */
		{ 0, 0x44 },	/* a head too short */
		{ 0, 0x4f },	/* a head too long */
		{ 3, 19 },	/* shorter than its head */
		{ 6, 0x20 },	/* the first of some fragments */
		{ 7, 1 },	/* a later one */
		{ 9, 6 },	/* TCP */
		{ 25, 7 },	/* shorter than UDP's head */
		{ 25, 13 },	/* longer than the packet */
	};
	uint8_t copy[sizeof(packet)];
	struct udp4 u;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(altered) / sizeof(altered[0]); i++) {
		memcpy(copy, packet, sizeof(copy));
		copy[altered[i].at] = altered[i].value;
		assert_false(udp4_parse(&u, copy, sizeof(copy)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_is_read),
		cmocka_unit_test(padding_and_options_are_passed_over),
		cmocka_unit_test(what_is_cut_off_is_none),
		cmocka_unit_test(anything_else_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
