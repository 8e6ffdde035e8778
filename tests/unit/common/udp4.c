/* SPDX-License-Identifier: ISC */
/* UDP datagrams with their IPv4 header. */
#include "common/udp4.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "abc" from 10.0.0.1 port 67 to 10.0.0.2 port 68, summed up elsewhere. */
static const uint8_t known[] = {
	0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0x66, 0xcc, 10, 0, 0, 1, 10, 0, 0,
	2, 0, 67, 0, 68, 0, 11, 0x26, 0xec, 'a', 'b', 'c'
};

static struct udp4
sample(void)
{
	static const uint8_t payload[] = { 'a', 'b', 'c' };

	return (struct udp4){ .from = { inet_addr("10.0.0.1") },
	    .to = { inet_addr("10.0.0.2") }, .from_port = 67, .to_port = 68,
	    .payload = payload, .len = sizeof(payload) };
}

static void
a_datagram_is_written_as_others_write_it(void **state)
{
	const struct udp4 u = sample();
	uint8_t packet[64];
	struct wire_out w;

	(void)state;
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put(&w, &u);
	assert_false(w.bad);
	assert_int_equal(w.len, sizeof(known));
	assert_memory_equal(packet, known, sizeof(known));
}

static void
it_is_read_with_its_padding_left_out(void **state)
{
	uint8_t packet[sizeof(known) + 18] = { 0 };
	struct udp4 u;

	(void)state;
	memcpy(packet, known, sizeof(known));
	assert_true(udp4_parse(&u, packet, sizeof(packet)));
	assert_int_equal(u.from.s_addr, inet_addr("10.0.0.1"));
	assert_int_equal(u.to.s_addr, inet_addr("10.0.0.2"));
	assert_int_equal(u.from_port, 67);
	assert_int_equal(u.to_port, 68);
	assert_int_equal(u.len, 3);
	assert_memory_equal(u.payload, "abc", 3);
}

static void
what_is_cut_is_none(void **state)
{
	struct udp4 u;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(known); len++)
		assert_false(udp4_parse(&u, known, len));
}

static void
one_wrong_octet_of_the_ip_header_is_noticed(void **state)
{
	uint8_t packet[sizeof(known)];
	struct udp4 u;
	size_t i;

	(void)state;
	for (i = 0; i < 20; i++) {
		memcpy(packet, known, sizeof(known));
		packet[i] ^= 0x10;
		assert_false(udp4_parse(&u, packet, sizeof(packet)));
	}
}

static void
what_does_not_fit_is_not_written(void **state)
{
	struct udp4 u = sample();
	uint8_t packet[UDP4_HEADERS + 2];
	struct wire_out w;

	(void)state;
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put(&w, &u);
	assert_true(w.bad);
	u.len = UINT16_MAX;
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put(&w, &u);
	assert_true(w.bad);
	assert_int_equal(w.len, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_is_written_as_others_write_it),
		cmocka_unit_test(it_is_read_with_its_padding_left_out),
		cmocka_unit_test(what_is_cut_is_none),
		cmocka_unit_test(one_wrong_octet_of_the_ip_header_is_noticed),
		cmocka_unit_test(what_does_not_fit_is_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
