/* SPDX-License-Identifier: ISC */
/* What is answered, with what, and what is left alone. */
#include "proxydhcpd/offer.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A packet that is answered; each test alters one thing of it. */
struct scene {
	struct dhcp4 packet;
	struct client client;
	struct arrival arrival;
	struct boot boot;
	struct reply reply;
};

static struct in_addr
ip(const char *text)
{
	struct in_addr addr;

	assert_int_equal(inet_pton(AF_INET, text, &addr), 1);
	return addr;
}

static struct scene
scene(enum client_class class, bool proxy_port)
{
	struct scene s = {
		.packet = { .op = DHCP4_BOOTREQUEST, .htype = 1, .hlen = 6,
		    .type = proxy_port ? DHCP4_REQUEST : DHCP4_DISCOVER,
		    .xid = 0x01020304, .flags = DHCP4_FLAG_BROADCAST },
		.client = { .class = class, .has_mac = true, .has_arch = true,
		    .arch = 7, .http = true, .reply_max = 548 },
		.arrival = { .proxy_port = proxy_port,
		    .self = ip("10.77.0.2"), .from = ip("10.77.0.100"),
		    .from_port = 4011 },
		.boot = { .known = true, .image = true, .found = PUB_OK,
		    .program = "loader/snponly.efi" },
	};

	memset(s.packet.chaddr, 0x5a, sizeof(s.packet.chaddr));
	s.packet.ciaddr = proxy_port ? ip("10.77.0.100") : ip("0.0.0.0");
	return s;
}

static enum reason
decide(struct scene *s)
{
	return offer_decide(&s->reply, &s->packet, &s->client, &s->arrival,
	    &s->boot);
}

static void
uefi_is_offered_our_address_the_file_and_no_menu(void **state)
{
	struct scene s = scene(CLIENT_UEFI, false);

	(void)state;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.type, DHCP4_OFFER);
	assert_string_equal(s.reply.vendor_class, "PXEClient");
	assert_int_equal(s.reply.siaddr.s_addr, s.arrival.self.s_addr);
	assert_int_equal(s.reply.yiaddr.s_addr, INADDR_ANY);
	assert_string_equal(s.reply.file, "loader/snponly.efi");
	assert_int_equal(s.reply.vendor, VENDOR_NONE);
	assert_int_equal(ntohl(s.reply.to.s_addr), INADDR_BROADCAST);
	assert_int_equal(s.reply.to_port, 68);
}

static void
a_rom_is_offered_a_menu_and_no_file(void **state)
{
	struct scene s = scene(CLIENT_BIOS, false);

	(void)state;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.vendor, VENDOR_MENU);
	assert_null(s.reply.menu);
	assert_string_equal(s.reply.file, "");
	assert_int_equal(s.reply.siaddr.s_addr, INADDR_ANY);
}

static void
http_boot_is_offered_a_url_in_figures(void **state)
{
	struct scene s = scene(CLIENT_HTTP, false);

	(void)state;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.vendor_class, "HTTPClient");
	assert_string_equal(s.reply.file,
	    "http://10.77.0.2/loader/snponly.efi");
	assert_int_equal(s.reply.vendor, VENDOR_NONE);
}

static void
ipxe_gets_a_url_or_without_http_a_name(void **state)
{
	struct scene s = scene(CLIENT_IPXE, false);

	(void)state;
	strlcpy(s.boot.program, "boot.ipxe", sizeof(s.boot.program));
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.file, "http://10.77.0.2/boot.ipxe");
	assert_int_equal(s.reply.siaddr.s_addr, s.arrival.self.s_addr);
	assert_int_equal(s.reply.vendor, VENDOR_NONE);
	s.client.http = false;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.file, "boot.ipxe");
	/* Its script is one for all, so its architecture does not matter. */
	s.client.has_arch = false;
	assert_int_equal(decide(&s), REASON_ANSWER);
}

static void
a_request_on_4011_is_answered_where_it_came_from(void **state)
{
	struct scene s = scene(CLIENT_UEFI, true);
	uint16_t port;

	(void)state;
	for (port = 68; port <= 4011; port = (uint16_t)(port + 3943)) {
		s.arrival.from_port = port;
		assert_int_equal(decide(&s), REASON_ANSWER);
		assert_int_equal(s.reply.type, DHCP4_ACK);
		assert_int_equal(s.reply.to.s_addr, s.arrival.from.s_addr);
		assert_int_equal(s.reply.to_port, port);
		assert_int_equal(s.reply.yiaddr.s_addr, INADDR_ANY);
		assert_string_equal(s.reply.file, "loader/snponly.efi");
	}
}

static void
a_boot_item_is_repeated_with_the_clients_address(void **state)
{
	struct scene s = scene(CLIENT_BIOS, true);

	(void)state;
	s.client.item = ITEM_ASKED;
	s.client.item_type = 0x8000;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.vendor, VENDOR_ITEM);
	assert_int_equal(s.reply.item_type, 0x8000);
	assert_int_equal(s.reply.item_layer, 0);
	assert_int_equal(s.reply.yiaddr.s_addr, s.packet.ciaddr.s_addr);
	assert_int_equal(s.reply.siaddr.s_addr, s.arrival.self.s_addr);
}

static void
a_relay_is_answered_by_unicast(void **state)
{
	struct scene s = scene(CLIENT_UEFI, false);

	(void)state;
	s.packet.giaddr = ip("10.78.0.1");
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.to.s_addr, s.packet.giaddr.s_addr);
	assert_int_equal(s.reply.to_port, 67);
}

static void
on_67_nothing_but_a_discover_is_answered(void **state)
{
	enum client_class class;
	unsigned type;
	struct scene s;

	(void)state;
	for (class = CLIENT_OTHER; class <= CLIENT_UBOOT; class++)
		for (type = 0; type < 256; type++) {
			s = scene(class, false);
			s.packet.type = (enum dhcp4_type)type;
			if (type != DHCP4_DISCOVER)
				assert_int_not_equal(decide(&s),
				    REASON_ANSWER);
		}
}

static void
on_4011_nothing_but_a_request_is_answered(void **state)
{
	unsigned type;
	struct scene s;

	(void)state;
	for (type = 0; type < 256; type++) {
		s = scene(CLIENT_UEFI, true);
		s.packet.type = (enum dhcp4_type)type;
		assert_int_equal(decide(&s), type == DHCP4_REQUEST ?
		    REASON_ANSWER : REASON_NOT_FOR_PROXY);
	}
}

static void
others_are_left_alone(void **state)
{
	static const struct {
		enum client_class class;
		enum reason reason;
	} cases[] = {
		{ CLIENT_OTHER, REASON_NOT_NETBOOT },
		{ CLIENT_UBOOT, REASON_UBOOT },
	};
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		s = scene(cases[i / 2].class, i % 2 == 1);
		assert_int_equal(decide(&s), cases[i / 2].reason);
	}
}

static void
each_thing_that_is_missing_has_its_reason(void **state)
{
	struct scene s;

#define WITHOUT(class, port, change, reason) do {			\
	s = scene(class, port);						\
	change;								\
	assert_int_equal(decide(&s), reason);				\
} while (0)
	(void)state;
	WITHOUT(CLIENT_UEFI, false, s.packet.op = 2, REASON_NOT_A_REQUEST);
	WITHOUT(CLIENT_UEFI, false, s.client.has_arch = false, REASON_NO_ARCH);
	WITHOUT(CLIENT_HTTP, false, s.client.has_arch = false, REASON_NO_ARCH);
	WITHOUT(CLIENT_UEFI, false, s.arrival.self = ip("0.0.0.0"),
	    REASON_NO_ADDRESS);
	WITHOUT(CLIENT_UEFI, true, s.arrival.from = ip("0.0.0.0"),
	    REASON_NO_SENDER);
	WITHOUT(CLIENT_UEFI, true, s.arrival.from_port = 0, REASON_NO_SENDER);
	WITHOUT(CLIENT_UEFI, false, s.boot.known = false, REASON_NO_MACHINE);
	WITHOUT(CLIENT_UEFI, false, s.boot.image = false, REASON_NO_IMAGE);
	WITHOUT(CLIENT_UEFI, false, s.boot.found = PUB_NOT_FOUND,
	    REASON_NO_PROGRAM);
	WITHOUT(CLIENT_UEFI, false, s.boot.fault[0] = 'x', REASON_BAD_VALUE);
	WITHOUT(CLIENT_UEFI, false, s.boot.delay_s = 1, REASON_NOT_YET);
#undef WITHOUT
}

static void
only_the_item_that_we_offer_is_given(void **state)
{
	struct scene s = scene(CLIENT_BIOS, true);

	(void)state;
	s.client.item = ITEM_ASKED;
	s.client.item_type = 0x8000;
	s.client.item_layer = 0x8000;
	assert_int_equal(decide(&s), REASON_ITEM_CREDENTIALS);
	s.client.item_layer = 1;
	s.boot.found = PUB_NOT_FOUND;
	assert_int_equal(decide(&s), REASON_ITEM_UNKNOWN);
	s.boot.found = PUB_OK;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.item_layer, 1);
	s.client.item_layer = 0;
	s.client.item_type = 0;
	assert_int_equal(decide(&s), REASON_ITEM_UNKNOWN);
	s.client.item = ITEM_MALFORMED;
	assert_int_equal(decide(&s), REASON_ITEM_MALFORMED);
}

static struct scene
with_menu(enum client_class class, bool proxy_port)
{
	struct scene s = scene(class, proxy_port);

	menu_init(&s.boot.menu);
	assert_int_equal(menu_add(&s.boot.menu, "10-Ours", "../x"), MENU_OK);
	assert_int_equal(menu_add(&s.boot.menu, "20-Theirs", "3@10.77.0.9"),
	    MENU_OK);
	assert_int_equal(menu_add(&s.boot.menu, "30-Disk", "local"), MENU_OK);
	s.boot.own = POLICY_MENU;
	return s;
}

static void
a_menu_is_shown_to_pxe_and_never_to_others(void **state)
{
	static const enum client_class others[] = { CLIENT_IPXE, CLIENT_HTTP,
	    CLIENT_UBOOT };
	struct scene s;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		s = with_menu(i == 0 ? CLIENT_BIOS : CLIENT_UEFI, false);
		s.boot.found = PUB_NOT_FOUND;
		assert_int_equal(decide(&s), REASON_ANSWER);
		assert_int_equal(s.reply.vendor, VENDOR_MENU);
		assert_ptr_equal(s.reply.menu, &s.boot.menu);
		assert_string_equal(s.reply.file, "");
		assert_int_equal(s.reply.siaddr.s_addr, INADDR_ANY);
	}
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		s = with_menu(others[i], false);
		s.client.arch = 22;
		assert_int_equal(decide(&s), REASON_ANSWER);
		assert_int_equal(s.reply.vendor, VENDOR_NONE);
	}
}

static void
only_entries_of_ours_are_given(void **state)
{
	struct scene s = with_menu(CLIENT_BIOS, true);

	(void)state;
	s.client.item = ITEM_ASKED;
	s.client.item_type = 0x8000 + 10;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.item_type, 0x800a);
	s.client.item_type = 3;
	assert_int_equal(decide(&s), REASON_ITEM_UNKNOWN);
	s.client.item_type = 0;
	assert_int_equal(decide(&s), REASON_ITEM_UNKNOWN);
	s.client.item_type = 0x8000;
	assert_int_equal(decide(&s), REASON_ITEM_UNKNOWN);
}

static void
a_search_for_boot_servers_is_answered_where_the_menu_invites(void **state)
{
	struct scene s = with_menu(CLIENT_UEFI, false);

	(void)state;
	s.packet.type = DHCP4_REQUEST;
	s.packet.ciaddr = ip("10.77.0.100");
	s.arrival.from_port = 68;
	s.client.item = ITEM_ASKED;
	s.client.item_type = 0x800a;
	assert_int_equal(decide(&s), REASON_NOT_INVITED);
	s.boot.menu.broadcast = true;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.to_port, 68);
	assert_int_equal(s.reply.to.s_addr, s.arrival.from.s_addr);
	/* A REQUEST for a lease is none, whatever else it has. */
	s.packet.option[DHCP4_REQUESTED_IP].present = true;
	assert_int_equal(decide(&s), REASON_NOT_A_DISCOVER);
	s.packet.option[DHCP4_REQUESTED_IP].present = false;
	s.packet.ciaddr = ip("0.0.0.0");
	assert_int_equal(decide(&s), REASON_NOT_A_DISCOVER);

	s = with_menu(CLIENT_UEFI, true);
	s.client.item = ITEM_ASKED;
	s.client.item_type = 0x800a;
	s.arrival.multicast = true;
	assert_int_equal(decide(&s), REASON_NOT_INVITED);
	s.boot.menu.multicast = ip("239.1.2.3");
	assert_int_equal(decide(&s), REASON_ANSWER);
}

static void
direct_names_the_file_at_once(void **state)
{
	struct scene s = with_menu(CLIENT_BIOS, false);

	(void)state;
	s.boot.site = POLICY_DIRECT;
	s.boot.tftp = ip("10.77.0.3");
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.vendor, VENDOR_DIRECT);
	assert_string_equal(s.reply.file, "loader/snponly.efi");
	assert_int_equal(s.reply.siaddr.s_addr, s.boot.tftp.s_addr);
	s.client.class = CLIENT_HTTP;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.vendor, VENDOR_NONE);
}

static void
files_may_be_on_another_host_but_4011_is_here(void **state)
{
	struct scene s = scene(CLIENT_UEFI, false);

	(void)state;
	s.boot.tftp = ip("10.77.0.3");
	strlcpy(s.boot.http, "https://10.77.0.4:8443/b", sizeof(s.boot.http));
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.siaddr.s_addr, s.arrival.self.s_addr);
	assert_int_equal(s.reply.self.s_addr, s.arrival.self.s_addr);
	s.client.class = CLIENT_HTTP;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.file,
	    "https://10.77.0.4:8443/b/loader/snponly.efi");
	s = scene(CLIENT_UEFI, true);
	s.boot.tftp = ip("10.77.0.3");
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.siaddr.s_addr, s.boot.tftp.s_addr);
	assert_int_equal(s.reply.self.s_addr, s.arrival.self.s_addr);
}

static void
a_raspberry_pi_gets_its_text_and_the_server_twice(void **state)
{
	struct scene s = scene(CLIENT_RASPBERRY_PI, false);

	(void)state;
	s.boot.program[0] = '\0';
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(s.reply.vendor, VENDOR_PI);
	assert_int_equal(s.reply.siaddr.s_addr, s.arrival.self.s_addr);
	assert_true(s.reply.tftp_name);
	assert_string_equal(s.reply.file, "");
}

static void
u_boot_gets_server_and_file_for_a_processor_of_its_own(void **state)
{
	struct scene s = scene(CLIENT_UBOOT, false);

	(void)state;
	for (s.client.arch = 21; s.client.arch <= 24; s.client.arch++) {
		assert_int_equal(decide(&s), REASON_ANSWER);
		assert_int_equal(s.reply.siaddr.s_addr,
		    s.arrival.self.s_addr);
		assert_string_equal(s.reply.file, s.client.arch < 23 ?
		    "loader/snponly.efi" :
		    "http://10.77.0.2/loader/snponly.efi");
	}
	s.client.arch = 0;
	assert_int_equal(decide(&s), REASON_UBOOT);
}

static void
others_answer_first_for_as_long_as_the_delay_says(void **state)
{
	struct scene s = scene(CLIENT_UEFI, false);

	(void)state;
	s.boot.delay_s = 4;
	s.packet.secs = 3;
	assert_int_equal(decide(&s), REASON_NOT_YET);
	s.packet.secs = 4;
	assert_int_equal(decide(&s), REASON_ANSWER);
	s.packet.secs = 0;	/* by our own count */
	s.arrival.asked_s = 4;
	assert_int_equal(decide(&s), REASON_ANSWER);
	/* Whoever asks on 4011 has chosen us. */
	s = scene(CLIENT_UEFI, true);
	s.boot.delay_s = 4;
	assert_int_equal(decide(&s), REASON_ANSWER);
}

static void
odd_octets_of_a_name_are_escaped_in_a_url_alone(void **state)
{
	struct scene s = scene(CLIENT_HTTP, false);

	(void)state;
	strlcpy(s.boot.program, "loader/a b#c%\xc3\xa9.efi",
	    sizeof(s.boot.program));
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.file,
	    "http://10.77.0.2/loader/a%20b%23c%25%C3%A9.efi");
	s.client.class = CLIENT_UEFI;
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_string_equal(s.reply.file, s.boot.program);
}

/* A name of `len' octets, of which the last is `last'. */
static void
name(struct scene *s, size_t len, char last)
{
	memset(s->boot.program, 'n', len);
	s->boot.program[len - 1] = last;
	s->boot.program[len] = '\0';
}

static void
a_name_fits_its_field_with_its_nul_or_is_refused(void **state)
{
	const size_t head = strlen("http://10.77.0.2/");
	struct scene s = scene(CLIENT_UEFI, false);

	(void)state;
	name(&s, 127, 'n');
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(strlen(s.reply.file), 127);
	name(&s, 128, 'n');
	assert_int_equal(decide(&s), REASON_LONG_NAME);
	s.client.class = CLIENT_HTTP;
	name(&s, 127 - head, 'n');
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(strlen(s.reply.file), 127);
	name(&s, 128 - head, 'n');
	assert_int_equal(decide(&s), REASON_LONG_NAME);
	name(&s, 125 - head, ' ');
	assert_int_equal(decide(&s), REASON_ANSWER);
	assert_int_equal(strlen(s.reply.file), 127);
	name(&s, 126 - head, ' ');
	assert_int_equal(decide(&s), REASON_LONG_NAME);
}

static void
put_option(struct scene *s, enum dhcp4_tag tag, const void *data, size_t len)
{
	size_t at = 0, i;

	for (i = 0; i < 256; i++)
		at += s->packet.option[i].len;
	s->packet.option[tag].present = true;
	s->packet.option[tag].len = (uint16_t)len;
	s->packet.option[tag].at = (uint16_t)at;
	memcpy(s->packet.store + at, data, len);
}

static enum reason
encode(struct scene *s, struct dhcp4 *d, size_t *len)
{
	static uint8_t packet[DHCP4_PACKET_MAX];
	struct wire_out w;
	enum reason reason;

	assert_int_equal(decide(s), REASON_ANSWER);
	wire_out_init(&w, packet, sizeof(packet));
	reason = offer_encode(&s->reply, &s->packet, &w);
	*len = w.len;
	if (reason == REASON_ANSWER)
		assert_int_equal(dhcp4_parse(d, packet, w.len), DHCP4_OK);
	return reason;
}

static void
what_the_client_sent_comes_back_as_it_was(void **state)
{
	struct scene s = scene(CLIENT_BIOS, false);
	const uint8_t *value;
	struct dhcp4 d;
	size_t len;

	(void)state;
	s.packet.hops = 3;
	s.packet.giaddr = ip("10.78.0.1");
	put_option(&s, DHCP4_CLIENT_UUID, "\0odd UUID", 9);
	put_option(&s, DHCP4_RELAY_AGENT, "\1\4eth0", 6);
	assert_int_equal(encode(&s, &d, &len), REASON_ANSWER);
	assert_int_equal(d.op, DHCP4_BOOTREPLY);
	assert_int_equal(d.htype, 1);
	assert_int_equal(d.hlen, 6);
	assert_int_equal(d.xid, s.packet.xid);
	assert_int_equal(d.flags, s.packet.flags);
	assert_int_equal(d.ciaddr.s_addr, INADDR_ANY);
	assert_int_equal(d.giaddr.s_addr, s.packet.giaddr.s_addr);
	assert_memory_equal(d.chaddr, s.packet.chaddr, 16);
	value = dhcp4_get(&d, DHCP4_CLIENT_UUID, &len);
	assert_int_equal(len, 9);
	assert_memory_equal(value, "\0odd UUID", 9);
	value = dhcp4_get(&d, DHCP4_RELAY_AGENT, &len);
	assert_int_equal(len, 6);
	assert_memory_equal(value, "\1\4eth0", 6);
}

static void
a_rom_s_option_43_is_the_one_known_to_work(void **state)
{
	static const uint8_t want[] = "\6\1\3" "\10\7\200\0\1\12\115\0\2"
	    "\11\10\200\0\5Pixie" "\12\6\0Pixie" "\377";
	struct scene s = scene(CLIENT_BIOS, false);
	const uint8_t *value;
	struct dhcp4 d;
	size_t len;

	(void)state;
	assert_int_equal(encode(&s, &d, &len), REASON_ANSWER);
	value = dhcp4_get(&d, DHCP4_VENDOR, &len);
	assert_int_equal(len, sizeof(want) - 1);
	assert_memory_equal(value, want, len);
}

static void
no_reply_exceeds_what_the_client_takes(void **state)
{
	struct scene s = scene(CLIENT_UEFI, false);
	uint8_t blob[255] = { 0 };
	struct dhcp4 d;
	size_t len, max;

	(void)state;
	put_option(&s, DHCP4_CLIENT_UUID, blob, 255);
	put_option(&s, DHCP4_RELAY_AGENT, blob, 250);
	s.client.reply_max = DHCP4_PACKET_MAX;
	assert_int_equal(encode(&s, &d, &len), REASON_ANSWER);
	max = len;
	s.client.reply_max = max;
	assert_int_equal(encode(&s, &d, &len), REASON_ANSWER);
	s.client.reply_max = max - 1;
	assert_int_equal(encode(&s, &d, &len), REASON_TOO_LARGE);
}

static void
every_reason_has_a_name_and_words_of_its_own(void **state)
{
	unsigned i, j;

	(void)state;
	for (i = 0; i < REASON_COUNT; i++) {
		assert_non_null(reason_name((enum reason)i));
		assert_non_null(reason_words((enum reason)i));
		for (j = 0; j < i; j++)
			assert_string_not_equal(reason_name((enum reason)i),
			    reason_name((enum reason)j));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    uefi_is_offered_our_address_the_file_and_no_menu),
		cmocka_unit_test(a_rom_is_offered_a_menu_and_no_file),
		cmocka_unit_test(http_boot_is_offered_a_url_in_figures),
		cmocka_unit_test(ipxe_gets_a_url_or_without_http_a_name),
		cmocka_unit_test(
		    a_request_on_4011_is_answered_where_it_came_from),
		cmocka_unit_test(
		    a_boot_item_is_repeated_with_the_clients_address),
		cmocka_unit_test(a_relay_is_answered_by_unicast),
		cmocka_unit_test(on_67_nothing_but_a_discover_is_answered),
		cmocka_unit_test(on_4011_nothing_but_a_request_is_answered),
		cmocka_unit_test(others_are_left_alone),
		cmocka_unit_test(a_menu_is_shown_to_pxe_and_never_to_others),
		cmocka_unit_test(only_entries_of_ours_are_given),
		cmocka_unit_test(
		    a_search_for_boot_servers_is_answered_where_the_menu_invites),
		cmocka_unit_test(direct_names_the_file_at_once),
		cmocka_unit_test(files_may_be_on_another_host_but_4011_is_here),
		cmocka_unit_test(
		    a_raspberry_pi_gets_its_text_and_the_server_twice),
		cmocka_unit_test(
		    u_boot_gets_server_and_file_for_a_processor_of_its_own),
		cmocka_unit_test(
		    others_answer_first_for_as_long_as_the_delay_says),
		cmocka_unit_test(each_thing_that_is_missing_has_its_reason),
		cmocka_unit_test(only_the_item_that_we_offer_is_given),
		cmocka_unit_test(
		    odd_octets_of_a_name_are_escaped_in_a_url_alone),
		cmocka_unit_test(
		    a_name_fits_its_field_with_its_nul_or_is_refused),
		cmocka_unit_test(what_the_client_sent_comes_back_as_it_was),
		cmocka_unit_test(a_rom_s_option_43_is_the_one_known_to_work),
		cmocka_unit_test(no_reply_exceeds_what_the_client_takes),
		cmocka_unit_test(every_reason_has_a_name_and_words_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
