/* SPDX-License-Identifier: ISC */
/* Who sent a packet. */
#include "proxydhcpd/client.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t qemu[6] = { 0x52, 0x54, 0, 0xab, 0xcd, 0xef };

/* A DISCOVER with these options, read back. */
static struct dhcp4
packet(const uint8_t mac[6], const void *options, size_t len)
{
	struct dhcp4 d = { .op = DHCP4_BOOTREQUEST, .htype = 1, .hlen = 6 };
	uint8_t octets[DHCP4_PACKET_MAX];
	struct wire_out w;

	memcpy(d.chaddr, mac, 6);
	wire_out_init(&w, octets, sizeof(octets));
	dhcp4_put_header(&w, &d);
	dhcp4_put_8(&w, DHCP4_MESSAGE_TYPE, DHCP4_DISCOVER);
	wire_put_bytes(&w, options, len);
	dhcp4_put_end(&w);
	assert_int_equal(dhcp4_parse(&d, octets, w.len), DHCP4_OK);
	return d;
}

static struct client
client_at(const uint8_t mac[6], const void *options, size_t len)
{
	struct dhcp4 d = packet(mac, options, len);
	struct client c;

	client_classify(&c, &d);
	return c;
}

#define CLIENT(options) client_at(qemu, options, sizeof(options) - 1)
#define PXE "\74\11PXEClient"
#define HTTP "\74\12HTTPClient"
#define ARCH(n) "\135\2\0" n

static void
option_60_tells_the_protocol(void **state)
{
	(void)state;
	assert_int_equal(CLIENT(PXE ARCH("\0")).class, CLIENT_BIOS);
	assert_int_equal(CLIENT(PXE ARCH("\7")).class, CLIENT_UEFI);
	/* Odd firmware: an HTTP code with PXE, a PXE code with HTTP. */
	assert_int_equal(CLIENT(PXE ARCH("\20")).class, CLIENT_UEFI);
	assert_int_equal(CLIENT(HTTP ARCH("\7")).class, CLIENT_HTTP);
	assert_int_equal(CLIENT("\74\12U-Boot.arm").class, CLIENT_UBOOT);
	assert_int_equal(CLIENT("\74\10MSFT 5.0").class, CLIENT_OTHER);
	assert_int_equal(CLIENT("").class, CLIENT_OTHER);
}

static void
a_class_is_a_whole_prefix(void **state)
{
	(void)state;
	assert_int_equal(CLIENT("\74\10PXEClien" ARCH("\7")).class,
	    CLIENT_OTHER);
	assert_int_equal(CLIENT("\74\12xPXEClient" ARCH("\7")).class,
	    CLIENT_OTHER);
	assert_int_equal(CLIENT("\74\11HTTPClien" ARCH("\7")).class,
	    CLIENT_OTHER);
}

static void
every_uefi_architecture_is_uefi(void **state)
{
	static const uint8_t codes[] = { 6, 7, 8, 9, 10, 11, 25, 27, 29, 33,
	    34, 35, 36, 37, 39 };
	uint8_t options[] = PXE ARCH("\0");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes); i++) {
		options[sizeof(options) - 2] = codes[i];
		assert_int_equal(client_at(qemu, options,
		    sizeof(options) - 1).class, CLIENT_UEFI);
	}
}

static void
ipxe_is_known_before_the_rom_that_it_resembles(void **state)
{
	(void)state;
	assert_int_equal(CLIENT(PXE ARCH("\0") "\115\4iPXE").class,
	    CLIENT_IPXE);
	assert_int_equal(CLIENT(PXE ARCH("\0") "\115\5\4iPXE").class,
	    CLIENT_IPXE);
	assert_int_equal(CLIENT(PXE ARCH("\0") "\257\3\23\1\1").class,
	    CLIENT_IPXE);
	assert_int_equal(CLIENT(HTTP ARCH("\20") "\115\4iPXE").class,
	    CLIENT_IPXE);
	assert_int_equal(CLIENT(PXE ARCH("\0") "\115\4gPXE").class,
	    CLIENT_BIOS);
}

static void
option_175_alone_is_not_ipxe(void **state)
{
	(void)state;
	assert_int_equal(CLIENT("\257\3\23\1\1").class, CLIENT_OTHER);
	assert_int_equal(CLIENT("\257\3\23\1\1" "\115\3foo").class,
	    CLIENT_OTHER);
}

static void
ipxe_takes_a_url_if_its_features_say_http(void **state)
{
	(void)state;
	assert_true(CLIENT(PXE "\115\4iPXE").http);
	assert_true(CLIENT(PXE "\257\6\47\1\1\23\1\1").http);
	assert_false(CLIENT(PXE "\257\6\47\1\1\25\1\1").http);
	assert_false(CLIENT(PXE "\257\0").http);
	/* 0x13 as a value, or past a broken length, is no feature. */
	assert_false(CLIENT(PXE "\257\3\47\1\23").http);
	assert_false(CLIENT(PXE "\257\3\47\11\23").http);
}

static void
a_raspberry_pi_is_known_by_maker_or_option_97(void **state)
{
	static const uint8_t pi[6] = { 0xdc, 0xa6, 0x32, 1, 2, 3 };
	static const char bios[] = PXE ARCH("\0"), uefi[] = PXE ARCH("\13");

	(void)state;
	assert_int_equal(client_at(pi, bios, sizeof(bios) - 1).class,
	    CLIENT_RASPBERRY_PI);
	/* With EDK2 on it, it is a UEFI machine. */
	assert_int_equal(client_at(pi, uefi, sizeof(uefi) - 1).class,
	    CLIENT_UEFI);
	assert_int_equal(CLIENT(PXE ARCH("\0") "\141\4RPi5").class,
	    CLIENT_RASPBERRY_PI);
	assert_int_equal(CLIENT(PXE ARCH("\0")
	    "\141\21\0abcdabcdabcdabcd").class, CLIENT_RASPBERRY_PI);
	assert_int_equal(CLIENT(PXE ARCH("\0")
	    "\141\21\0abcdabcdabcdabce").class, CLIENT_BIOS);
	/* QEMU's machine without a UUID sends zeros. */
	assert_int_equal(CLIENT(PXE ARCH("\0")
	    "\141\21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0").class, CLIENT_BIOS);
}

static void
an_architecture_needs_two_octets(void **state)
{
	struct client c;

	(void)state;
	assert_false(CLIENT(PXE).has_arch);
	assert_false(CLIENT(PXE "\135\0").has_arch);
	assert_false(CLIENT(PXE "\135\1\7").has_arch);
	c = CLIENT(PXE "\135\3\0\7\1");
	assert_true(c.has_arch);
	assert_int_equal(c.arch, 7);
	c = CLIENT(PXE "\135\4\0\13\0\7");
	assert_int_equal(c.arch, 11);
}

static void
a_uuid_reads_as_ipxe_writes_it(void **state)
{
	char text[CLIENT_UUID_TEXT];
	struct client c;

	(void)state;
	c = CLIENT(PXE "\141\21\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20");
	assert_true(c.has_uuid);
	assert_string_equal(client_uuid_format(&c, text),
	    "04030201-0605-0807-090a-0b0c0d0e0f10");
	assert_false(CLIENT(PXE "\141\20\0\1\2\3\4\5\6\7\10\11\12\13\14\15"
	    "\16\17").has_uuid);
	assert_false(CLIENT(PXE "\141\21\1\1\2\3\4\5\6\7\10\11\12\13\14\15"
	    "\16\17\20").has_uuid);
	assert_false(CLIENT(PXE "\141\21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
	    .has_uuid);
}

static void
a_boot_item_is_type_and_layer(void **state)
{
	struct client c;

	(void)state;
	assert_int_equal(CLIENT(PXE).item, ITEM_NONE);
	c = CLIENT(PXE "\53\7\107\4\200\1\0\2\377");
	assert_int_equal(c.item, ITEM_ASKED);
	assert_int_equal(c.item_type, 0x8001);
	assert_int_equal(c.item_layer, 2);
	c = CLIENT(PXE "\53\5\107\3\200\1\0");
	assert_int_equal(c.item, ITEM_ASKED);
	assert_int_equal(CLIENT(PXE "\53\4\107\2\200\1").item, ITEM_MALFORMED);
	assert_int_equal(CLIENT(PXE "\53\7\107\5\200\1\0\2\3").item,
	    ITEM_MALFORMED);
	/* Behind another tag, a PAD; not behind the END. */
	assert_int_equal(CLIENT(PXE "\53\12\6\1\3\0\107\4\200\0\0\0").item,
	    ITEM_ASKED);
	assert_int_equal(CLIENT(PXE "\53\7\377\107\4\200\0\0\0").item,
	    ITEM_NONE);
	assert_int_equal(CLIENT(PXE "\53\3\107\4\200").item, ITEM_NONE);
}

static void
replies_fit_what_a_discover_says_and_no_frame_is_exceeded(void **state)
{
	struct client c;
	struct dhcp4 d;

	(void)state;
	assert_int_equal(CLIENT(PXE).reply_max, 548);
	assert_int_equal(CLIENT(PXE "\71\2\4\354").reply_max, 1260 - 28);
	assert_int_equal(CLIENT(PXE "\71\2\5\300").reply_max, 1472 - 28);
	assert_int_equal(CLIENT(PXE "\71\2\377\0").reply_max, 1472);
	assert_int_equal(CLIENT(PXE "\71\2\0\100").reply_max, 548);
	assert_int_equal(CLIENT(PXE "\71\1\377").reply_max, 548);
	/* EDK2's REQUEST says 0xff00, which is nonsense. */
	d = packet(qemu, "\71\2\377\0", 4);
	d.type = DHCP4_REQUEST;
	client_classify(&c, &d);
	assert_int_equal(c.reply_max, 548);
}

static struct dhcp4
request(const char *asked, const char *ciaddr)
{
	uint8_t option[6] = { DHCP4_REQUESTED_IP, 4 };
	struct dhcp4 d;

	if (asked != NULL)
		inet_pton(AF_INET, asked, option + 2);
	d = packet(qemu, option, asked == NULL ? 0 : sizeof(option));
	d.type = DHCP4_REQUEST;
	inet_pton(AF_INET, ciaddr, &d.ciaddr);
	return d;
}

static void
assert_address(const struct dhcp4 *d, const char *want)
{
	char text[INET_ADDRSTRLEN];
	struct in_addr addr;

	assert_true(client_address(d, &addr));
	assert_string_equal(inet_ntop(AF_INET, &addr, text, sizeof(text)),
	    want);
}

static void
a_request_tells_whose_address_it_will_be(void **state)
{
	struct in_addr addr;
	struct dhcp4 d;

	(void)state;
	d = request("10.77.0.100", "0.0.0.0");
	assert_address(&d, "10.77.0.100");
	d = request(NULL, "10.77.0.101");
	assert_address(&d, "10.77.0.101");
	d = request("10.77.0.100", "10.77.0.101");
	assert_address(&d, "10.77.0.100");
	d.type = DHCP4_DISCOVER;	/* a wish, not yet granted by anyone */
	assert_false(client_address(&d, &addr));
	d = request("10.77.0.100", "0.0.0.0");
	d.op = DHCP4_BOOTREPLY;
	assert_false(client_address(&d, &addr));
}

static void
what_is_no_hosts_address_is_not_noted(void **state)
{
	static const char *const none[] = { "0.0.0.0", "0.1.2.3", "127.0.0.1",
	    "224.0.0.1", "255.255.255.255" };
	struct in_addr addr;
	struct dhcp4 d;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		d = request(none[i], "0.0.0.0");
		assert_false(client_address(&d, &addr));
	}
	d = request(NULL, "0.0.0.0");
	assert_false(client_address(&d, &addr));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(option_60_tells_the_protocol),
		cmocka_unit_test(a_class_is_a_whole_prefix),
		cmocka_unit_test(every_uefi_architecture_is_uefi),
		cmocka_unit_test(
		    ipxe_is_known_before_the_rom_that_it_resembles),
		cmocka_unit_test(option_175_alone_is_not_ipxe),
		cmocka_unit_test(ipxe_takes_a_url_if_its_features_say_http),
		cmocka_unit_test(
		    a_raspberry_pi_is_known_by_maker_or_option_97),
		cmocka_unit_test(an_architecture_needs_two_octets),
		cmocka_unit_test(a_uuid_reads_as_ipxe_writes_it),
		cmocka_unit_test(a_boot_item_is_type_and_layer),
		cmocka_unit_test(
		    replies_fit_what_a_discover_says_and_no_frame_is_exceeded),
		cmocka_unit_test(a_request_tells_whose_address_it_will_be),
		cmocka_unit_test(what_is_no_hosts_address_is_not_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
