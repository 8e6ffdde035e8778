/* SPDX-License-Identifier: ISC */
/*
 * What netboot clients are told over DHCPv6, and that each takes it by the
 * rules of its own code.
 */
#include "proxydhcpd/offer6.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proxydhcpd/client6.h"
#include "tests/unit/proxydhcpd/packet6.h"

static const struct recent6 nobody;

/* A question and its answer. */
struct talk {
	struct packet6 asked;
	struct arrival6 arrival;
	struct boot boot;
	struct reply6 reply;
	uint8_t answer[REPLY6_MAX];
	struct dhcp6 d;		/* the answer, read again */
};

static void
init(struct talk *t)
{
	memset(t, 0, sizeof(*t));
	t->arrival.self = addr6("2001:db8::1");
	t->arrival.from = addr6("fe80::5054:ff:fe12:3456");
	t->arrival.from_port = DHCP6_CLIENT_PORT;
	t->arrival.multicast = true;
	offer6_duid(t->arrival.duid, &(struct mac){ { 2, 0, 0, 0, 0, 1 } });
	t->boot.known = t->boot.image = true;
	t->boot.found = PUB_OK;
	strlcpy(t->boot.program, "loader/snponly.efi",
	    sizeof(t->boot.program));
}

static enum reason6
ask(struct talk *t)
{
	enum reason6 reason;
	struct wire_out w;
	struct client c;

	assert_int_equal(packet6_parse(&t->asked), DHCP6_OK);
	client6_classify(&c, &t->asked.d, &t->arrival.from, &nobody);
	reason = offer6_decide(&t->reply, &t->asked.d, &c, &t->arrival,
	    &t->boot);
	if (reason != REASON6_ANSWER)
		return reason;
	wire_out_init(&w, t->answer, sizeof(t->answer));
	reason = offer6_encode(&t->reply, &t->asked.d, &t->arrival, &w);
	if (reason == REASON6_ANSWER)
		assert_int_equal(dhcp6_parse(&t->d, t->answer, w.len),
		    DHCP6_OK);
	return reason;
}

static bool
url_is(const struct dhcp6 *d, const char *want)
{
	const uint8_t *url;
	size_t len;

	url = dhcp6_get(&d->options, DHCP6_BOOT_URL, &len);
	if (want == NULL)
		return url == NULL;
	return url != NULL && len == strlen(want) &&
	    memcmp(url, want, len) == 0;
}

static bool
same_option(const struct dhcp6 *a, const struct dhcp6 *b, enum dhcp6_tag tag)
{
	const uint8_t *x, *y;
	size_t n, m;

	x = dhcp6_get(&a->options, tag, &n);
	y = dhcp6_get(&b->options, tag, &m);
	return x != NULL && y != NULL && n == m && memcmp(x, y, n) == 0;
}

/*
 * EDK2 Dhcp6Io.c, of every answer: the transaction, our identifier, the
 * client's own given back, and no failure.
 */
static bool
edk2_hears(const struct talk *t)
{
	size_t len;

	return t->d.xid == t->asked.d.xid &&
	    same_option(&t->d, &t->asked.d, DHCP6_CLIENT_ID) &&
	    dhcp6_get(&t->d.options, DHCP6_SERVER_ID, &len) != NULL &&
	    dhcp6_status(&t->d.options) == 0;
}

/*
 * PxeBcDhcp6.c: PxeBcParseDhcp6Packet, HttpBootDhcp6.c.  A proxy's without
 * an address, by the class at its fixed place.
 */
static bool
edk2_takes_proxy(const struct talk *t, const char *class, size_t least)
{
	static const uint8_t intel[] = { 0, 0, 1, 0x57 };
	const uint8_t *v;
	size_t len;

	if (!edk2_hears(t) ||
	    dhcp6_get(&t->d.options, DHCP6_IA_NA, &len) != NULL)
		return false;
	v = dhcp6_get(&t->d.options, DHCP6_VENDOR_CLASS, &len);
	return v != NULL && len >= least && memcmp(v, intel, 4) == 0 &&
	    memcmp(v + 6, class, strlen(class)) == 0 &&
	    dhcp6_get(&t->d.options, DHCP6_BOOT_PARAMETERS, &len) == NULL;
}

/* Network's neighbours: an address is nothing that a proxy gives. */
static void
assert_gives_no_address(const struct talk *t)
{
	static const enum dhcp6_tag never[] = {
		DHCP6_IA_NA, DHCP6_IA_TA, DHCP6_DNS, DHCP6_DOMAINS,
		DHCP6_PREFERENCE, DHCP6_STATUS
	};
	size_t i, len;

	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_null(dhcp6_get(&t->d.options, never[i], &len));
}

static void
uefi_is_sent_to_4011_and_told_its_program_there(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_SOLICIT,
	    "PXEClient:Arch:00007:UNDI:003000", 7);
	dhcp6_put_ia(&t.asked.w, 7, NULL);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(t.d.type, DHCP6_ADVERTISE);
	assert_true(edk2_takes_proxy(&t, "PXEClient", 13));
	/* Without a URL it asks ff02::1:2 from its link-local address. */
	assert_true(url_is(&t.d, NULL));
	assert_int_equal(t.reply.to_port, DHCP6_CLIENT_PORT);
	assert_false(t.reply.late);
	assert_gives_no_address(&t);

	packet6_uefi(&t.asked, DHCP6_REQUEST,
	    "PXEClient:Arch:00007:UNDI:003000", 7);
	dhcp6_put(&t.asked.w, DHCP6_SERVER_ID, t.arrival.duid,
	    sizeof(t.arrival.duid));
	t.arrival.proxy_port = true;
	t.arrival.from_port = 4011;
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(t.d.type, DHCP6_REPLY);
	assert_true(edk2_takes_proxy(&t, "PXEClient", 13));
	assert_true(url_is(&t.d, "tftp://[2001:db8::1]/loader/snponly.efi"));
	assert_int_equal(t.reply.to_port, 4011);
	assert_true(t.reply.late);
	assert_gives_no_address(&t);
}

static void
http_boot_has_its_url_at_once(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_SOLICIT,
	    "HTTPClient:Arch:00016:UNDI:003000", 16);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(t.d.type, DHCP6_ADVERTISE);
	assert_true(edk2_takes_proxy(&t, "HTTPClient", 16));
	assert_true(url_is(&t.d, "http://[2001:db8::1]/loader/snponly.efi"));
	assert_gives_no_address(&t);
}

/* dhcpv6.c: dhcpv6_rx: the client's identifier, no status, the URL. */
static void
ipxe_without_a_lease_gets_its_script(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	strlcpy(t.boot.program, "boot.ipxe", sizeof(t.boot.program));
	packet6_ipxe(&t.asked, DHCP6_INFORMATION_REQUEST);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(t.d.type, DHCP6_REPLY);
	assert_true(same_option(&t.d, &t.asked.d, DHCP6_CLIENT_ID));
	assert_int_equal(dhcp6_status(&t.d.options), 0);
	assert_true(url_is(&t.d, "http://[2001:db8::1]/boot.ipxe"));
	assert_gives_no_address(&t);
}

static void
who_needs_its_address_server_for_it_hears_nothing(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_ipxe(&t.asked, DHCP6_SOLICIT);
	assert_int_equal(ask(&t), REASON6_STATEFUL);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, NULL, 41);
	assert_int_equal(ask(&t), REASON6_STATEFUL);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, NULL, 22);
	assert_int_equal(ask(&t), REASON6_UBOOT);
}

static void
a_raspberry_pi_is_told_where_its_files_are(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	t.boot.found = PUB_NOT_FOUND;
	packet6_uefi(&t.asked, DHCP6_INFORMATION_REQUEST, NULL, 41);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_true(url_is(&t.d, "tftp://[2001:db8::1]/"));
}

/* Every type of message there is, from hosts that do not netboot. */
static void
never_a_word_to_who_does_not_netboot(void **state)
{
	struct talk t;
	unsigned type, port;

	(void)state;
	init(&t);
	for (type = 0; type < 256; type++)
		for (port = 0; port < 2; port++) {
			if (type == DHCP6_RELAY_FORW ||
			    type == DHCP6_RELAY_REPL)
				continue;
			t.arrival.proxy_port = port == 1;
			packet6_begin(&t.asked, (enum dhcp6_type)type);
			packet6_put_client(&t.asked, &packet6_mac);
			packet6_put_n16(&t.asked, DHCP6_ORO, DHCP6_BOOT_URL);
			assert_int_not_equal(ask(&t), REASON6_ANSWER);
		}
}

/* A lease, and all that belongs to one, is the DHCPv6 server's. */
static void
only_two_messages_are_answered_on_each_port(void **state)
{
	unsigned type, answered[2] = { 0, 0 }, port;
	struct talk t;

	(void)state;
	init(&t);
	for (type = 0; type < 256; type++)
		for (port = 0; port < 2; port++) {
			if (type == DHCP6_RELAY_FORW ||
			    type == DHCP6_RELAY_REPL)
				continue;
			t.arrival.proxy_port = port == 1;
			packet6_uefi(&t.asked, (enum dhcp6_type)type,
			    "PXEClient", 7);
			if (ask(&t) == REASON6_ANSWER)
				answered[port] |= 1u << type;
		}
	assert_int_equal(answered[0], 1u << DHCP6_SOLICIT |
	    1u << DHCP6_INFORMATION_REQUEST);
	assert_int_equal(answered[1], 1u << DHCP6_REQUEST);
}

static void
another_servers_client_is_left_to_it(void **state)
{
	static const uint8_t other[14] = { 0, 1, 0, 1, 'P', 'X', 'E', '6',
	    9, 9, 9, 9, 9, 9 };
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_INFORMATION_REQUEST, "PXEClient", 7);
	dhcp6_put(&t.asked.w, DHCP6_SERVER_ID, other, sizeof(other));
	assert_int_equal(ask(&t), REASON6_OTHER_SERVER);
	t.arrival.proxy_port = true;
	packet6_uefi(&t.asked, DHCP6_REQUEST, "PXEClient", 7);
	dhcp6_put(&t.asked.w, DHCP6_SERVER_ID, other, sizeof(other));
	assert_int_equal(ask(&t), REASON6_OTHER_SERVER);
	/* To us alone: EDK2 of old names the server of its address. */
	t.arrival.multicast = false;
	assert_int_equal(ask(&t), REASON6_ANSWER);
}

static void
what_rfc_8415_forbids_is_not_answered(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "PXEClient", 7);
	dhcp6_put(&t.asked.w, DHCP6_SERVER_ID, t.arrival.duid,
	    sizeof(t.arrival.duid));
	assert_int_equal(ask(&t), REASON6_MALFORMED);
	packet6_uefi(&t.asked, DHCP6_INFORMATION_REQUEST, "PXEClient", 7);
	dhcp6_put_ia(&t.asked.w, 1, NULL);
	assert_int_equal(ask(&t), REASON6_MALFORMED);
	packet6_begin(&t.asked, DHCP6_SOLICIT);
	packet6_put_n16(&t.asked, DHCP6_ORO, DHCP6_BOOT_URL);
	packet6_put_n16(&t.asked, DHCP6_CLIENT_ARCH, 7);
	assert_int_equal(ask(&t), REASON6_NO_CLIENT_ID);
}

static void
the_boot_directory_decides(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "PXEClient", 7);
	t.boot.found = PUB_PRIVATE;
	assert_int_equal(ask(&t), REASON6_NO_PROGRAM);
	t.boot.image = false;
	assert_int_equal(ask(&t), REASON6_NO_IMAGE);
	t.boot.known = false;
	assert_int_equal(ask(&t), REASON6_NO_MACHINE);
}

static void
what_the_boot_directory_says_holds_here_too(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	t.boot.delay_s = 3;
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "HTTPClient", 16);
	assert_int_equal(ask(&t), REASON6_NOT_YET);
	packet6_put_n16(&t.asked, DHCP6_ELAPSED_TIME, 299);
	assert_int_equal(ask(&t), REASON6_NOT_YET);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "HTTPClient", 16);
	packet6_put_n16(&t.asked, DHCP6_ELAPSED_TIME, 300);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	/* Another host has pub/; but IPv4's addresses are no use here. */
	strlcpy(t.boot.http, "http://[2001:db8::7]:8080/x",
	    sizeof(t.boot.http));
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_true(url_is(&t.d,
	    "http://[2001:db8::7]:8080/x/loader/snponly.efi"));
	strlcpy(t.boot.http, "http://192.0.2.7:80/x", sizeof(t.boot.http));
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_true(url_is(&t.d, "http://[2001:db8::1]/loader/snponly.efi"));
	strlcpy(t.boot.fault, "offer/delay: not a number",
	    sizeof(t.boot.fault));
	assert_int_equal(ask(&t), REASON6_BAD_VALUE);
}

static void
an_address_that_cannot_be_asked_is_not_told(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	t.arrival.self = addr6("fe80::1");
	packet6_ipxe(&t.asked, DHCP6_INFORMATION_REQUEST);
	assert_int_equal(ask(&t), REASON6_NO_ADDRESS);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "PXEClient", 7);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	t.arrival.self = addr6("::");
	assert_int_equal(ask(&t), REASON6_NO_ADDRESS);
}

static void
a_url_has_no_octet_that_means_something_else(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	strlcpy(t.boot.program, "loader/a b%;?.efi", sizeof(t.boot.program));
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "HTTPClient", 16);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_true(url_is(&t.d,
	    "http://[2001:db8::1]/loader/a%20b%25%3B%3F.efi"));
	/* The longest name, with every octet escaped. */
	memset(t.boot.program, ' ', BOOT_NAME_MAX - 1);
	t.boot.program[BOOT_NAME_MAX - 1] = '\0';
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(strlen(t.reply.url),
	    strlen("http://[2001:db8::1]/") + 3 * (BOOT_NAME_MAX - 1));
}

/* p's message again, through one relay with so many octets of interface. */
static void
relay(struct talk *t, size_t interface_id)
{
	static const uint8_t zeros[1100];
	uint8_t inner[DHCP6_PACKET_MAX];
	const size_t len = t->asked.w.len;
	const struct in6_addr peer = addr6("fe80::5054:ff:fe12:3456");

	memcpy(inner, t->asked.octets, len);
	wire_out_init(&t->asked.w, t->asked.octets, sizeof(t->asked.octets));
	wire_put_8(&t->asked.w, DHCP6_RELAY_FORW);
	wire_put_zeros(&t->asked.w, 17);
	wire_put_bytes(&t->asked.w, &peer, sizeof(peer));
	dhcp6_put(&t->asked.w, DHCP6_INTERFACE_ID, zeros, interface_id);
	dhcp6_put(&t->asked.w, DHCP6_RELAY_MESSAGE, inner, len);
	assert_false(t->asked.w.bad);
}

/* What is sent to 4011 no relay passes on: so it must be to us alone. */
static void
behind_a_relay_uefi_is_told_whom_to_ask(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	t.arrival.from = addr6("2001:db8::fe");
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "PXEClient", 7);
	relay(&t, 4);
	assert_int_equal(ask(&t), REASON6_ANSWER);
	assert_int_equal(t.d.relays, 1);
	assert_true(edk2_takes_proxy(&t, "PXEClient", 13));
	assert_true(url_is(&t.d, "tftp://[2001:db8::1]/loader/snponly.efi"));
	assert_int_equal(t.reply.to_port, DHCP6_SERVER_PORT);
	t.arrival.proxy_port = true;
	packet6_uefi(&t.asked, DHCP6_REQUEST, "PXEClient", 7);
	relay(&t, 4);
	assert_int_equal(ask(&t), REASON6_NOT_FOR_PROXY);
}

static void
what_no_link_carries_whole_is_not_sent(void **state)
{
	struct talk t;

	(void)state;
	init(&t);
	packet6_uefi(&t.asked, DHCP6_SOLICIT, "PXEClient", 7);
	relay(&t, 1100);
	assert_int_equal(ask(&t), REASON6_TOO_LARGE);
}

static void
every_reason_has_a_name(void **state)
{
	unsigned i;

	(void)state;
	for (i = 0; i < REASON6_COUNT; i++) {
		assert_non_null(reason6_name(i));
		assert_non_null(reason6_words(i));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uefi_is_sent_to_4011_and_told_its_program_there),
		cmocka_unit_test(http_boot_has_its_url_at_once),
		cmocka_unit_test(ipxe_without_a_lease_gets_its_script),
		cmocka_unit_test(who_needs_its_address_server_for_it_hears_nothing),
		cmocka_unit_test(a_raspberry_pi_is_told_where_its_files_are),
		cmocka_unit_test(never_a_word_to_who_does_not_netboot),
		cmocka_unit_test(only_two_messages_are_answered_on_each_port),
		cmocka_unit_test(another_servers_client_is_left_to_it),
		cmocka_unit_test(what_rfc_8415_forbids_is_not_answered),
		cmocka_unit_test(the_boot_directory_decides),
		cmocka_unit_test(what_the_boot_directory_says_holds_here_too),
		cmocka_unit_test(an_address_that_cannot_be_asked_is_not_told),
		cmocka_unit_test(a_url_has_no_octet_that_means_something_else),
		cmocka_unit_test(behind_a_relay_uefi_is_told_whom_to_ask),
		cmocka_unit_test(what_no_link_carries_whole_is_not_sent),
		cmocka_unit_test(every_reason_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
