/* SPDX-License-Identifier: ISC */
/* A DHCPv6 client, message by message, and what routers advertise. */
#include "tests/unit/unit.h"

#include "mkboot/init/lease6.h"
#include "mkboot/init/ra.h"

#include <arpa/inet.h>

#include <string.h>

static const struct mac mac = { { 0x52, 0x54, 0, 1, 2, 3 } };
static const uint8_t server_id[] = { 0, 3, 0, 1, 9, 9, 9, 9, 9, 9 };

struct side {
	struct lease6 lease;
	uint8_t sent[DHCP6_PACKET_MAX];
	struct dhcp6 said;	/* what it sent last */
};

static struct in6_addr
address(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static enum lease_action
tick(struct side *s, int64_t now)
{
	enum lease_action action;
	struct wire_out w;

	wire_out_init(&w, s->sent, sizeof(s->sent));
	action = lease6_tick(&s->lease, now, &w);
	if (action == LEASE_BROADCAST)
		assert_int_equal(dhcp6_parse(&s->said, s->sent, w.len),
		    DHCP6_OK);
	return action;
}

static void
put_n32(uint8_t *p, uint32_t value)
{
	value = htonl(value);
	memcpy(p, &value, sizeof(value));
}

/* An answer with this address for `valid' seconds; NULL: none. */
static enum lease_action
answer(struct side *s, enum dhcp6_type type, const char *text, uint32_t valid,
    int64_t now)
{
	uint8_t packet[512], body[24] = { 0 }, ia[12] = { 0 };
	const struct in6_addr dns = address("2001:db8::53");
	struct in6_addr a;
	struct wire_out w;
	struct dhcp6 d;
	size_t begun;

	wire_out_init(&w, packet, sizeof(packet));
	dhcp6_put_header(&w, type, s->lease.xid);
	dhcp6_put(&w, DHCP6_CLIENT_ID, s->lease.duid, sizeof(s->lease.duid));
	dhcp6_put(&w, DHCP6_SERVER_ID, server_id, sizeof(server_id));
	dhcp6_put(&w, DHCP6_DNS, &dns, sizeof(dns));
	if (text != NULL) {
		a = address(text);
		memcpy(body, &a, sizeof(a));
		put_n32(body + 16, valid);
		put_n32(body + 20, valid);
		put_n32(ia, s->lease.iaid);
		begun = dhcp6_begin(&w, DHCP6_IA_NA);
		wire_put_bytes(&w, ia, sizeof(ia));
		dhcp6_put(&w, DHCP6_IA_ADDRESS, body, sizeof(body));
		dhcp6_end(&w, begun);
	}
	assert_false(w.bad);
	assert_int_equal(dhcp6_parse(&d, packet, w.len), DHCP6_OK);
	return lease6_input(&s->lease, &d, now);
}

static void
bind_at(struct side *s, int64_t now)
{
	lease6_begin(&s->lease, &mac, 7, now);
	assert_int_equal(tick(s, now), LEASE_BROADCAST);
	assert_int_equal(answer(s, DHCP6_ADVERTISE, "2001:db8::7", 1000, now),
	    LEASE_NOTHING);
	assert_int_equal(tick(s, now), LEASE_BROADCAST);
	assert_int_equal(answer(s, DHCP6_REPLY, "2001:db8::7", 1000, now),
	    LEASE_GOT);
}

static void
solicit_advertise_request_reply_give_an_address(void **state)
{
	const struct in6_addr wanted = address("2001:db8::7");
	const struct in6_addr dns = address("2001:db8::53");
	struct dhcp6_ia ia;
	struct side s;
	size_t len;

	(void)state;
	lease6_begin(&s.lease, &mac, 7, 0);
	assert_int_equal(tick(&s, 0), LEASE_BROADCAST);
	assert_int_equal(s.said.type, DHCP6_SOLICIT);
	assert_null(dhcp6_get(&s.said.options, DHCP6_SERVER_ID, &len));
	assert_true(dhcp6_asks(&s.said.options, DHCP6_DNS));
	assert_int_equal(answer(&s, DHCP6_ADVERTISE, "2001:db8::7", 1000, 0),
	    LEASE_NOTHING);
	assert_int_equal(tick(&s, 0), LEASE_BROADCAST);
	assert_int_equal(s.said.type, DHCP6_REQUEST);
	assert_memory_equal(dhcp6_get(&s.said.options, DHCP6_SERVER_ID, &len),
	    server_id, sizeof(server_id));
	assert_true(dhcp6_get_ia(&s.said.options, s.lease.iaid, &ia));
	assert_memory_equal(&ia.address, &wanted, sizeof(wanted));
	assert_int_equal(answer(&s, DHCP6_REPLY, "2001:db8::7", 1000, 0),
	    LEASE_GOT);
	assert_memory_equal(&s.lease.facts.address, &wanted, sizeof(wanted));
	assert_memory_equal(&s.lease.facts.dns[0], &dns, sizeof(dns));
	assert_int_equal(s.lease.deadline, 500 * 1000);
}

static void
silence_is_met_with_ever_longer_pauses(void **state)
{
	int64_t now = 0, before = 0;
	struct side s;
	unsigned i;

	(void)state;
	lease6_begin(&s.lease, &mac, 7, 0);
	for (i = 0; i < 20; i++) {
		assert_int_equal(tick(&s, now), LEASE_BROADCAST);
		assert_int_equal(s.said.type, DHCP6_SOLICIT);
		before = now;
		now = s.lease.deadline;
		assert_true(now - before >= 900 && now - before <= 8800);
	}
	assert_true(now - before >= 7200);
}

static void
an_unanswered_request_goes_back_to_the_beginning(void **state)
{
	struct side s;
	unsigned i;

	(void)state;
	lease6_begin(&s.lease, &mac, 7, 0);
	tick(&s, 0);
	answer(&s, DHCP6_ADVERTISE, "2001:db8::7", 1000, 0);
	for (i = 0; i < 5; i++) {
		assert_int_equal(tick(&s, s.lease.deadline), LEASE_BROADCAST);
		assert_int_equal(s.said.type, DHCP6_REQUEST);
	}
	assert_int_equal(tick(&s, s.lease.deadline), LEASE_BROADCAST);
	assert_int_equal(s.said.type, DHCP6_SOLICIT);
}

static void
a_lease_is_renewed_then_rebound_then_lost(void **state)
{
	struct side s;
	int64_t now;

	(void)state;
	bind_at(&s, 0);
	now = s.lease.deadline;
	assert_int_equal(tick(&s, now), LEASE_BROADCAST);
	assert_int_equal(s.said.type, DHCP6_RENEW);
	assert_int_equal(answer(&s, DHCP6_REPLY, "2001:db8::7", 1000, now),
	    LEASE_KEPT);
	assert_int_equal(s.lease.deadline, now + 500 * 1000);
	while (now < s.lease.t2) {
		now = s.lease.deadline;
		assert_int_equal(tick(&s, now), LEASE_BROADCAST);
	}
	assert_int_equal(s.said.type, DHCP6_REBIND);
	while (now < s.lease.expiry) {
		now = s.lease.deadline;
		if (now < s.lease.expiry)
			assert_int_equal(tick(&s, now), LEASE_BROADCAST);
	}
	assert_int_equal(tick(&s, now), LEASE_EXPIRED);
	assert_int_equal(tick(&s, s.lease.deadline), LEASE_BROADCAST);
	assert_int_equal(s.said.type, DHCP6_SOLICIT);
}

static void
what_is_not_for_us_changes_nothing(void **state)
{
	struct side s;

	(void)state;
	lease6_begin(&s.lease, &mac, 7, 0);
	tick(&s, 0);
	assert_int_equal(answer(&s, DHCP6_REPLY, "2001:db8::7", 1000, 0),
	    LEASE_NOTHING);
	assert_int_equal(answer(&s, DHCP6_ADVERTISE, NULL, 0, 0),
	    LEASE_NOTHING);
	assert_int_equal(answer(&s, DHCP6_ADVERTISE, "2001:db8::7", 0, 0),
	    LEASE_NOTHING);
	assert_int_equal(s.lease.state, LEASE_SELECTING);
}

static void
a_server_that_takes_it_back_is_asked_anew(void **state)
{
	struct side s;

	(void)state;
	bind_at(&s, 0);
	tick(&s, s.lease.deadline);
	assert_int_equal(answer(&s, DHCP6_REPLY, NULL, 0, 500 * 1000),
	    LEASE_REFUSED);
	assert_int_equal(s.lease.state, LEASE_SELECTING);
	assert_int_equal(s.lease.deadline, 501 * 1000);
}

static void
a_router_says_who_gives_addresses_and_names(void **state)
{
	uint8_t packet[40] = { 134, 0, 0, 0, 64, 0x80, 7, 8 };
	const struct in6_addr dns = address("2001:db8::53");
	struct ra ra;

	(void)state;
	packet[16] = 25;
	packet[17] = 3;
	packet[23] = 60;
	memcpy(packet + 24, &dns, sizeof(dns));
	assert_true(ra_parse(&ra, packet, sizeof(packet)));
	assert_true(ra.managed);
	assert_memory_equal(&ra.dns[0], &dns, sizeof(dns));
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&ra.dns[1]));
	packet[5] = 0;
	packet[23] = 0;
	assert_true(ra_parse(&ra, packet, sizeof(packet)));
	assert_false(ra.managed);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&ra.dns[0]));
	assert_false(ra_parse(&ra, packet, sizeof(packet) - 1));
	assert_false(ra_parse(&ra, packet, 15));
	packet[17] = 0;
	assert_false(ra_parse(&ra, packet, sizeof(packet)));
	packet[0] = 133;
	assert_false(ra_parse(&ra, packet, 16));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    solicit_advertise_request_reply_give_an_address),
		cmocka_unit_test(silence_is_met_with_ever_longer_pauses),
		cmocka_unit_test(
		    an_unanswered_request_goes_back_to_the_beginning),
		cmocka_unit_test(a_lease_is_renewed_then_rebound_then_lost),
		cmocka_unit_test(what_is_not_for_us_changes_nothing),
		cmocka_unit_test(a_server_that_takes_it_back_is_asked_anew),
		cmocka_unit_test(a_router_says_who_gives_addresses_and_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
