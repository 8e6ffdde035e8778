/* SPDX-License-Identifier: ISC */
/* The DHCPv6 parser and writer. */
#include "common/dhcp6.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* OVMF 2022.11, PXE over IPv6. */
static const uint8_t solicit[] = {
	1, 0x8b, 0xbc, 0x72,
	0, 1, 0, 14, 0, 1, 0, 1, 0x31, 0xdc, 0xde, 0x9e,
	0x52, 0x54, 0, 0x12, 0x34, 0x56,
	0, 8, 0, 2, 0, 0,
	0, 3, 0, 12, 0xda, 0x39, 0x5e, 0xf7, 255, 255, 255, 255,
	255, 255, 255, 255,
	0, 6, 0, 8, 0, 59, 0, 60, 0, 23, 0, 16,
	0, 62, 0, 3, 1, 3, 0,
	0, 61, 0, 2, 0, 7,
	0, 16, 0, 38, 0, 0, 1, 0x57, 0, 32,
	'P', 'X', 'E', 'C', 'l', 'i', 'e', 'n', 't', ':', 'A', 'r', 'c', 'h',
	':', '0', '0', '0', '0', '7', ':', 'U', 'N', 'D', 'I', ':', '0', '0',
	'3', '0', '0', '0',
};
#define IAID 0xda395ef7u

/* A relay's header by hop count, then a message as its option 9. */
static size_t
relay(uint8_t *packet, uint8_t type, uint8_t hops, const uint8_t *message,
    size_t len)
{
	const uint8_t interface_id[] = { 0, 18, 0, 2, 'e', hops };
	uint8_t *p = packet;

	memmove(packet + 44, message, len);
	*p++ = type;
	*p++ = hops;
	memset(p, hops + 1, 16);
	memset(p + 16, hops + 2, 16);
	p += 32;
	memcpy(p, interface_id, sizeof(interface_id));
	p += sizeof(interface_id);
	*p++ = 0;
	*p++ = DHCP6_RELAY_MESSAGE;
	*p++ = (uint8_t)(len >> 8);
	*p++ = (uint8_t)len;
	return 44 + len;
}

static void
a_message_is_read_option_by_option(void **state)
{
	const uint8_t *data;
	struct dhcp6_ia ia;
	struct dhcp6 d;
	struct mac mac;
	size_t len;

	(void)state;
	assert_int_equal(dhcp6_parse(&d, solicit, sizeof(solicit)), DHCP6_OK);
	assert_int_equal(d.type, DHCP6_SOLICIT);
	assert_int_equal(d.xid, 0x8bbc72);
	assert_int_equal(d.relays, 0);
	data = dhcp6_get(&d.options, DHCP6_CLIENT_ID, &len);
	assert_true(dhcp6_duid_mac(data, len, &mac));
	assert_memory_equal(mac.octet, "\x52\x54\x00\x12\x34\x56", 6);
	data = dhcp6_get(&d.options, DHCP6_CLIENT_ARCH, &len);
	assert_int_equal(len, 2);
	assert_memory_equal(data, "\0\7", 2);
	assert_true(dhcp6_get_ia(&d.options, IAID, &ia));
	assert_false(ia.has_address);
	assert_false(dhcp6_get_ia(&d.options, IAID + 1, &ia));
	assert_null(dhcp6_get(&d.options, DHCP6_BOOT_URL, &len));
	assert_int_equal(len, 0);
}

static void
what_it_asks_for_is_known(void **state)
{
	struct dhcp6 d;

	(void)state;
	assert_int_equal(dhcp6_parse(&d, solicit, sizeof(solicit)), DHCP6_OK);
	assert_true(dhcp6_asks(&d.options, DHCP6_BOOT_URL));
	assert_true(dhcp6_asks(&d.options, DHCP6_VENDOR_CLASS));
	assert_false(dhcp6_asks(&d.options, DHCP6_DOMAINS));
}

static void
strings_in_a_class_come_one_by_one(void **state)
{
	static const uint8_t list[] = { 0, 1, 'a', 0, 0, 0, 2, 'b', 'c' };
	const uint8_t *data;
	struct wire_in w;
	size_t len;

	(void)state;
	wire_in_init(&w, list, sizeof(list));
	assert_true(dhcp6_next_string(&w, &data, &len));
	assert_int_equal(len, 1);
	assert_true(dhcp6_next_string(&w, &data, &len));
	assert_int_equal(len, 0);
	assert_true(dhcp6_next_string(&w, &data, &len));
	assert_memory_equal(data, "bc", 2);
	assert_false(dhcp6_next_string(&w, &data, &len));
	wire_in_init(&w, list, sizeof(list) - 1);
	assert_true(dhcp6_next_string(&w, &data, &len));
	assert_true(dhcp6_next_string(&w, &data, &len));
	assert_false(dhcp6_next_string(&w, &data, &len));
}

/* Each option ends somewhere: those lengths are whole, all others are not. */
static void
every_cut_message_is_refused(void **state)
{
	static const size_t whole[] = { 4, 22, 28, 44, 56, 63, 69 };
	enum dhcp6_error want;
	struct dhcp6 d;
	size_t len, i = 0;

	(void)state;
	for (len = 0; len < sizeof(solicit); len++) {
		want = len < 4 ? DHCP6_TOO_SHORT : DHCP6_BAD_OPTION;
		if (i < sizeof(whole) / sizeof(whole[0]) && len == whole[i]) {
			want = DHCP6_OK;
			i++;
		}
		assert_int_equal(dhcp6_parse(&d, solicit, len), want);
	}
	assert_int_equal(i, sizeof(whole) / sizeof(whole[0]));
}

static void
a_packet_of_more_than_the_most_is_too_long(void **state)
{
	static uint8_t packet[DHCP6_PACKET_MAX + 1];
	struct dhcp6 d;

	(void)state;
	/* Options of kind 0 and length 0: all is whole. */
	assert_int_equal(dhcp6_parse(&d, packet, DHCP6_PACKET_MAX), DHCP6_OK);
	assert_int_equal(dhcp6_parse(&d, packet, DHCP6_PACKET_MAX + 1),
	    DHCP6_TOO_LONG);
}

static void
relays_are_peeled_off(void **state)
{
	uint8_t packet[DHCP6_PACKET_MAX];
	struct dhcp6 d;
	size_t len;

	(void)state;
	len = relay(packet, DHCP6_RELAY_FORW, 0, solicit, sizeof(solicit));
	len = relay(packet, DHCP6_RELAY_FORW, 1, packet, len);
	assert_int_equal(dhcp6_parse(&d, packet, len), DHCP6_OK);
	assert_int_equal(d.relays, 2);
	assert_int_equal(d.relay[0].hops, 1);
	assert_int_equal(d.relay[1].hops, 0);
	assert_int_equal(d.relay[1].link.s6_addr[0], 1);
	assert_int_equal(d.relay[1].peer.s6_addr[15], 2);
	assert_int_equal(d.type, DHCP6_SOLICIT);
	assert_int_equal(d.xid, 0x8bbc72);
}

static void
relays_without_end_are_refused(void **state)
{
	uint8_t packet[DHCP6_PACKET_MAX];
	size_t len = sizeof(solicit);
	struct dhcp6 d;
	unsigned i;

	(void)state;
	memcpy(packet, solicit, len);
	for (i = 0; i < DHCP6_RELAYS_MAX; i++)
		len = relay(packet, DHCP6_RELAY_FORW, 0, packet, len);
	assert_int_equal(dhcp6_parse(&d, packet, len), DHCP6_OK);
	len = relay(packet, DHCP6_RELAY_FORW, 0, packet, len);
	assert_int_equal(dhcp6_parse(&d, packet, len), DHCP6_TOO_DEEP);
}

static void
a_relay_with_nothing_is_refused(void **state)
{
	uint8_t packet[DHCP6_PACKET_MAX];
	struct dhcp6 d;
	size_t len;

	(void)state;
	len = relay(packet, DHCP6_RELAY_FORW, 0, solicit, 0);
	assert_int_equal(dhcp6_parse(&d, packet, len), DHCP6_NO_MESSAGE);
	assert_int_equal(dhcp6_parse(&d, packet, 40), DHCP6_NO_MESSAGE);
	assert_int_equal(dhcp6_parse(&d, packet, 33), DHCP6_TOO_SHORT);
	assert_int_equal(dhcp6_parse(&d, packet, 36), DHCP6_BAD_OPTION);
}

/* What was asked through two relays is answered through them. */
static void
a_reply_goes_back_through_its_relays(void **state)
{
	uint8_t asked[DHCP6_PACKET_MAX], want[DHCP6_PACKET_MAX], reply[512];
	struct dhcp6_nest nest;
	struct wire_out w;
	struct dhcp6 d;
	size_t len;

	(void)state;
	len = relay(asked, DHCP6_RELAY_FORW, 0, solicit, sizeof(solicit));
	len = relay(asked, DHCP6_RELAY_FORW, 1, asked, len);
	assert_int_equal(dhcp6_parse(&d, asked, len), DHCP6_OK);
	wire_out_init(&w, reply, sizeof(reply));
	dhcp6_begin_relays(&w, &d, &nest);
	dhcp6_put_header(&w, DHCP6_ADVERTISE, d.xid);
	dhcp6_put_text(&w, DHCP6_BOOT_URL, "tftp://[fd77::2]/x");
	dhcp6_end_relays(&w, &nest);
	assert_false(w.bad);
	memcpy(want, "\2\x8b\xbc\x72\0\x3b\0\x12tftp://[fd77::2]/x", 26);
	len = relay(want, DHCP6_RELAY_REPL, 0, want, 26);
	len = relay(want, DHCP6_RELAY_REPL, 1, want, len);
	assert_int_equal(w.len, len);
	assert_memory_equal(reply, want, len);
}

static void
a_clients_message_is_written_as_firmware_writes_it(void **state)
{
	struct in6_addr addr;
	struct dhcp6_ia ia;
	struct wire_out w;
	uint8_t packet[128];
	struct dhcp6 d;

	(void)state;
	assert_int_equal(inet_pton(AF_INET6, "fd77::100", &addr), 1);
	wire_out_init(&w, packet, sizeof(packet));
	dhcp6_put_header(&w, DHCP6_SOLICIT, 0x8bbc72);
	dhcp6_put(&w, DHCP6_CLIENT_ID, solicit + 8, 14);
	dhcp6_put_ia(&w, 7, NULL);
	dhcp6_put_ia(&w, 8, &addr);
	dhcp6_put_vendor_class(&w, 343, "PXEClient:Arch:00007:UNDI:003000");
	assert_false(w.bad);
	assert_memory_equal(packet, solicit, 22);
	assert_memory_equal(packet + w.len - 42, solicit + 69, 42);
	assert_int_equal(dhcp6_parse(&d, packet, w.len), DHCP6_OK);
	assert_true(dhcp6_get_ia(&d.options, 8, &ia));
	/* Asked for, and for no time: so it is no address to use. */
	assert_false(ia.has_address);
	assert_memory_equal(&ia.address, &addr, sizeof(addr));
}

/* An IA_NA with one address by lifetimes, and a status in the address. */
static bool
ia_of(struct dhcp6_ia *ia, uint32_t preferred, uint32_t valid, uint8_t status)
{
	uint8_t packet[96];
	struct wire_out w;
	struct dhcp6 d;
	size_t outer, inner;

	wire_out_init(&w, packet, sizeof(packet));
	dhcp6_put_header(&w, DHCP6_REPLY, 1);
	outer = dhcp6_begin(&w, DHCP6_IA_NA);
	wire_put_n32(&w, 5);
	wire_put_n32(&w, 1800);
	wire_put_n32(&w, 2880);
	inner = dhcp6_begin(&w, DHCP6_IA_ADDRESS);
	wire_put_bytes(&w, "\xfd\x77\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	wire_put_n32(&w, preferred);
	wire_put_n32(&w, valid);
	dhcp6_put(&w, DHCP6_STATUS, (const uint8_t[]){ 0, status }, 2);
	dhcp6_end(&w, inner);
	dhcp6_put(&w, DHCP6_STATUS, (const uint8_t[]){ 0, 2, 'n' }, 3);
	dhcp6_end(&w, outer);
	assert_int_equal(dhcp6_parse(&d, packet, w.len), DHCP6_OK);
	return dhcp6_get_ia(&d.options, 5, ia);
}

static void
an_address_is_had_for_its_time(void **state)
{
	struct dhcp6_ia ia;

	(void)state;
	assert_true(ia_of(&ia, 3600, 7200, 0));
	assert_true(ia.has_address);
	assert_int_equal(ia.address.s6_addr[0], 0xfd);
	assert_int_equal(ia.renew, 1800);
	assert_int_equal(ia.rebind, 2880);
	assert_int_equal(ia.preferred, 3600);
	assert_int_equal(ia.valid, 7200);
	assert_int_equal(ia.status, 2);
}

static void
a_bad_address_is_none(void **state)
{
	struct dhcp6_ia ia;

	(void)state;
	assert_true(ia_of(&ia, 3600, 0, 0));
	assert_false(ia.has_address);
	assert_true(ia_of(&ia, 7201, 7200, 0));
	assert_false(ia.has_address);
	assert_true(ia_of(&ia, 3600, 7200, 4));
	assert_false(ia.has_address);
}

static void
an_ethernet_address_is_in_some_duids(void **state)
{
	static const uint8_t infiniband[] = { 0, 3, 0, 32, 1, 2, 3, 4, 5, 6 };
	uint8_t duid[DHCP6_DUID_LL_SIZE + 1] = { 0 };
	struct mac mac = { { 2, 3, 4, 5, 6, 7 } }, got;

	(void)state;
	dhcp6_duid_ll(duid, &mac);
	assert_true(dhcp6_duid_mac(duid, DHCP6_DUID_LL_SIZE, &got));
	assert_memory_equal(&got, &mac, sizeof(mac));
	assert_false(dhcp6_duid_mac(duid, DHCP6_DUID_LL_SIZE - 1, &got));
	assert_false(dhcp6_duid_mac(duid, DHCP6_DUID_LL_SIZE + 1, &got));
	assert_false(dhcp6_duid_mac(infiniband, sizeof(infiniband), &got));
	/* A UUID, as iPXE sends it. */
	duid[1] = 4;
	assert_false(dhcp6_duid_mac(duid, sizeof(duid), &got));
	assert_false(dhcp6_duid_mac(NULL, 0, &got));
}

static void
an_ethernet_address_is_in_some_addresses(void **state)
{
	struct in6_addr addr;
	struct mac mac;

	(void)state;
	assert_int_equal(inet_pton(AF_INET6, "fe80::5054:ff:fe12:3456", &addr),
	    1);
	assert_true(dhcp6_address_mac(&addr, &mac));
	assert_memory_equal(mac.octet, "\x52\x54\x00\x12\x34\x56", 6);
	assert_int_equal(inet_pton(AF_INET6, "fd77::100", &addr), 1);
	assert_false(dhcp6_address_mac(&addr, &mac));
}

static void
what_does_not_fit_is_not_written(void **state)
{
	uint8_t packet[20];
	struct wire_out w;
	size_t room;

	(void)state;
	for (room = 0; room < 12; room++) {
		wire_out_init(&w, packet, room);
		dhcp6_put_header(&w, DHCP6_REPLY, 1);
		dhcp6_put(&w, DHCP6_CLIENT_ID, "abcd", 4);
		assert_true(w.bad);
	}
	wire_out_init(&w, packet, 12);
	dhcp6_put_header(&w, DHCP6_REPLY, 1);
	dhcp6_put(&w, DHCP6_CLIENT_ID, "abcd", 4);
	assert_false(w.bad);
}

static void
every_type_and_error_has_a_name(void **state)
{
	unsigned i;

	(void)state;
	for (i = DHCP6_SOLICIT; i <= DHCP6_RELAY_REPL; i++)
		assert_string_not_equal(dhcp6_type_name(i), "unknown");
	assert_string_equal(dhcp6_type_name(0), "unknown");
	assert_string_equal(dhcp6_type_name(255), "unknown");
	for (i = DHCP6_OK; i <= DHCP6_TOO_DEEP; i++)
		assert_true(strlen(dhcp6_error_name(i)) > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_read_option_by_option),
		cmocka_unit_test(what_it_asks_for_is_known),
		cmocka_unit_test(strings_in_a_class_come_one_by_one),
		cmocka_unit_test(every_cut_message_is_refused),
		cmocka_unit_test(a_packet_of_more_than_the_most_is_too_long),
		cmocka_unit_test(relays_are_peeled_off),
		cmocka_unit_test(relays_without_end_are_refused),
		cmocka_unit_test(a_relay_with_nothing_is_refused),
		cmocka_unit_test(a_reply_goes_back_through_its_relays),
		cmocka_unit_test(a_clients_message_is_written_as_firmware_writes_it),
		cmocka_unit_test(an_address_is_had_for_its_time),
		cmocka_unit_test(a_bad_address_is_none),
		cmocka_unit_test(an_ethernet_address_is_in_some_duids),
		cmocka_unit_test(an_ethernet_address_is_in_some_addresses),
		cmocka_unit_test(what_does_not_fit_is_not_written),
		cmocka_unit_test(every_type_and_error_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
