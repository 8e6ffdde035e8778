/* SPDX-License-Identifier: ISC */
/* The DHCP client's machine: each rule, in (state, event, time). */
#include "tests/unit/unit.h"

#include "mkboot/init/lease.h"

#include <arpa/inet.h>

#include <string.h>

static const struct mac card = { { 0x52, 0x54, 0, 0x12, 0x34, 0x56 } };

#define ADDRESS "192.0.2.50"
#define SERVER "192.0.2.1"

static struct in_addr
addr(const char *text)
{
	struct in_addr a;

	assert_int_equal(inet_pton(AF_INET, text, &a), 1);
	return a;
}

/* Lets time pass; what was sent is read into `sent'. */
static enum lease_action
tick(struct lease *l, int64_t now, struct dhcp4 *sent)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct wire_out w;
	enum lease_action action;

	wire_out_init(&w, packet, sizeof(packet));
	action = lease_tick(l, now, &w);
	if (action == LEASE_BROADCAST || action == LEASE_UNICAST) {
		assert_false(w.bad);
		assert_int_equal(dhcp4_parse(sent, packet, w.len), DHCP4_OK);
	} else
		assert_int_equal(w.len, 0);
	return action;
}

/* An answer, with the usual options and those that `more' puts. */
static struct dhcp4
answer(const struct lease *l, enum dhcp4_type type, const char *address,
    const char *server, uint32_t seconds, void (*more)(struct wire_out *))
{
	struct dhcp4 d = {
		.op = DHCP4_BOOTREPLY, .htype = 1, .hlen = 6, .xid = l->xid
	};
	const uint8_t time[4] = {
		(uint8_t)(seconds >> 24), (uint8_t)(seconds >> 16),
		(uint8_t)(seconds >> 8), (uint8_t)seconds
	};
	uint8_t packet[DHCP4_PACKET_MAX];
	struct wire_out w;

	memcpy(d.chaddr, l->mac.octet, 6);
	d.yiaddr = addr(address);
	d.siaddr = addr(server);
	wire_out_init(&w, packet, sizeof(packet));
	dhcp4_put_header(&w, &d);
	dhcp4_put_8(&w, DHCP4_MESSAGE_TYPE, (uint8_t)type);
	dhcp4_put_addr(&w, DHCP4_SERVER_ID, addr(server));
	if (seconds > 0)
		dhcp4_put(&w, DHCP4_LEASE_TIME, time, 4);
	if (more != NULL)
		more(&w);
	dhcp4_put_end(&w);
	assert_int_equal(dhcp4_parse(&d, packet, w.len), DHCP4_OK);
	return d;
}

static enum lease_action
give(struct lease *l, enum dhcp4_type type, const char *address,
    uint32_t seconds, int64_t now)
{
	const struct dhcp4 d = answer(l, type, address, SERVER, seconds, NULL);

	return lease_input(l, &d, now);
}

static void
begin(struct lease *l)
{
	lease_begin(l, &card, "", 7, 0);
}

/* To LEASE_BOUND at time 0. */
static void
bind_for(struct lease *l, uint32_t seconds)
{
	struct dhcp4 sent;

	begin(l);
	assert_int_equal(tick(l, 0, &sent), LEASE_BROADCAST);
	assert_int_equal(give(l, DHCP4_OFFER, ADDRESS, seconds, 0),
	    LEASE_NOTHING);
	assert_int_equal(tick(l, 0, &sent), LEASE_BROADCAST);
	assert_int_equal(give(l, DHCP4_ACK, ADDRESS, seconds, 0), LEASE_GOT);
	assert_int_equal(l->state, LEASE_BOUND);
}

static void
discover_offer_request_ack_is_a_lease(void **state)
{
	struct lease l;
	struct dhcp4 sent;
	struct in_addr a;

	(void)state;
	begin(&l);
	assert_int_equal(tick(&l, 0, &sent), LEASE_BROADCAST);
	assert_int_equal(sent.type, DHCP4_DISCOVER);
	assert_int_equal(sent.op, DHCP4_BOOTREQUEST);
	assert_memory_equal(sent.chaddr, card.octet, 6);
	assert_false(sent.option[DHCP4_CLIENT_ID].present);
	assert_false(sent.option[DHCP4_VENDOR_CLASS].present);
	assert_int_equal(give(&l, DHCP4_OFFER, ADDRESS, 3600, 10),
	    LEASE_NOTHING);
	assert_int_equal(tick(&l, 10, &sent), LEASE_BROADCAST);
	assert_int_equal(sent.type, DHCP4_REQUEST);
	assert_int_equal(sent.ciaddr.s_addr, INADDR_ANY);
	assert_true(dhcp4_get_addr(&sent, DHCP4_REQUESTED_IP, &a));
	assert_string_equal(inet_ntoa(a), ADDRESS);
	assert_true(dhcp4_get_addr(&sent, DHCP4_SERVER_ID, &a));
	assert_string_equal(inet_ntoa(a), SERVER);
	assert_int_equal(give(&l, DHCP4_ACK, ADDRESS, 3600, 20), LEASE_GOT);
	assert_string_equal(inet_ntoa(l.facts.address), ADDRESS);
	assert_int_equal(l.deadline, 20 + 1800 * 1000);
}

static void
a_proxys_offer_without_an_address_is_ignored(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	assert_int_equal(give(&l, DHCP4_OFFER, "0.0.0.0", 0, 1),
	    LEASE_NOTHING);
	assert_int_equal(l.state, LEASE_SELECTING);
	give(&l, DHCP4_OFFER, ADDRESS, 60, 2);
	assert_int_equal(l.state, LEASE_REQUESTING);
	tick(&l, 2, &sent);
	/* A proxy hears the broadcast request, and may acknowledge it. */
	assert_int_equal(give(&l, DHCP4_ACK, "0.0.0.0", 0, 3), LEASE_NOTHING);
	assert_int_equal(l.state, LEASE_REQUESTING);
}

static void
answers_for_others_change_nothing(void **state)
{
	struct lease l;
	struct dhcp4 sent, d;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	d = answer(&l, DHCP4_OFFER, ADDRESS, SERVER, 60, NULL);
	d.xid++;
	assert_int_equal(lease_input(&l, &d, 1), LEASE_NOTHING);
	d.xid--;
	d.chaddr[5]++;
	assert_int_equal(lease_input(&l, &d, 1), LEASE_NOTHING);
	d.chaddr[5]--;
	d.op = DHCP4_BOOTREQUEST;
	assert_int_equal(lease_input(&l, &d, 1), LEASE_NOTHING);
	assert_int_equal(l.state, LEASE_SELECTING);
	d.op = DHCP4_BOOTREPLY;
	lease_input(&l, &d, 1);
	assert_int_equal(l.state, LEASE_REQUESTING);
	/* Another server's answer to our request is not ours. */
	d = answer(&l, DHCP4_ACK, ADDRESS, "192.0.2.9", 60, NULL);
	assert_int_equal(lease_input(&l, &d, 1), LEASE_NOTHING);
	d = answer(&l, DHCP4_NAK, "0.0.0.0", "192.0.2.9", 0, NULL);
	assert_int_equal(lease_input(&l, &d, 1), LEASE_NOTHING);
	assert_int_equal(l.state, LEASE_REQUESTING);
}

static void
discover_is_repeated_at_growing_intervals(void **state)
{
	static const int64_t seconds[] = { 1, 2, 4, 8, 8, 8 };
	struct lease l;
	struct dhcp4 sent;
	int64_t now = 0, wait;
	size_t i;

	(void)state;
	begin(&l);
	for (i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		assert_int_equal(tick(&l, now, &sent), LEASE_BROADCAST);
		assert_int_equal(sent.type, DHCP4_DISCOVER);
		assert_int_equal(sent.secs, now / 1000);
		wait = l.deadline - now;
		assert_true(wait >= seconds[i] * 750);
		assert_true(wait <= seconds[i] * 1250);
		assert_int_equal(tick(&l, l.deadline - 1, &sent),
		    LEASE_NOTHING);
		now = l.deadline;
	}
}

static void
broadcast_answers_are_asked_for_after_two_tries(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	assert_int_equal(sent.flags, 0);
	tick(&l, l.deadline, &sent);
	assert_int_equal(sent.flags, 0);
	tick(&l, l.deadline, &sent);
	assert_int_equal(sent.flags, DHCP4_FLAG_BROADCAST);
}

static void
a_request_that_nobody_answers_goes_back_to_discover(void **state)
{
	struct lease l;
	struct dhcp4 sent;
	unsigned requests = 0;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 60, 5);
	while (tick(&l, l.deadline, &sent) == LEASE_BROADCAST &&
	    sent.type == DHCP4_REQUEST)
		requests++;
	assert_int_equal(requests, 4);
	assert_int_equal(sent.type, DHCP4_DISCOVER);
}

static void
a_nak_begins_anew_with_another_id_and_a_pause(void **state)
{
	struct lease l;
	struct dhcp4 sent;
	uint32_t before;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 60, 5);
	tick(&l, 5, &sent);
	before = l.xid;
	assert_int_equal(give(&l, DHCP4_NAK, "0.0.0.0", 0, 10), LEASE_REFUSED);
	assert_int_equal(l.state, LEASE_SELECTING);
	assert_int_not_equal(l.xid, before);
	assert_int_equal(tick(&l, 11, &sent), LEASE_NOTHING);
	assert_int_equal(tick(&l, 1010, &sent), LEASE_BROADCAST);
	assert_int_equal(sent.type, DHCP4_DISCOVER);
}

static void
at_t1_the_server_alone_is_asked_and_the_lease_goes_on(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	bind_for(&l, 3600);
	assert_int_equal(tick(&l, 1799999, &sent), LEASE_NOTHING);
	assert_int_equal(tick(&l, 1800000, &sent), LEASE_UNICAST);
	assert_int_equal(sent.type, DHCP4_REQUEST);
	assert_string_equal(inet_ntoa(sent.ciaddr), ADDRESS);
	/* RFC 2131 section 4.3.6: neither may be there. */
	assert_false(sent.option[DHCP4_REQUESTED_IP].present);
	assert_false(sent.option[DHCP4_SERVER_ID].present);
	assert_int_equal(sent.flags, 0);
	assert_int_equal(give(&l, DHCP4_ACK, ADDRESS, 3600, 1800100),
	    LEASE_KEPT);
	assert_int_equal(l.state, LEASE_BOUND);
	assert_int_equal(l.expiry, 1800100 + 3600 * 1000);
}

static void
at_t2_everybody_is_asked_and_any_server_may_answer(void **state)
{
	struct lease l;
	struct dhcp4 sent, d;
	unsigned packets = 0;

	(void)state;
	bind_for(&l, 3600);
	while (tick(&l, l.deadline, &sent) == LEASE_UNICAST)
		packets++;
	assert_in_range(packets, 2, 30);
	assert_int_equal(l.state, LEASE_REBINDING);
	assert_int_equal(sent.type, DHCP4_REQUEST);
	assert_string_equal(inet_ntoa(sent.ciaddr), ADDRESS);
	d = answer(&l, DHCP4_ACK, ADDRESS, "192.0.2.9", 600, NULL);
	assert_int_equal(lease_input(&l, &d, 3200 * 1000), LEASE_KEPT);
	assert_string_equal(inet_ntoa(l.facts.server), "192.0.2.9");
}

static void
a_lease_that_ends_is_told_and_asked_for_again(void **state)
{
	struct lease l;
	struct dhcp4 sent;
	struct in_addr a;
	enum lease_action action;
	int64_t now = 0;

	(void)state;
	bind_for(&l, 3600);
	do {
		now = l.deadline;
		action = tick(&l, now, &sent);
	} while (action == LEASE_UNICAST || action == LEASE_BROADCAST);
	assert_int_equal(action, LEASE_EXPIRED);
	assert_int_equal(now, 3600 * 1000);
	assert_int_equal(tick(&l, now, &sent), LEASE_BROADCAST);
	assert_int_equal(sent.type, DHCP4_DISCOVER);
	assert_true(dhcp4_get_addr(&sent, DHCP4_REQUESTED_IP, &a));
	assert_string_equal(inet_ntoa(a), ADDRESS);
	give(&l, DHCP4_OFFER, ADDRESS, 3600, now);
	tick(&l, now, &sent);
	assert_int_equal(give(&l, DHCP4_ACK, ADDRESS, 3600, now), LEASE_KEPT);
}

static void
another_address_after_a_nak_is_a_new_one(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	bind_for(&l, 3600);
	tick(&l, 1800000, &sent);
	assert_int_equal(give(&l, DHCP4_NAK, "0.0.0.0", 0, 1800001),
	    LEASE_REFUSED);
	/* Until there is another, the old one is the one that counts. */
	assert_string_equal(inet_ntoa(l.facts.address), ADDRESS);
	tick(&l, 1801001, &sent);
	give(&l, DHCP4_OFFER, "192.0.2.77", 3600, 1801002);
	tick(&l, 1801002, &sent);
	assert_int_equal(give(&l, DHCP4_ACK, "192.0.2.77", 3600, 1801003),
	    LEASE_GOT);
	assert_string_equal(inet_ntoa(l.facts.address), "192.0.2.77");
}

static void
a_suspended_machine_wakes_up_where_the_time_is(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	bind_for(&l, 3600);
	assert_int_equal(tick(&l, 3300 * 1000, &sent), LEASE_BROADCAST);
	assert_int_equal(l.state, LEASE_REBINDING);
	bind_for(&l, 3600);
	assert_int_equal(tick(&l, 9999 * 1000, &sent), LEASE_EXPIRED);
}

static void
an_infinite_lease_never_asks_again(void **state)
{
	struct lease l;
	struct dhcp4 sent;

	(void)state;
	bind_for(&l, LEASE_INFINITE);
	assert_int_equal(l.deadline, INT64_MAX);
	assert_int_equal(tick(&l, INT64_C(1) << 50, &sent), LEASE_NOTHING);
}

static void
put_odd_times(struct wire_out *w)
{
	static const uint8_t t1[4] = { 0, 0, 0x20, 0 }, t2[4] = { 0, 0, 0, 9 };

	dhcp4_put(w, DHCP4_RENEWAL_TIME, t1, 4);
	dhcp4_put(w, DHCP4_REBINDING_TIME, t2, 4);
}

static void
put_times(struct wire_out *w)
{
	static const uint8_t t1[4] = { 0, 0, 0, 100 }, t2[4] = { 0, 0, 0, 200 };

	dhcp4_put(w, DHCP4_RENEWAL_TIME, t1, 4);
	dhcp4_put(w, DHCP4_REBINDING_TIME, t2, 4);
}

static void
the_servers_t1_and_t2_count_if_they_make_sense(void **state)
{
	struct lease l;
	struct dhcp4 sent, d;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 3600, 0);
	d = answer(&l, DHCP4_ACK, ADDRESS, SERVER, 3600, put_times);
	assert_int_equal(lease_input(&l, &d, 0), LEASE_GOT);
	assert_int_equal(l.t1, 100 * 1000);
	assert_int_equal(l.t2, 200 * 1000);
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 3600, 0);
	d = answer(&l, DHCP4_ACK, ADDRESS, SERVER, 3600, put_odd_times);
	assert_int_equal(lease_input(&l, &d, 0), LEASE_GOT);
	assert_int_equal(l.t1, 1800 * 1000);
	assert_int_equal(l.t2, 3150 * 1000);
}

static void
a_lease_of_no_time_is_no_storm(void **state)
{
	struct lease l;

	(void)state;
	bind_for(&l, 1);
	assert_int_equal(l.deadline, 15 * 1000);
}

static void
put_facts(struct wire_out *w)
{
	static const uint8_t router[8] = { 192, 0, 2, 254, 192, 0, 2, 253 };
	static const uint8_t dns[24] = {
		9, 9, 9, 9, 1, 1, 1, 1, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 4, 4, 5
	};

	dhcp4_put_addr(w, DHCP4_SUBNET_MASK, addr("255.255.255.192"));
	dhcp4_put(w, DHCP4_ROUTER, router, sizeof(router));
	dhcp4_put(w, DHCP4_DNS, dns, sizeof(dns));
	dhcp4_put(w, DHCP4_HOST_NAME, "boxen-1", 8);
	dhcp4_put_text(w, DHCP4_DOMAIN, "lab.example");
	dhcp4_put_text(w, DHCP4_ROOT_PATH, "192.0.2.1:/debian");
	dhcp4_put_n16(w, DHCP4_MTU, 9000);
}

static void
what_the_server_gave_is_written_as_keys_and_values(void **state)
{
	struct lease l;
	struct dhcp4 sent, d;
	char text[2048];
	size_t len;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 3600, 0);
	d = answer(&l, DHCP4_ACK, ADDRESS, SERVER, 3600, put_facts);
	assert_int_equal(lease_input(&l, &d, 0), LEASE_GOT);
	len = lease_format(&l.facts, text, sizeof(text));
	assert_int_equal(len, strlen(text));
	assert_string_equal(text,
	    "address=192.0.2.50\nnetmask=255.255.255.192\n"
	    "router=192.0.2.254 192.0.2.253\n"
	    "dns=9.9.9.9 1.1.1.1 8.8.8.8 8.8.4.4\nserver=192.0.2.1\n"
	    "next-server=192.0.2.1\nhostname=boxen-1\ndomain=lab.example\n"
	    "root-path=192.0.2.1:/debian\nmtu=9000\nlease=3600\n");
	assert_int_equal(lease_format(&l.facts, text, 100), 0);
}

static void
put_hostile(struct wire_out *w)
{
	dhcp4_put_text(w, DHCP4_HOST_NAME, "box\nroot::0:0");
	dhcp4_put_text(w, DHCP4_DOMAIN, "$(reboot)");
	dhcp4_put_text(w, DHCP4_ROOT_PATH, "1.2.3.4:/a\nb");
	dhcp4_put_n16(w, DHCP4_MTU, 68);
}

static void
names_that_are_none_are_left_out(void **state)
{
	struct lease l;
	struct dhcp4 sent, d;

	(void)state;
	begin(&l);
	tick(&l, 0, &sent);
	give(&l, DHCP4_OFFER, ADDRESS, 3600, 0);
	d = answer(&l, DHCP4_ACK, ADDRESS, SERVER, 3600, put_hostile);
	assert_int_equal(lease_input(&l, &d, 0), LEASE_GOT);
	assert_string_equal(l.facts.hostname, "");
	assert_string_equal(l.facts.domain, "");
	assert_string_equal(l.facts.root_path, "");
	assert_int_equal(l.facts.mtu, 0);
	/* Without a mask: that of a small network. */
	assert_string_equal(inet_ntoa(l.facts.netmask), "255.255.255.0");
}

static void
a_known_name_is_told_to_the_server(void **state)
{
	struct lease l;
	struct dhcp4 sent;
	const uint8_t *name;
	size_t len;

	(void)state;
	lease_begin(&l, &card, "boxen-1", 7, 0);
	tick(&l, 0, &sent);
	name = dhcp4_get(&sent, DHCP4_HOST_NAME, &len);
	assert_int_equal(len, 7);
	assert_memory_equal(name, "boxen-1", 7);
	assert_string_equal(lease_state_name(l.state), "selecting");
}

static void
two_cards_with_one_seed_differ(void **state)
{
	struct mac other = card;
	struct lease a, b;

	(void)state;
	other.octet[5]++;
	lease_begin(&a, &card, "", 7, 0);
	lease_begin(&b, &other, "", 7, 0);
	assert_int_not_equal(a.xid, b.xid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(discover_offer_request_ack_is_a_lease),
		cmocka_unit_test(a_proxys_offer_without_an_address_is_ignored),
		cmocka_unit_test(answers_for_others_change_nothing),
		cmocka_unit_test(discover_is_repeated_at_growing_intervals),
		cmocka_unit_test(
		    broadcast_answers_are_asked_for_after_two_tries),
		cmocka_unit_test(
		    a_request_that_nobody_answers_goes_back_to_discover),
		cmocka_unit_test(a_nak_begins_anew_with_another_id_and_a_pause),
		cmocka_unit_test(
		    at_t1_the_server_alone_is_asked_and_the_lease_goes_on),
		cmocka_unit_test(
		    at_t2_everybody_is_asked_and_any_server_may_answer),
		cmocka_unit_test(a_lease_that_ends_is_told_and_asked_for_again),
		cmocka_unit_test(another_address_after_a_nak_is_a_new_one),
		cmocka_unit_test(
		    a_suspended_machine_wakes_up_where_the_time_is),
		cmocka_unit_test(an_infinite_lease_never_asks_again),
		cmocka_unit_test(
		    the_servers_t1_and_t2_count_if_they_make_sense),
		cmocka_unit_test(a_lease_of_no_time_is_no_storm),
		cmocka_unit_test(
		    what_the_server_gave_is_written_as_keys_and_values),
		cmocka_unit_test(names_that_are_none_are_left_out),
		cmocka_unit_test(a_known_name_is_told_to_the_server),
		cmocka_unit_test(two_cards_with_one_seed_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
