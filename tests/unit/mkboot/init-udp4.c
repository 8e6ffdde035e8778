/* SPDX-License-Identifier: ISC */
/* IPv4 and UDP headers around a DHCP packet. */
#include "tests/unit/unit.h"

#include "mkboot/init/udp4.h"

#include <string.h>

static const uint8_t payload[] = { 1, 2, 3, 4, 5 };

static size_t
make(uint8_t *packet, size_t size)
{
	struct wire_out w;

	wire_out_init(&w, packet, size);
	udp4_put_broadcast(&w, 68, 67, payload, sizeof(payload));
	assert_false(w.bad);
	return w.len;
}

static void
a_packet_reads_back_at_its_port_alone(void **state)
{
	uint8_t packet[64];
	const uint8_t *found;
	size_t len, size = make(packet, sizeof(packet));

	(void)state;
	assert_int_equal(size, UDP4_HEADERS + sizeof(payload));
	found = udp4_parse(packet, size, 67, true, &len);
	assert_non_null(found);
	assert_int_equal(len, sizeof(payload));
	assert_memory_equal(found, payload, len);
	assert_null(udp4_parse(packet, size, 68, true, &len));
}

/* Worked out by hand: RFC 1071 over the header, then over the UDP part. */
static void
the_headers_are_octet_for_octet_right(void **state)
{
	static const uint8_t expected[UDP4_HEADERS] = {
		0x45, 0, 0, 33, 0, 0, 0, 0, 64, 17, 0x7a, 0xcd,
		0, 0, 0, 0, 255, 255, 255, 255,
		0, 68, 0, 67, 0, 13, 0xf6, 0x47
	};
	uint8_t packet[64];

	(void)state;
	make(packet, sizeof(packet));
	assert_memory_equal(packet, expected, sizeof(expected));
}

static void
what_ethernet_pads_is_cut_off(void **state)
{
	uint8_t packet[64] = { 0 };
	size_t len, size = make(packet, sizeof(packet));

	(void)state;
	assert_true(size < 46);
	assert_non_null(udp4_parse(packet, 46, 67, true, &len));
	assert_int_equal(len, sizeof(payload));
}

static void
a_damaged_packet_is_dropped(void **state)
{
	uint8_t packet[64], damaged[64];
	size_t len, i, size = make(packet, sizeof(packet));

	(void)state;
	for (i = 0; i < size; i++) {
		memcpy(damaged, packet, size);
		damaged[i] ^= 0x10;
		assert_null(udp4_parse(damaged, size, 67, true, &len));
		assert_null(udp4_parse(packet, i, 67, true, &len));
	}
}

static void
a_sum_that_is_not_there_yet_is_not_missed(void **state)
{
	uint8_t packet[64];
	size_t len, size = make(packet, sizeof(packet));

	(void)state;
	packet[27] ^= 1;
	assert_null(udp4_parse(packet, size, 67, true, &len));
	assert_non_null(udp4_parse(packet, size, 67, false, &len));
	/* 0: the sender made none (RFC 768). */
	packet[26] = packet[27] = 0;
	assert_non_null(udp4_parse(packet, size, 67, true, &len));
}

static void
what_does_not_fit_is_told(void **state)
{
	uint8_t packet[UDP4_HEADERS];
	struct wire_out w;

	(void)state;
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put_broadcast(&w, 68, 67, payload, sizeof(payload));
	assert_true(w.bad);
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put_broadcast(&w, 68, 67, payload, 70000);
	assert_true(w.bad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_reads_back_at_its_port_alone),
		cmocka_unit_test(the_headers_are_octet_for_octet_right),
		cmocka_unit_test(what_ethernet_pads_is_cut_off),
		cmocka_unit_test(a_damaged_packet_is_dropped),
		cmocka_unit_test(a_sum_that_is_not_there_yet_is_not_missed),
		cmocka_unit_test(what_does_not_fit_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
