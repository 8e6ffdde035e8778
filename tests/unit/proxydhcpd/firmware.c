/* SPDX-License-Identifier: ISC */
/*
 * The clients' side: what each firmware's own code demands of a reply before
 * it boots from it.  Every packet in tests/golden/proxydhcpd is answered and
 * the answer put to the client that it is meant for; and each demand is shown
 * to bite, by an answer that breaks it.
 */
#include "tests/unit/proxydhcpd/rules.h"

#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/proxydhcpd/"

/* A golden packet; the runner's own form: hex, and lines of comment. */
static size_t
read_hex(const char *path, uint8_t *octets, size_t size)
{
	char line[256];
	size_t len = 0, i;
	unsigned octet;
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		for (i = 0; line[0] != '#' && isxdigit((unsigned char)line[i]);
		    i += 2) {
			assert_int_equal(sscanf(line + i, "%2x", &octet), 1);
			if (len < size)
				octets[len] = (uint8_t)octet;
			len++;
		}
	fclose(f);
	return len < size ? len : size;
}

/* The flags beside a packet: -4, and -d DIR. */
static bool
came_on_4011(const char *hex, char bootdir[128])
{
	char path[256], args[128] = "";
	const char *at;
	FILE *f;

	strlcpy(bootdir, GOLDEN "boot", 128);
	snprintf(path, sizeof(path), "%.*s.args", (int)(strlen(hex) - 4), hex);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	if (fgets(args, sizeof(args), f) == NULL)
		args[0] = '\0';
	fclose(f);
	at = strstr(args, "-d ");
	if (at != NULL)
		assert_int_equal(sscanf(at + 3, "%127s", bootdir), 1);
	return strncmp(args, "-4", 2) == 0;
}

/* The packet as it travelled: iPXE asks 4011 from port 68, others from it. */
static void
load(struct asking *x, const char *path)
{
	memset(x, 0, sizeof(*x));
	x->asked.len = read_hex(path, x->asked.octets,
	    sizeof(x->asked.octets));
	x->asked.to = ntohl(inet_addr(SELF));
	x->asked.to_port = came_on_4011(path, x->bootdir) ? 4011 : 67;
	x->asked.from = n32(x->asked.octets + 12);
	x->asked.from_port = option(&x->asked, 77).value != NULL ||
	    x->asked.to_port == 67 ? 68 : 4011;
	answer(x);
	assert_int_not_equal(x->reason, REASON_COUNT);
}

static void
load_named(struct asking *x, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), GOLDEN "%s.hex", name);
	load(x, path);
	assert_int_equal(x->reason, REASON_ANSWER);
	assert_true(accepts(x->class, &x->asked, &x->answer));
}

static void
every_golden_answer_is_accepted_by_its_client(void **state)
{
	size_t per_class[CLIENT_UBOOT + 1] = { 0 };
	struct asking x;
	glob_t found;
	size_t i;

	(void)state;
	assert_int_equal(glob(GOLDEN "*.hex", 0, NULL, &found), 0);
	for (i = 0; i < found.gl_pathc; i++) {
		load(&x, found.gl_pathv[i]);
		/* Through a relay, the client sees the relay's copy. */
		if (x.reason == REASON_ANSWER && x.answer.to_port == 67)
			x.answer.to_port = 68;
		if (x.reason != REASON_ANSWER)
			continue;
		if (!accepts(x.class, &x.asked, &x.answer))
			fail_msg("%s: refused by its client",
			    found.gl_pathv[i]);
		/* EDK2 of 2010 to 2017 boots wherever no file forbids it. */
		if (x.class == CLIENT_UEFI && x.plain && type(&x.asked) == 1)
			assert_true(edk2_is_proxy_binl(&x.answer) &&
			    old_edk2_asks(&x.answer) == x.answer.from);
		per_class[x.class]++;
	}
	globfree(&found);
	assert_true(per_class[CLIENT_BIOS] >= 5);
	assert_true(per_class[CLIENT_UEFI] >= 15);
	assert_true(per_class[CLIENT_HTTP] >= 2);
	assert_true(per_class[CLIENT_IPXE] >= 9);
	assert_true(per_class[CLIENT_RASPBERRY_PI] >= 4);
	assert_true(per_class[CLIENT_UBOOT] >= 2);
}

static bool
still_accepted(const struct asking *x)
{
	return accepts(x->class, &x->asked, &x->answer);
}

/*
 * As packets of its own: what it sent in January 2015 when it booted through
 * us.  Its second round names no boot item, and is to the host in siaddr.
 */
static void
edk2_of_2010_to_2017_takes_both_rounds(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "edk2-2015-discover");
	assert_true(edk2_is_proxy_binl(&x.answer));
	assert_true(old_edk2_asks(&x.answer) == x.answer.from);
	x.answer.octets[20] = 0;
	assert_true(old_edk2_asks(&x.answer) == 0);
	load_named(&x, "edk2-2015-request4011");
	assert_null(vendor(&x.asked, 71).value);
	assert_int_equal(x.answer.from_port, 4011);
	assert_true(x.answer.from == x.asked.to);
	x.answer.octets[7] ^= 1;	/* another transaction */
	assert_false(still_accepted(&x));
}

/* Turns an option into one that nobody knows. */
static void
spoil(struct seen_packet *p, uint8_t tag)
{
	size_t at = (size_t)(option(p, tag).value - p->octets);

	p->octets[at - 2] = 254;
}

static const char *const offers[] = { "ovmf-pxe-discover", "rom-discover",
    "ovmf-http-discover", "ipxe-bios-discover" };
static const size_t noffers = sizeof(offers) / sizeof(offers[0]);

static void
an_offer_without_server_identifier_is_refused(void **state)
{
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {	/* iPXE makes do with siaddr */
		load_named(&x, offers[i]);
		spoil(&x.answer, 54);
		assert_false(still_accepted(&x));
	}
}

static void
an_offer_without_its_class_is_refused(void **state)
{
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < noffers; i++) {
		load_named(&x, offers[i]);
		spoil(&x.answer, 60);
		assert_false(still_accepted(&x));
	}
}

static void
an_offer_to_another_port_or_machine_is_refused(void **state)
{
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < noffers; i++) {
		load_named(&x, offers[i]);
		x.answer.to_port = 4011;
		assert_false(still_accepted(&x));
		load_named(&x, offers[i]);
		x.answer.octets[5] ^= 1;
		assert_false(still_accepted(&x));
		load_named(&x, offers[i]);
		x.answer.octets[33] ^= 1;
		assert_false(still_accepted(&x));
	}
}

static void
an_offer_with_an_address_is_no_proxys(void **state)
{
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < noffers; i++) {
		load_named(&x, offers[i]);
		x.answer.octets[16] = 10;
		assert_false(still_accepted(&x));
	}
}

static void
a_rom_compares_hardware_addresses_whole(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "rom-discover");
	x.answer.octets[43] ^= 1;
	assert_false(still_accepted(&x));
}

static void
a_rom_drops_an_option_43_that_pxe_calls_invalid(void **state)
{
	/* Where in our option 43, and the value that breaks it. */
	static const struct {
		size_t at;
		uint8_t value;
	} faults[] = {
		{ 2, 0x01 },	/* multicast allowed, but no 43.7 */
		{ 2, 0x08 },	/* the same, with a file that is not there */
		{ 3, 254 },	/* no servers, though unicast alone is left */
		{ 8, 224 },	/* a server with a multicast address */
		{ 7, 2 },	/* fewer addresses than it says */
		{ 12, 254 },	/* no menu */
		{ 16, 0 },	/* a text of no length */
		{ 16, 6 },	/* lengths that do not come out even */
		{ 22, 254 },	/* no prompt */
		{ 30, 0 },	/* no END */
	};
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		load_named(&x, "rom-discover");
		assert_int_equal(option(&x.answer, 43).len, 31);
		x.answer.octets[(size_t)(option(&x.answer, 43).value -
		    x.answer.octets) + faults[i].at] = faults[i].value;
		assert_false(still_accepted(&x));
	}
}

static void
an_ack_to_another_port_than_asked_is_lost(void **state)
{
	static const char *const names[] = { "ovmf-pxe-request4011",
	    "rom-bootitem", "rom-request4011", "ipxe-bios-request4011" };
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		load_named(&x, names[i]);
		x.answer.to_port = x.asked.from_port == 68 ? 4011 : 68;
		assert_false(still_accepted(&x));
	}
}

static void
an_ack_without_a_file_boots_nothing(void **state)
{
	static const char *const names[] = { "ovmf-pxe-request4011",
	    "rom-bootitem", "rom-request4011", "ipxe-bios-request4011" };
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		load_named(&x, names[i]);
		x.answer.octets[108] = '\0';
		assert_false(still_accepted(&x));
	}
}

static void
a_rom_refuses_a_plain_ack_with_an_address_or_other_server(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "rom-request4011");
	x.answer.octets[16] = 10;
	assert_false(still_accepted(&x));
	load_named(&x, "rom-request4011");
	x.asked.to++;
	assert_false(still_accepted(&x));
	/* To a boot item the client's address belongs. */
	load_named(&x, "rom-bootitem");
	assert_int_equal(n32(x.answer.octets + 16), x.asked.from);
}

static void
a_boot_item_must_come_back(void **state)
{
	static const char *const names[] = { "ovmf-pxe-bootitem",
	    "rom-bootitem" };
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		load_named(&x, names[i]);
		x.answer.octets[(size_t)(vendor(&x.answer, 71).value -
		    x.answer.octets)] ^= 1;
		assert_false(still_accepted(&x));
		load_named(&x, names[i]);
		spoil(&x.answer, 43);
		assert_false(still_accepted(&x));
	}
}

static void
ipxe_wants_both_server_and_file_and_the_host_it_asked(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "ipxe-bios-discover");
	memset(x.answer.octets + 20, 0, 4);
	assert_false(still_accepted(&x));
	load_named(&x, "ipxe-bios-discover");
	x.answer.octets[108] = '\0';
	assert_false(still_accepted(&x));
	load_named(&x, "ipxe-bios-request4011");
	x.asked.to++;
	assert_false(still_accepted(&x));
	load_named(&x, "ipxe-bios-request4011");
	x.answer.from_port = 67;
	assert_false(still_accepted(&x));
}

static void
a_direct_offer_needs_its_file_and_its_bits(void **state)
{
	static const char *const names[] = { "direct-uefi-discover",
	    "direct-rom-discover" };
	struct asking x;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		load_named(&x, names[i]);
		assert_false(edk2_is_proxy_binl(&x.answer));
		x.answer.octets[108] = '\0';
		assert_false(still_accepted(&x));
	}
	/* 0x08 alone leaves multicast open: Intel's Base Code drops that. */
	load_named(&x, "direct-rom-discover");
	x.answer.octets[(size_t)(vendor(&x.answer, 6).value -
	    x.answer.octets)] = 8;
	assert_false(still_accepted(&x));
}

static void
a_raspberry_pi_wants_its_text_first_and_no_padding(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "rpi3-discover");
	x.answer.octets[(size_t)(vendor(&x.answer, 9).value -
	    x.answer.octets) + 3 + 17] = 'x';
	assert_false(still_accepted(&x));
	load_named(&x, "rpi4-discover");
	x.answer.octets[(size_t)(vendor(&x.answer, 9).value -
	    x.answer.octets) + 3] = 'r';
	assert_false(still_accepted(&x));
	load_named(&x, "rpi5-discover");
	spoil(&x.answer, 66);
	assert_false(still_accepted(&x));
}

static void
http_boot_wants_an_address_in_figures(void **state)
{
	struct asking x;

	(void)state;
	load_named(&x, "ovmf-http-discover");
	memcpy(x.answer.octets + 108, "http://boot.example/x.efi", 26);
	assert_false(still_accepted(&x));
	memcpy(x.answer.octets + 108, "loader/snponly.efi", 19);
	assert_false(still_accepted(&x));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_golden_answer_is_accepted_by_its_client),
		cmocka_unit_test(edk2_of_2010_to_2017_takes_both_rounds),
		cmocka_unit_test(an_offer_without_server_identifier_is_refused),
		cmocka_unit_test(an_offer_without_its_class_is_refused),
		cmocka_unit_test(
		    an_offer_to_another_port_or_machine_is_refused),
		cmocka_unit_test(an_offer_with_an_address_is_no_proxys),
		cmocka_unit_test(a_rom_compares_hardware_addresses_whole),
		cmocka_unit_test(
		    a_rom_drops_an_option_43_that_pxe_calls_invalid),
		cmocka_unit_test(an_ack_to_another_port_than_asked_is_lost),
		cmocka_unit_test(an_ack_without_a_file_boots_nothing),
		cmocka_unit_test(
		    a_rom_refuses_a_plain_ack_with_an_address_or_other_server),
		cmocka_unit_test(a_boot_item_must_come_back),
		cmocka_unit_test(
		    ipxe_wants_both_server_and_file_and_the_host_it_asked),
		cmocka_unit_test(http_boot_wants_an_address_in_figures),
		cmocka_unit_test(a_direct_offer_needs_its_file_and_its_bits),
		cmocka_unit_test(
		    a_raspberry_pi_wants_its_text_first_and_no_padding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
