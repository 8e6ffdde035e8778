/* SPDX-License-Identifier: ISC */
/* Who sent a DHCPv6 packet. */
#include "proxydhcpd/client6.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proxydhcpd/packet6.h"

static const struct recent6 nobody;

static enum client_class
class_of(struct packet6 *p)
{
	const struct in6_addr from = addr6("fe80::1");
	struct client c;

	assert_int_equal(packet6_parse(p), DHCP6_OK);
	client6_classify(&c, &p->d, &from, &nobody);
	return c.class;
}

static void
a_class_tells_the_protocol_whatever_the_architecture(void **state)
{
	struct packet6 p;

	(void)state;
	packet6_uefi(&p, DHCP6_SOLICIT, "PXEClient:Arch:00007:UNDI:003000", 7);
	assert_int_equal(class_of(&p), CLIENT_UEFI);
	packet6_uefi(&p, DHCP6_SOLICIT, "PXEClient", 16);
	assert_int_equal(class_of(&p), CLIENT_UEFI);
	packet6_uefi(&p, DHCP6_SOLICIT, "HTTPClient:Arch:00016", 16);
	assert_int_equal(class_of(&p), CLIENT_HTTP);
	packet6_uefi(&p, DHCP6_SOLICIT, "HTTPClient", 7);
	assert_int_equal(class_of(&p), CLIENT_HTTP);
	packet6_uefi(&p, DHCP6_SOLICIT, "U-Boot.armv8", 0);
	assert_int_equal(class_of(&p), CLIENT_UBOOT);
}

static void
without_a_class_the_architecture_tells(void **state)
{
	static const struct {
		uint16_t arch;
		enum client_class class;
	} rows[] = {
		{ 7, CLIENT_UEFI }, { 11, CLIENT_UEFI }, { 16, CLIENT_HTTP },
		{ 20, CLIENT_HTTP }, { 21, CLIENT_UBOOT },
		{ 24, CLIENT_UBOOT }, { 41, CLIENT_RASPBERRY_PI },
	};
	struct packet6 p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		packet6_uefi(&p, DHCP6_SOLICIT, NULL, rows[i].arch);
		assert_int_equal(class_of(&p), rows[i].class);
	}
}

static void
who_says_ipxe_is_ipxe(void **state)
{
	struct packet6 p;

	(void)state;
	packet6_ipxe(&p, DHCP6_INFORMATION_REQUEST);
	assert_int_equal(class_of(&p), CLIENT_IPXE);
	/* As an own script may set it, without the length before. */
	packet6_uefi(&p, DHCP6_SOLICIT, "PXEClient", 7);
	dhcp6_put(&p.w, DHCP6_USER_CLASS, "iPXE", 4);
	assert_int_equal(class_of(&p), CLIENT_IPXE);
}

static void
a_host_of_the_lan_is_nobody(void **state)
{
	struct packet6 p;

	(void)state;
	packet6_begin(&p, DHCP6_SOLICIT);
	packet6_put_client(&p, &packet6_mac);
	dhcp6_put_ia(&p.w, 1, NULL);
	assert_int_equal(class_of(&p), CLIENT_OTHER);
	dhcp6_put_vendor_class(&p.w, 311, "MSFT 5.0");
	dhcp6_put(&p.w, DHCP6_CLIENT_ARCH, "\7", 1);
	assert_int_equal(class_of(&p), CLIENT_OTHER);
	/* A class that is cut off is none. */
	dhcp6_put(&p.w, DHCP6_VENDOR_CLASS, "\0\0\1\127\0\12PXEClient", 15);
	assert_int_equal(class_of(&p), CLIENT_OTHER);
}

static void
assert_mac(struct packet6 *p, const char *from, const struct recent6 *recent,
    const char *want)
{
	const struct in6_addr addr = addr6(from);
	struct client c;
	char text[MAC_TEXT];

	assert_int_equal(packet6_parse(p), DHCP6_OK);
	client6_classify(&c, &p->d, &addr, recent);
	assert_int_equal(c.has_mac, want != NULL);
	if (want != NULL)
		assert_string_equal(mac_format(&c.mac, text), want);
}

static void
the_card_that_asks_names_the_machine(void **state)
{
	struct packet6 p;

	(void)state;
	packet6_uefi(&p, DHCP6_SOLICIT, "PXEClient", 7);
	assert_mac(&p, "fe80::5054:ff:fe00:9", &nobody, "52-54-00-00-00-09");
	assert_mac(&p, "fe80::1", &nobody, "52-54-00-12-34-56");
	packet6_ipxe(&p, DHCP6_SOLICIT);
	assert_mac(&p, "fe80::5054:ff:fe00:9", &nobody, "52-54-00-00-00-09");
	assert_mac(&p, "fe80::1", &nobody, NULL);
}

/* p inside a relay's message from `peer', with option 79 where wanted. */
static void
relayed(struct packet6 *outer, const struct packet6 *p, const char *peer,
    bool link_layer)
{
	const struct in6_addr addr = addr6(peer);

	wire_out_init(&outer->w, outer->octets, sizeof(outer->octets));
	wire_put_8(&outer->w, DHCP6_RELAY_FORW);
	wire_put_8(&outer->w, 0);
	wire_put_zeros(&outer->w, 16);
	wire_put_bytes(&outer->w, &addr, sizeof(addr));
	if (link_layer)
		dhcp6_put(&outer->w, DHCP6_LINK_LAYER_ADDRESS,
		    "\0\1\x52\x54\0\0\0\7", 8);
	dhcp6_put(&outer->w, DHCP6_RELAY_MESSAGE, p->octets, p->w.len);
}

/* The relay's own address says nothing of the client. */
static void
a_relay_says_whose_message_it_is(void **state)
{
	struct packet6 p, outer;

	(void)state;
	packet6_ipxe(&p, DHCP6_INFORMATION_REQUEST);
	relayed(&outer, &p, "fe80::5054:ff:fe00:9", false);
	assert_mac(&outer, "fe80::5054:ff:fe99:9999", &nobody,
	    "52-54-00-00-00-09");
	relayed(&outer, &p, "fe80::5054:ff:fe00:9", true);
	assert_mac(&outer, "fe80::1", &nobody, "52-54-00-00-00-07");
	relayed(&outer, &p, "fe80::7", false);
	assert_mac(&outer, "fe80::5054:ff:fe99:9999", &nobody, NULL);
}

/* Firmware's second question, from its new address, in the same exchange. */
static void
who_asked_of_late_is_known_again(void **state)
{
	static struct recent6 recent;
	const struct mac other = { { 2, 0, 0, 0, 0, 1 } };
	struct packet6 p;
	unsigned i;

	(void)state;
	packet6_ipxe(&p, DHCP6_SOLICIT);
	assert_int_equal(packet6_parse(&p), DHCP6_OK);
	recent6_note(&recent, &p.d, &packet6_mac);
	assert_mac(&p, "2001:db8::100", &recent, "52-54-00-12-34-56");
	/* Its other card, at the same time. */
	p.octets[3] ^= 1;
	assert_mac(&p, "2001:db8::100", &recent, NULL);
	p.octets[3] ^= 1;
	/* As many others as there is room for: it is forgotten. */
	for (i = 1; i <= RECENT6_MAX; i++) {
		p.octets[1] = (uint8_t)(i >> 8);
		p.octets[2] = (uint8_t)i;
		assert_int_equal(packet6_parse(&p), DHCP6_OK);
		recent6_note(&recent, &p.d, &other);
	}
	memcpy(p.octets + 1, "\x8b\xbc\x72", 3);
	assert_mac(&p, "2001:db8::100", &recent, NULL);
}

static bool
address_of(struct packet6 *p, const char *asked, struct in6_addr *addr)
{
	const struct in6_addr want = addr6(asked);

	packet6_put_client(p, &packet6_mac);
	dhcp6_put_ia(&p->w, 1, &want);
	assert_int_equal(packet6_parse(p), DHCP6_OK);
	return client6_address(&p->d, addr) &&
	    memcmp(addr, &want, sizeof(want)) == 0;
}

static void
a_request_tells_whose_address_it_will_be(void **state)
{
	static const char *const none[] = {
		"::", "::1", "ff02::1", "fe80::1", "::ffff:10.0.0.1"
	};
	struct in6_addr addr;
	struct packet6 p;
	size_t i;

	(void)state;
	packet6_begin(&p, DHCP6_REQUEST);
	assert_true(address_of(&p, "2001:db8::100", &addr));
	packet6_begin(&p, DHCP6_SOLICIT);
	assert_false(address_of(&p, "2001:db8::100", &addr));
	for (i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		packet6_begin(&p, DHCP6_RENEW);
		assert_false(address_of(&p, none[i], &addr));
	}
	packet6_begin(&p, DHCP6_REQUEST);
	dhcp6_put(&p.w, DHCP6_IA_NA, "1234", 4);
	assert_int_equal(packet6_parse(&p), DHCP6_OK);
	assert_false(client6_address(&p.d, &addr));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_class_tells_the_protocol_whatever_the_architecture),
		cmocka_unit_test(without_a_class_the_architecture_tells),
		cmocka_unit_test(who_says_ipxe_is_ipxe),
		cmocka_unit_test(a_host_of_the_lan_is_nobody),
		cmocka_unit_test(the_card_that_asks_names_the_machine),
		cmocka_unit_test(a_relay_says_whose_message_it_is),
		cmocka_unit_test(who_asked_of_late_is_known_again),
		cmocka_unit_test(a_request_tells_whose_address_it_will_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
