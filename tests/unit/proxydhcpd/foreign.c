/* SPDX-License-Identifier: ISC */
/* Which packets of other servers spoil a boot. */
#include "proxydhcpd/foreign.h"

#include <arpa/inet.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct dhcp4
packet(enum dhcp4_type type, const char *yiaddr)
{
	return (struct dhcp4){ .op = DHCP4_BOOTREPLY, .type = type,
	    .yiaddr = { inet_addr(yiaddr) } };
}

static void
put(struct dhcp4 *d, enum dhcp4_tag tag, const char *value, size_t len)
{
	d->option[tag].present = true;
	d->option[tag].len = (uint16_t)len;
	d->option[tag].at = (uint16_t)(tag * 4);
	memcpy(d->store + tag * 4, value, len);
}

static unsigned
judge(const struct dhcp4 *d)
{
	struct in_addr server;

	return foreign_judge(d, (struct in_addr){ inet_addr("10.0.0.1") },
	    &server);
}

static void
a_plain_dhcp_server_spoils_nothing(void **state)
{
	struct dhcp4 d = packet(DHCP4_OFFER, "10.0.0.100");

	(void)state;
	assert_int_equal(judge(&d), 0);
	d.type = DHCP4_ACK;
	assert_int_equal(judge(&d), 0);
}

static void
one_that_says_pxeclient_and_one_that_names_a_file_do(void **state)
{
	struct dhcp4 d = packet(DHCP4_OFFER, "10.0.0.100");

	(void)state;
	put(&d, DHCP4_VENDOR_CLASS, "PXEClient", 9);
	assert_int_equal(judge(&d), FOREIGN_CLASS);
	strlcpy(d.file, "pxelinux.0", sizeof(d.file));
	assert_int_equal(judge(&d), FOREIGN_CLASS | FOREIGN_FILE);
	d = packet(DHCP4_ACK, "10.0.0.100");
	put(&d, DHCP4_BOOT_FILE, "x", 1);
	assert_int_equal(judge(&d), FOREIGN_FILE);
}

static void
another_proxy_is_known_by_its_class_without_an_address(void **state)
{
	struct dhcp4 d = packet(DHCP4_OFFER, "0.0.0.0");

	(void)state;
	assert_int_equal(judge(&d), 0);
	put(&d, DHCP4_VENDOR_CLASS, "PXEClient", 9);
	assert_int_equal(judge(&d), FOREIGN_PROXY);
	put(&d, DHCP4_VENDOR_CLASS, "HTTPClient", 10);
	assert_int_equal(judge(&d), FOREIGN_PROXY);
}

static void
what_a_client_sends_is_no_servers(void **state)
{
	struct dhcp4 d = packet(DHCP4_DISCOVER, "10.0.0.100");

	(void)state;
	put(&d, DHCP4_VENDOR_CLASS, "PXEClient", 9);
	assert_int_equal(judge(&d), 0);
	d.type = DHCP4_NAK;
	assert_int_equal(judge(&d), 0);
	d.type = DHCP4_OFFER;
	d.op = DHCP4_BOOTREQUEST;
	assert_int_equal(judge(&d), 0);
}

static void
the_server_is_who_it_says_or_who_sent_it(void **state)
{
	struct dhcp4 d = packet(DHCP4_OFFER, "10.0.0.100");
	struct in_addr from = { inet_addr("10.0.0.1") }, server;

	(void)state;
	foreign_judge(&d, from, &server);
	assert_int_equal(server.s_addr, from.s_addr);
	put(&d, DHCP4_SERVER_ID, "\12\0\0\2", 4);
	foreign_judge(&d, from, &server);
	assert_int_equal(server.s_addr, inet_addr("10.0.0.2"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_dhcp_server_spoils_nothing),
		cmocka_unit_test(
		    one_that_says_pxeclient_and_one_that_names_a_file_do),
		cmocka_unit_test(
		    another_proxy_is_known_by_its_class_without_an_address),
		cmocka_unit_test(what_a_client_sends_is_no_servers),
		cmocka_unit_test(the_server_is_who_it_says_or_who_sent_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
