/* SPDX-License-Identifier: ISC */
/* Tests of RARP packets, RFC 903. */
#include "tests/unit/unit.h"

#include "nfsroot-helper/rarp.h"

#include <arpa/inet.h>

#include <string.h>

/* As OpenBSD's if_ether.c revarprequest() sends it. */
static const uint8_t request[RARP_LEN] = {
	0, 1, 8, 0, 6, 4, 0, 3,
	0x52, 0x54, 0, 0x12, 0x34, 0x56, 0, 0, 0, 0,
	0x52, 0x54, 0, 0x12, 0x34, 0x56, 0, 0, 0, 0,
};

static void
a_request_is_read(void **state)
{
	char text[MAC_TEXT];
	uint8_t frame[46] = { 0 };
	struct rarp r;

	(void)state;
	/* Ethernet pads it to 46 octets. */
	memcpy(frame, request, sizeof(request));
	assert_true(rarp_parse(&r, frame, sizeof(frame)));
	assert_int_equal(r.operation, RARP_REQUEST);
	assert_string_equal(mac_format(&r.target, text), "52-54-00-12-34-56");
}

static void
what_is_cut_off_or_other_is_none(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} altered[] = { { 1, 7 }, { 2, 0x86 }, { 4, 8 }, { 5, 16 }, { 7, 1 } };
	uint8_t packet[RARP_LEN];
	struct rarp r;
	size_t i;

	(void)state;
	for (i = 0; i < RARP_LEN; i++)
		assert_false(rarp_parse(&r, request, i));
	for (i = 0; i < sizeof(altered) / sizeof(altered[0]); i++) {
		memcpy(packet, request, sizeof(packet));
		packet[altered[i].at] = altered[i].value;
		assert_false(rarp_parse(&r, packet, sizeof(packet)));
	}
}

static void
the_reply_says_who_has_which_address(void **state)
{
	static const uint8_t wanted[RARP_LEN] = {
		0, 1, 8, 0, 6, 4, 0, 4,
		2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
		0x52, 0x54, 0, 0x12, 0x34, 0x56, 10, 0, 0, 5,
	};
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	uint8_t octets[RARP_LEN];
	struct rarp asked, reply;
	struct wire_out out;

	(void)state;
	assert_true(rarp_parse(&asked, request, sizeof(request)));
	rarp_answer(&reply, &asked, (struct in_addr){ inet_addr("10.0.0.5") },
	    &mac, (struct in_addr){ inet_addr("10.0.0.1") });
	wire_out_init(&out, octets, sizeof(octets));
	rarp_put(&out, &reply);
	assert_false(out.bad);
	assert_int_equal(out.len, RARP_LEN);
	assert_memory_equal(octets, wanted, sizeof(wanted));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read),
		cmocka_unit_test(what_is_cut_off_or_other_is_none),
		cmocka_unit_test(the_reply_says_who_has_which_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
