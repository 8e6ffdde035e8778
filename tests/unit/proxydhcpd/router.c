/* SPDX-License-Identifier: ISC */
/* Whose wait for an IPv6 router is ended, and with what. */
#include "proxydhcpd/router.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct mac pc = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

/* What iPXE sends: the header, and its address as an option. */
static const uint8_t usual[] = { 133, 0, 0x12, 0x34, 0, 0, 0, 0,
    1, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56 };

static struct solicitation
sent(const char *from, int hop_limit)
{
	struct solicitation s = { .hop_limit = hop_limit };

	assert_int_equal(inet_pton(AF_INET6, from, &s.from), 1);
	return s;
}

static enum router_reason
parse(const char *from, int hop_limit, const uint8_t *data, size_t len)
{
	struct solicitation s = sent(from, hop_limit);

	return router_parse(&s, data, len);
}

static void
the_option_names_the_sender(void **state)
{
	struct solicitation s = sent("fe80::1", 255);

	(void)state;
	assert_int_equal(router_parse(&s, usual, sizeof(usual)),
	    ROUTER_ADVERTISE);
	assert_memory_equal(&s.mac, &pc, sizeof(pc));
}

static void
else_its_address_does(void **state)
{
	struct solicitation s = sent("fe80::5054:ff:fe12:3456", 255);

	(void)state;
	assert_int_equal(router_parse(&s, usual, 8), ROUTER_ADVERTISE);
	assert_memory_equal(&s.mac, &pc, sizeof(pc));
}

static void
the_option_counts_before_the_address(void **state)
{
	struct solicitation s = sent("fe80::200:ff:fe00:1", 255);

	(void)state;
	assert_int_equal(router_parse(&s, usual, sizeof(usual)),
	    ROUTER_ADVERTISE);
	assert_memory_equal(&s.mac, &pc, sizeof(pc));
}

static void
other_options_are_passed_over(void **state)
{
	/* A nonce (RFC 3971), then the address, which the first is not. */
	static const uint8_t nonce[] = { 133, 0, 0, 0, 0, 0, 0, 0,
	    14, 1, 9, 9, 9, 9, 9, 9, 1, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	struct solicitation s = sent("fe80::1", 255);

	(void)state;
	assert_int_equal(router_parse(&s, nonce, sizeof(nonce)),
	    ROUTER_ADVERTISE);
	assert_memory_equal(&s.mac, &pc, sizeof(pc));
}

static void
what_a_router_passed_on_is_left(void **state)
{
	(void)state;
	assert_int_equal(parse("fe80::1", 254, usual, sizeof(usual)),
	    ROUTER_FORWARDED);
	assert_int_equal(parse("fe80::1", -1, usual, sizeof(usual)),
	    ROUTER_FORWARDED);
}

static void
another_message_is_left(void **state)
{
	uint8_t other[sizeof(usual)];

	(void)state;
	memcpy(other, usual, sizeof(other));
	other[0] = 134;		/* an advertisement */
	assert_int_equal(parse("fe80::1", 255, other, sizeof(other)),
	    ROUTER_NOT_SOLICITATION);
	other[0] = 133;
	other[1] = 1;		/* a code that RFC 4861 does not know */
	assert_int_equal(parse("fe80::1", 255, other, sizeof(other)),
	    ROUTER_NOT_SOLICITATION);
}

static void
a_cut_message_is_malformed(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(usual); len++)
		if (len != 8)
			assert_int_equal(parse("fe80::5054:ff:fe12:3456", 255,
			    usual, len), ROUTER_MALFORMED);
}

static void
an_option_of_length_zero_is_malformed(void **state)
{
	uint8_t zero[sizeof(usual)];

	(void)state;
	memcpy(zero, usual, sizeof(zero));
	zero[9] = 0;
	assert_int_equal(parse("fe80::1", 255, zero, sizeof(zero)),
	    ROUTER_MALFORMED);
}

static void
nobody_cannot_be_told(void **state)
{
	(void)state;
	assert_int_equal(parse("::", 255, usual, 8), ROUTER_NO_SENDER);
}

static void
a_wide_address_is_left(void **state)
{
	(void)state;
	assert_int_equal(parse("2001:db8::1", 255, usual, sizeof(usual)),
	    ROUTER_NOT_LINK_LOCAL);
	assert_int_equal(parse("ff02::1", 255, usual, sizeof(usual)),
	    ROUTER_NOT_LINK_LOCAL);
}

static void
without_a_mac_it_is_left(void **state)
{
	/* As long as InfiniBand's: RFC 4391 section 9.3. */
	static const uint8_t wide[24] = { 133, [8] = 1, [9] = 2 };

	(void)state;
	assert_int_equal(parse("fe80::1", 255, usual, 8), ROUTER_NO_MAC);
	assert_int_equal(parse("fe80::1", 255, wide, sizeof(wide)),
	    ROUTER_NO_MAC);
}

static void
who_is_not_booting_is_left(void **state)
{
	(void)state;
	assert_int_equal(router_decide(false, false, true),
	    ROUTER_NOT_BOOTING);
	assert_int_equal(router_decide(false, true, false),
	    ROUTER_NOT_BOOTING);
}

static void
without_the_file_it_is_left(void **state)
{
	(void)state;
	assert_int_equal(router_decide(true, false, false),
	    ROUTER_NOT_WANTED);
	assert_int_equal(router_decide(true, false, true), ROUTER_ADVERTISE);
}

static void
where_there_is_a_router_it_is_left(void **state)
{
	(void)state;
	assert_int_equal(router_decide(true, true, true), ROUTER_REAL);
}

/* An advertisement as one of a router's: lifetime in seconds. */
static bool
advert(struct router_links *links, const char *from, int hops,
    unsigned lifetime_s, size_t len, int64_t now_ms)
{
	const uint8_t data[16] = { 134, [6] = (uint8_t)(lifetime_s >> 8),
	    [7] = (uint8_t)lifetime_s };
	struct in6_addr addr;

	assert_int_equal(inet_pton(AF_INET6, from, &addr), 1);
	return router_note_advert(links, 3, &addr, hops, data, len, now_ms);
}

static void
a_link_is_asked_once_and_trusted_after_a_second(void **state)
{
	struct router_links links = { 0 };

	(void)state;
	assert_false(router_is_real(&links, 3, 0));
	assert_true(router_ask(&links, 3, 1000));
	assert_false(router_ask(&links, 3, 1001));
	assert_true(router_is_real(&links, 3, 1999));
	assert_false(router_is_real(&links, 3, 2000));
	assert_false(router_is_real(&links, 4, 1500));
	/* Asked again, it is still known as the one that it was. */
	assert_true(router_ask(&links, 3, 1000 + ROUTER_ASK_MS));
	assert_false(router_is_real(&links, 3, 1000 + ROUTER_ASK_MS));
}

static void
an_advert_counts_for_its_lifetime_and_ten_minutes_at_least(void **state)
{
	struct router_links links = { 0 };

	(void)state;
	assert_true(router_ask(&links, 3, 1));
	assert_true(advert(&links, "fe80::1", 255, 1800, 16, 5000));
	assert_true(router_is_real(&links, 3, 5000 + 1800 * 1000 - 1));
	assert_false(router_is_real(&links, 3, 5000 + 1800 * 1000));
	assert_false(router_is_real(&links, 4, 5000));
	assert_true(advert(&links, "fe80::1", 255, 0, 16, 5000));
	assert_true(router_is_real(&links, 3, 5000 + ROUTER_LASTS_MS - 1));
	assert_false(router_ask(&links, 3, 5000 + ROUTER_LASTS_MS - 1));
	assert_false(router_is_real(&links, 3, 5000 + ROUTER_LASTS_MS));
}

static void
what_is_no_advert_of_this_link_does_not_count(void **state)
{
	struct router_links links = { 0 };

	(void)state;
	assert_false(advert(&links, "fe80::1", 64, 1800, 16, 5000));
	assert_false(advert(&links, "2001:db8::1", 255, 1800, 16, 5000));
	assert_false(advert(&links, "fe80::1", 255, 1800, 15, 5000));
	assert_false(router_is_real(&links, 3, 5000));
}

static void
links_without_number_are_left_alone(void **state)
{
	struct router_links links = { 0 };
	unsigned i;

	(void)state;
	for (i = 1; i <= ROUTER_LINKS_MAX; i++)
		assert_true(router_ask(&links, i, 1));
	assert_false(router_ask(&links, i, 1));
	assert_true(router_is_real(&links, i, 100000));
	assert_false(router_is_real(&links, 1, 100000));
}

static void
every_reason_has_its_words(void **state)
{
	enum router_reason a, b;

	(void)state;
	for (a = 0; a < ROUTER_COUNT; a++) {
		assert_true(strlen(router_reason_words(a)) > 0);
		for (b = 0; b < a; b++)
			assert_string_not_equal(router_reason_name(a),
			    router_reason_name(b));
	}
}

/* RFC 4861 section 4.2: lifetime, M, O, hop limit and timers are zero. */
static void
the_advertisement_tells_no_route(void **state)
{
	static const uint8_t want[ROUTER_ADVERT_SIZE] = { 134 };
	uint8_t got[64];
	struct wire_out w;

	(void)state;
	wire_out_init(&w, got, sizeof(got));
	router_encode(&w);
	assert_false(w.bad);
	assert_int_equal(w.len, sizeof(want));
	assert_memory_equal(got, want, sizeof(want));
}

static int
setup(void **state)
{
	*state = calloc(1, sizeof(struct router_clients));
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	free(*state);
	return 0;
}

static void
nobody_boots_at_first(void **state)
{
	static const struct mac zero;

	assert_false(router_is_booting(*state, &pc, 0));
	assert_false(router_is_booting(*state, &zero, 0));
}

static void
an_offer_counts_for_two_minutes(void **state)
{
	router_note_boot(*state, &pc, 1000);
	assert_true(router_is_booting(*state, &pc, 1000));
	assert_true(router_is_booting(*state, &pc, 120999));
	assert_false(router_is_booting(*state, &pc, 121000));
}

static void
and_only_for_its_own_machine(void **state)
{
	struct mac other = pc;

	router_note_boot(*state, &pc, 1000);
	other.octet[0] ^= 4;	/* in the same bucket */
	assert_false(router_is_booting(*state, &other, 1000));
	other = pc;
	other.octet[5]++;
	assert_false(router_is_booting(*state, &other, 1000));
}

static void
another_offer_counts_anew(void **state)
{
	int i;

	for (i = 0; i < 2 * ROUTER_BUCKET_SIZE; i++)
		router_note_boot(*state, &pc, i * 1000);
	assert_true(router_is_booting(*state, &pc, 130000));
	assert_false(router_is_booting(*state, &pc, 135000));
}

static void
an_offer_again_takes_no_second_place(void **state)
{
	struct mac other = pc;
	int i;

	other.octet[0] ^= 4;	/* in the same bucket */
	router_note_boot(*state, &other, 1000);
	for (i = 0; i < 2 * ROUTER_BUCKET_SIZE; i++)
		router_note_boot(*state, &pc, 2000);
	assert_true(router_is_booting(*state, &other, 2000));
}

static void
a_full_bucket_forgets_its_oldest(void **state)
{
	struct mac mac = pc;
	int i;

	for (i = 0; i <= ROUTER_BUCKET_SIZE; i++) {
		mac.octet[0] = (uint8_t)(4 * i);
		router_note_boot(*state, &mac, 1000 + i);
	}
	for (i = 0; i <= ROUTER_BUCKET_SIZE; i++) {
		mac.octet[0] = (uint8_t)(4 * i);
		assert_int_equal(router_is_booting(*state, &mac, 2000),
		    i != 0);
	}
}

static void
a_makers_thousand_machines_have_room(void **state)
{
	struct mac mac = pc;
	int i, known = 0;

	for (i = 0; i < 1000; i++) {
		mac.octet[4] = (uint8_t)(i >> 8);
		mac.octet[5] = (uint8_t)i;
		router_note_boot(*state, &mac, 1000);
	}
	for (i = 0; i < 1000; i++) {
		mac.octet[4] = (uint8_t)(i >> 8);
		mac.octet[5] = (uint8_t)i;
		known += router_is_booting(*state, &mac, 2000);
	}
	assert_int_equal(known, 1000);
}

#define clients_test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_option_names_the_sender),
		cmocka_unit_test(else_its_address_does),
		cmocka_unit_test(the_option_counts_before_the_address),
		cmocka_unit_test(other_options_are_passed_over),
		cmocka_unit_test(what_a_router_passed_on_is_left),
		cmocka_unit_test(another_message_is_left),
		cmocka_unit_test(a_cut_message_is_malformed),
		cmocka_unit_test(an_option_of_length_zero_is_malformed),
		cmocka_unit_test(nobody_cannot_be_told),
		cmocka_unit_test(a_wide_address_is_left),
		cmocka_unit_test(without_a_mac_it_is_left),
		cmocka_unit_test(who_is_not_booting_is_left),
		cmocka_unit_test(without_the_file_it_is_left),
		cmocka_unit_test(where_there_is_a_router_it_is_left),
		cmocka_unit_test(
		    a_link_is_asked_once_and_trusted_after_a_second),
		cmocka_unit_test(
		    an_advert_counts_for_its_lifetime_and_ten_minutes_at_least),
		cmocka_unit_test(what_is_no_advert_of_this_link_does_not_count),
		cmocka_unit_test(links_without_number_are_left_alone),
		cmocka_unit_test(every_reason_has_its_words),
		cmocka_unit_test(the_advertisement_tells_no_route),
		clients_test(nobody_boots_at_first),
		clients_test(an_offer_counts_for_two_minutes),
		clients_test(and_only_for_its_own_machine),
		clients_test(another_offer_counts_anew),
		clients_test(an_offer_again_takes_no_second_place),
		clients_test(a_full_bucket_forgets_its_oldest),
		clients_test(a_makers_thousand_machines_have_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
