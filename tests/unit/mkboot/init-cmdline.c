/* SPDX-License-Identifier: ISC */
/* The kernel's command line as /init reads it. */
#include "tests/unit/unit.h"

#include "mkboot/init/cmdline.h"

#include <arpa/inet.h>

#include <string.h>

static struct cmdline
parse(const char *text)
{
	struct cmdline c;

	cmdline_parse(&c, text);
	return c;
}

static const char *
text_of(struct in_addr a)
{
	return inet_ntoa(a);
}

static void
nothing_said_is_dhcp_overlay_and_a_minute(void **state)
{
	const struct cmdline c = parse("quiet splash\n");

	(void)state;
	assert_false(c.have_bootif);
	assert_int_equal(c.ip.how, IP_DHCP);
	assert_true(c.overlay);
	assert_string_equal(c.overlay_size, "");
	assert_int_equal(c.panic_s, 60);
	assert_string_equal(c.root, "");
	assert_int_equal(c.problems, 0);
}

static void
bootif_is_taken_in_every_form_that_loaders_write(void **state)
{
	static const char *const form[] = {
		"BOOTIF=01-52-54-00-ab-cd-ef", "BOOTIF=01-52-54-00-AB-CD-EF",
		"BOOTIF=01:52:54:00:ab:cd:ef", "BOOTIF=52:54:00:ab:cd:ef",
		"BOOTIF=\"01-52-54-00-ab-cd-ef\""
	};
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0xab, 0xcd, 0xef };
	struct cmdline c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		c = parse(form[i]);
		assert_true(c.have_bootif);
		assert_memory_equal(c.bootif.octet, mac, 6);
	}
}

static void
a_bad_value_is_told_and_left_out(void **state)
{
	struct cmdline c = parse("BOOTIF=20-52-54-00-ab-cd-ef ip=1.2.3 "
	    "overlay=disk panic=soon root=nfs:1.2.3.4:/x");

	(void)state;
	assert_false(c.have_bootif);
	assert_int_equal(c.ip.how, IP_DHCP);
	assert_true(c.overlay);
	assert_int_equal(c.panic_s, 60);
	assert_string_equal(c.root, "nfs:1.2.3.4:/x");
	assert_int_equal(c.problems, 4);
	assert_string_equal(c.problem[0].what, "BOOTIF=20-52-54-00-ab-cd-ef");
	assert_string_equal(c.problem[3].what, "panic=soon");
	assert_non_null(c.problem[3].why);
	c = parse("panic=a panic=b panic=c panic=d panic=e panic=f");
	assert_int_equal(c.problems, CMDLINE_PROBLEMS);
}

static void
ip_words_are_those_of_the_kernel(void **state)
{
	(void)state;
	assert_int_equal(parse("ip=dhcp").ip.how, IP_DHCP);
	assert_int_equal(parse("ip=on").ip.how, IP_DHCP);
	assert_int_equal(parse("ip=any").ip.how, IP_DHCP);
	assert_int_equal(parse("ip=").ip.how, IP_DHCP);
	assert_int_equal(parse("ip=off").ip.how, IP_OFF);
	assert_int_equal(parse("ip=none").ip.how, IP_OFF);
	assert_int_equal(parse("ip=maybe").problems, 1);
}

static void
ip_takes_ip6_as_dracut_writes_it(void **state)
{
	struct cmdline c = parse("ip=[2001:db8::7]::[fe80::1]:48:six:eth1:off");
	char text[INET6_ADDRSTRLEN];

	(void)state;
	assert_int_equal(c.problems, 0);
	assert_int_equal(c.ip.how, IP_STATIC6);
	assert_string_equal(inet_ntop(AF_INET6, &c.ip.client6, text,
	    sizeof(text)), "2001:db8::7");
	assert_string_equal(inet_ntop(AF_INET6, &c.ip.gateway6, text,
	    sizeof(text)), "fe80::1");
	assert_int_equal(c.ip.prefix6, 48);
	assert_string_equal(c.ip.hostname, "six");
	assert_string_equal(c.ip.device, "eth1");
	assert_int_equal(parse("ip=[2001:db8::7]").ip.prefix6, 64);
	assert_int_equal(parse("ip=auto6").ip.how, IP_AUTO6);
	assert_int_equal(parse("ip=dhcp6").ip.how, IP_DHCP6);
	assert_int_equal(parse("ip=:::::eth0:dhcp6").ip.how, IP_DHCP6);
	assert_int_equal(parse("ip=[2001:db8::7]:::129").problems, 1);
	assert_int_equal(parse("ip=[2001:db8::x]::").problems, 1);
	assert_int_equal(parse("ip=[2001:db8::7").problems, 1);
	c = parse("ip=eth0.5:dhcp");
	assert_int_equal(c.ip.how, IP_DHCP);
	assert_string_equal(c.ip.device, "eth0.5");
}

static void
servers_are_a_list(void **state)
{
	const struct cmdline c =
	    parse("server=192.0.2.1,[2001:db8::2],192.0.2.3");
	char text[ADDRESS_TEXT];

	(void)state;
	assert_int_equal(c.problems, 0);
	assert_int_equal(c.servers, 3);
	assert_string_equal(address_format(&c.server[0].sa, text), "192.0.2.1");
	assert_string_equal(address_format(&c.server[1].sa, text),
	    "2001:db8::2");
	assert_int_equal(parse("server=here").problems, 1);
	assert_int_equal(parse("server=2001:db8::2").problems, 1);
	assert_int_equal(parse("server=1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,"
	    "1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9").servers, CMDLINE_SERVERS);
}

static void
a_sum_that_is_none_is_not_taken_for_unsaid(void **state)
{
	(void)state;
	assert_string_equal(parse("root=x").sha256, "");
	assert_string_equal(parse("sha256=abc").sha256, "?");
	assert_string_equal(parse("sha256=E3B0C44298FC1C149AFBF4C8996FB92427AE"
	    "41E4649B934CA495991B7852B855").sha256, "e3b0c44298fc1c149afbf4c899"
	    "6fb92427ae41e4649b934ca495991b7852b855");
}

static void
rescue_is_a_word_of_its_own(void **state)
{
	(void)state;
	assert_true(parse("quiet rescue").rescue);
	assert_false(parse("rescued -- rescue").rescue);
}

static void
ip_fields_are_those_of_the_kernel(void **state)
{
	const struct cmdline c = parse("ip=192.168.7.5:192.168.7.1:"
	    "192.168.7.254:255.255.255.128:boxen:eth1:off:9.9.9.9:1.1.1.1");
	struct cmdline d;

	(void)state;
	assert_int_equal(c.problems, 0);
	assert_int_equal(c.ip.how, IP_STATIC);
	assert_string_equal(text_of(c.ip.client), "192.168.7.5");
	assert_string_equal(text_of(c.ip.server), "192.168.7.1");
	assert_string_equal(text_of(c.ip.gateway), "192.168.7.254");
	assert_string_equal(text_of(c.ip.netmask), "255.255.255.128");
	assert_string_equal(c.ip.hostname, "boxen");
	assert_string_equal(c.ip.device, "eth1");
	assert_string_equal(text_of(c.ip.dns[0]), "9.9.9.9");
	assert_string_equal(text_of(c.ip.dns[1]), "1.1.1.1");
	d = parse("ip=:::::eth2:dhcp");
	assert_int_equal(d.ip.how, IP_DHCP);
	assert_string_equal(d.ip.device, "eth2");
}

static void
a_netmask_may_be_a_length_or_left_out(void **state)
{
	(void)state;
	assert_string_equal(text_of(parse("ip=10.1.2.3:::22::eth0:off")
	    .ip.netmask), "255.255.252.0");
	assert_string_equal(text_of(parse("ip=10.1.2.3").ip.netmask),
	    "255.0.0.0");
	assert_string_equal(text_of(parse("ip=10.1.2.3::").ip.netmask),
	    "255.0.0.0");
	assert_string_equal(text_of(parse("ip=172.16.0.9::").ip.netmask),
	    "255.255.0.0");
	assert_string_equal(text_of(parse("ip=192.0.2.9::").ip.netmask),
	    "255.255.255.0");
	assert_int_equal(parse("ip=10.1.2.3:::255.0.255.0").problems, 1);
	assert_int_equal(parse("ip=10.1.2.3:::33").problems, 1);
}

static void
overlay_has_a_size_or_is_none(void **state)
{
	(void)state;
	assert_false(parse("overlay=none").overlay);
	assert_true(parse("overlay=none overlay=tmpfs").overlay);
	assert_string_equal(parse("overlay=tmpfs:size=512m").overlay_size,
	    "512m");
	assert_string_equal(parse("overlay=tmpfs:size=50%").overlay_size,
	    "50%");
	/* It goes to mount(2) between commas. */
	assert_int_equal(parse("overlay=tmpfs:size=1m,mode=0777").problems, 1);
	assert_int_equal(parse("overlay=tmpfs:size=").problems, 1);
}

static void
panic_never_means_for_ever(void **state)
{
	(void)state;
	assert_int_equal(parse("panic=5").panic_s, 5);
	assert_int_equal(parse("panic=-1").panic_s, 0);
	assert_int_equal(parse("panic=0").panic_s, 60);
}

static void
quotes_protect_blanks_and_two_dashes_end_it(void **state)
{
	struct cmdline c;

	(void)state;
	c = parse("dyndbg=\"file a.c +p\" root=nfs:1.2.3.4:/a init=/sbin/x -- "
	    "root=nfs:9.9.9.9:/b");
	assert_string_equal(c.root, "nfs:1.2.3.4:/a");
	assert_string_equal(c.init, "/sbin/x");
	c = parse("\"root=nfs:1.2.3.4:/a b\" root-not=1");
	assert_string_equal(c.root, "nfs:1.2.3.4:/a b");
}

static void
the_last_of_a_name_counts(void **state)
{
	(void)state;
	assert_string_equal(parse("root=a root=b").root, "b");
	assert_int_equal(parse("ip=off ip=dhcp").ip.how, IP_DHCP);
}

static void
a_modules_parameters_are_gathered(void **state)
{
	static const char line[] = "quiet virtio-net.napi_tx=0 nfs.x=1 "
	    "virtio_net.gso=\"a b\" virtio_net2.y=3 virtio_net. -- "
	    "virtio_net.late=1";
	char out[64];

	(void)state;
	assert_string_equal(cmdline_module(line, "virtio_net", out, 64),
	    "napi_tx=0 gso=\"a b\"");
	assert_string_equal(cmdline_module(line, "nfs", out, 64), "x=1");
	assert_string_equal(cmdline_module(line, "virtio", out, 64), "");
	assert_string_equal(cmdline_module(line, "virtio_net", out, 12),
	    "napi_tx=0");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_is_dhcp_overlay_and_a_minute),
		cmocka_unit_test(
		    bootif_is_taken_in_every_form_that_loaders_write),
		cmocka_unit_test(a_bad_value_is_told_and_left_out),
		cmocka_unit_test(ip_words_are_those_of_the_kernel),
		cmocka_unit_test(ip_takes_ip6_as_dracut_writes_it),
		cmocka_unit_test(servers_are_a_list),
		cmocka_unit_test(a_sum_that_is_none_is_not_taken_for_unsaid),
		cmocka_unit_test(rescue_is_a_word_of_its_own),
		cmocka_unit_test(ip_fields_are_those_of_the_kernel),
		cmocka_unit_test(a_netmask_may_be_a_length_or_left_out),
		cmocka_unit_test(overlay_has_a_size_or_is_none),
		cmocka_unit_test(panic_never_means_for_ever),
		cmocka_unit_test(quotes_protect_blanks_and_two_dashes_end_it),
		cmocka_unit_test(the_last_of_a_name_counts),
		cmocka_unit_test(a_modules_parameters_are_gathered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
