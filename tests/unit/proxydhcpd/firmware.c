/* SPDX-License-Identifier: ISC */
/*
 * The clients' side: what each firmware's own code demands of a reply before
 * it boots from it.  Every packet in tests/golden/proxydhcpd is answered and
 * the answer put to the client that it is meant for; and each demand is shown
 * to bite, by an answer that breaks it.
 */
#include <arpa/inet.h>

#include <ctype.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "proxydhcpd/exchange.h"

#define GOLDEN "tests/golden/proxydhcpd/"
#define SELF "192.0.2.1"

/* A packet as a client sees it; read by this file's own code alone. */
struct seen_packet {
	uint8_t octets[DHCP4_PACKET_MAX];
	size_t len;
	uint32_t from, to;	/* addresses and ports, host order */
	unsigned from_port, to_port;
};

struct option {
	const uint8_t *value;	/* NULL: absent */
	size_t len;
};

static struct option
find(const uint8_t *p, size_t len, uint8_t want, bool *ended)
{
	struct option none = { NULL, 0 };
	size_t i = 0;

	*ended = false;
	while (i < len && p[i] != 255) {
		if (p[i] == 0) {
			i++;
			continue;
		}
		if (i + 1 >= len || i + 2 + p[i + 1] > len)
			return none;
		if (p[i] == want)
			return (struct option){ p + i + 2, p[i + 1] };
		i += 2u + p[i + 1];
	}
	*ended = i < len;
	return none;
}

static struct option
option(const struct seen_packet *p, uint8_t tag)
{
	struct option none = { NULL, 0 };
	bool ended;

	if (p->len < 240)
		return none;
	return find(p->octets + 240, p->len - 240, tag, &ended);
}

static struct option
vendor(const struct seen_packet *p, uint8_t tag)
{
	struct option all = option(p, 43);
	bool ended;

	return find(all.value, all.len, tag, &ended);
}

/* Do options end in an END, with none cut off? */
static bool
is_clean(const uint8_t *p, size_t len)
{
	bool ended;

	find(p, len, 254, &ended);
	return ended;
}

static uint32_t
n32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static uint32_t
siaddr(const struct seen_packet *p)
{
	return n32(p->octets + 20);
}

static uint32_t
server_id(const struct seen_packet *p)
{
	struct option o = option(p, 54);

	return o.len == 4 ? n32(o.value) : 0;
}

static unsigned
type(const struct seen_packet *p)
{
	struct option o = option(p, 53);

	return o.len == 1 ? o.value[0] : 0;
}

static bool
has_class(const struct seen_packet *p, const char *class)
{
	struct option o = option(p, 60);

	return o.len >= strlen(class) &&
	    memcmp(o.value, class, strlen(class)) == 0;
}

static const char *
boot_file(const struct seen_packet *p)
{
	return (const char *)p->octets + 108;
}

/* Tags 6 to 10 make a PXE 2.1 packet, for EDK2 and Intel's Base Code. */
static bool
is_pxe10(const struct seen_packet *p)
{
	uint8_t tag;

	for (tag = 6; tag <= 10; tag++)
		if (vendor(p, tag).value != NULL)
			return true;
	return false;
}

static unsigned
discovery_control(const struct seen_packet *p)
{
	struct option o = vendor(p, 6);

	return o.len == 1 ? o.value[0] : 0;
}

/* The same transaction and hardware address? */
static bool
answers(const struct seen_packet *asked, const struct seen_packet *p,
    size_t hardware)
{
	return p->len >= 240 && p->octets[0] == 2 &&
	    memcmp(p->octets + 4, asked->octets + 4, 4) == 0 &&
	    memcmp(p->octets + 28, asked->octets + 28, hardware) == 0;
}

static bool
repeats_item(const struct seen_packet *asked, const struct seen_packet *p)
{
	struct option want = vendor(asked, 71), got = vendor(p, 71);

	return want.len == got.len && got.len == 4 &&
	    memcmp(want.value, got.value, 4) == 0;
}

/*
 * EDK2, Dhcp4Io.c: DhcpInput, DhcpHandleSelect; PxeBcDhcp4.c:
 * PxeBcDhcp4CallBack.  What is not this never reaches the selection.
 */
static bool
edk2_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to_port == 68 && p->len <= 1472 &&
	    answers(asked, p, asked->octets[2]) &&
	    is_clean(p->octets + 240, p->len - 240) && type(p) == 2 &&
	    option(p, 54).len == 4;
}

/*
 * PxeBcDhcp4.c: PxeBcParseDhcp4Packet.  A proxy's offer, without option 43:
 * "BINL".  From 2010 to April 2017 it took no other kind from a proxy.
 */
static bool
edk2_is_proxy_binl(const struct seen_packet *p)
{
	return p->octets[16] == 0 && has_class(p, "PXEClient") && !is_pxe10(p);
}

/* PxeBcBoot.c: PxeBcSelectBootPrompt: the file counts, and nobody is asked. */
static bool
edk2_is_direct(const struct seen_packet *p)
{
	return (discovery_control(p) & 8) != 0 && boot_file(p)[0] != '\0';
}

/*
 * PxeBcSelectBootPrompt and PxeBcExtractDiscoverInfo: a prompt, a first entry
 * that is not the disk, and a way to ask for it.
 */
static bool
edk2_menu_works(const struct seen_packet *p)
{
	const unsigned control = discovery_control(p);
	struct option menu = vendor(p, 9), cast = vendor(p, 7);

	if (vendor(p, 10).len < 2 || menu.len < 4 ||
	    (menu.value[0] == 0 && menu.value[1] == 0))
		return false;
	if ((control & 2) == 0)
		return cast.len == 4 && cast.value[0] >= 224;
	return (control & 1) == 0 || vendor(p, 8).value != NULL;
}

static bool
edk2_boots_by_proxy(const struct seen_packet *p)
{
	if (p->octets[16] != 0 || !has_class(p, "PXEClient"))
		return false;
	return edk2_is_proxy_binl(p) || edk2_is_direct(p) ||
	    edk2_menu_works(p);
}

/* PxeBcDhcp4.c: PxeBcRetryBinlOffer: the host that is asked on 4011. */
static uint32_t
edk2_asks(const struct seen_packet *offer)
{
	return (siaddr(offer) >> 24) != 0 ? siaddr(offer) : server_id(offer);
}

/* PxeBcDhcp4.c: PxeBcDhcp4Discover, PxeBcOfferBinlProxy. */
static bool
edk2_takes_ack(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to == asked->from && p->to_port == asked->from_port &&
	    answers(asked, p, asked->octets[2]) &&
	    is_clean(p->octets + 240, p->len - 240) &&
	    (boot_file(p)[0] != '\0' || is_pxe10(p)) &&
	    (vendor(asked, 71).value == NULL || repeats_item(asked, p));
}

/* HttpBootDhcp4.c: HttpBootParseDhcp4Packet, for a proxy's offer. */
static bool
edk2_takes_url(const struct seen_packet *p)
{
	unsigned a, b, c, d;
	char after;

	return p->octets[16] == 0 && has_class(p, "HTTPClient") &&
	    sscanf(boot_file(p), "http%*[s:]//%u.%u.%u.%u%c", &a, &b, &c, &d,
	    &after) == 5 && (after == '/' || after == ':');
}

/* Text entries of option 43.9, whose lengths must come out even. */
static bool
intel_menu_is_sound(struct option menu)
{
	size_t i = 0;

	while (i + 3 <= menu.len) {
		if (menu.value[i + 2] == 0)
			return false;
		i += 3u + menu.value[i + 2];
	}
	return menu.len > 0 && i == menu.len;
}

static bool
intel_servers_are_sound(struct option servers)
{
	size_t i = 0, n;

	while (i + 3 <= servers.len)
		for (n = servers.value[i + 2], i += 3; n > 0; n--, i += 4)
			if (i + 4 > servers.len || servers.value[i] >= 224)
				return false;
	return i == servers.len;
}

/* Pxe_bc_dhcp.c: DHCPOfferAckEdit.  One fault drops the whole offer. */
static bool
intel_pxe10_is_sound(const struct seen_packet *p)
{
	const unsigned control = discovery_control(p);
	struct option cast = vendor(p, 7), servers = vendor(p, 8);

	if ((control & 2) == 0 &&
	    (cast.len != 4 || cast.value[0] < 224 || cast.value[0] > 239))
		return false;
	if (servers.value != NULL && !intel_servers_are_sound(servers))
		return false;
	if (servers.value == NULL &&
	    ((control & 4) != 0 || (control & 3) == 3))
		return false;
	if ((control & 8) != 0 && boot_file(p)[0] != '\0')
		return true;
	return intel_menu_is_sound(vendor(p, 9)) &&
	    vendor(p, 10).len > 1;
}

/* Pxe_bc_dhcp.c: the receive loop of DoDhcpDora. */
static bool
intel_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	struct option all = option(p, 43);

	return p->to_port == 68 && answers(asked, p, 16) &&
	    n32(p->octets + 236) == 0x63825363 && p->octets[16] <= 223 &&
	    type(p) == 2 && option(p, 54).len == 4 && n32(p->octets + 16) == 0
	    && has_class(p, "PXEClient") && is_pxe10(p) &&
	    is_clean(all.value, all.len) && intel_pxe10_is_sound(p);
}

/* Where the first entry of the menu is asked for: DoDiscover by unicast. */
static uint32_t
intel_asks(const struct seen_packet *offer)
{
	struct option menu = vendor(offer, 9), servers = vendor(offer, 8);

	if (discovery_control(offer) != 3 || servers.len < 7 ||
	    memcmp(menu.value, servers.value, 2) != 0)
		return 0;
	return n32(servers.value + 3);
}

/* Pxe_bc_dhcp.c: DoDiscover, and for a request without item GetBINLAck. */
static bool
intel_takes_ack(const struct seen_packet *asked, const struct seen_packet *p)
{
	if (p->to != asked->from || p->to_port != asked->from_port ||
	    !answers(asked, p, 16) || type(p) != 5 || boot_file(p)[0] == '\0' ||
	    !has_class(p, "PXEClient"))
		return false;
	if (vendor(asked, 71).value != NULL)
		return option(p, 54).len == 4 && p->octets[16] <= 223 &&
		    vendor(p, 71).len == 4 &&
		    memcmp(vendor(p, 71).value, vendor(asked, 71).value, 2) == 0;
	return n32(p->octets + 16) == 0 && server_id(p) == asked->to;
}

/* src/net/udp/dhcp.c: dhcp_deliver's pseudo identifier. */
static uint32_t
ipxe_server(const struct seen_packet *p)
{
	return server_id(p) != 0 ? server_id(p) :
	    siaddr(p) != 0 ? siaddr(p) : p->from;
}

/* dhcp_has_pxeopts: enough to boot from, with no further question. */
static bool
ipxe_can_boot(const struct seen_packet *p)
{
	return (siaddr(p) != 0 && boot_file(p)[0] != '\0') ||
	    vendor(p, 9).value != NULL;
}

/* autoboot.c: have_pxe_menu.  It takes an entry's answer for a script. */
static bool
ipxe_shows_menu(const struct seen_packet *p)
{
	return vendor(p, 9).value != NULL && !((discovery_control(p) & 8) != 0
	    && boot_file(p)[0] != '\0');
}

/* dhcp_discovery_rx, in the part for a proxy's offer. */
static bool
ipxe_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to_port == 68 && answers(asked, p, asked->octets[2]) &&
	    has_class(p, "PXEClient") && ipxe_server(p) != 0 &&
	    ipxe_can_boot(p) && !ipxe_shows_menu(p) &&
	    n32(p->octets + 16) == 0;
}

/* dhcp_proxy_rx. */
static bool
ipxe_takes_ack(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to == asked->from && p->to_port == asked->from_port &&
	    p->from_port == 4011 && answers(asked, p, asked->octets[2]) &&
	    (type(p) == 2 || type(p) == 5) && ipxe_server(p) == asked->to &&
	    ipxe_can_boot(p) && !ipxe_shows_menu(p);
}

/*
 * The Raspberry Pi's manual, "Network booting", and rpi-eeprom issue 82: a
 * first entry with this text, and no padding before the end of the options.
 */
static bool
pi_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	const char *text = (asked->octets[28] == 0xb8) ?
	    "Raspberry Pi Boot   " : "Raspberry Pi Boot";
	struct option menu = vendor(p, 9), name = option(p, 66);
	size_t i;

	for (i = 240; i < p->len && p->octets[i] != 255;
	    i += 2u + p->octets[i + 1])
		if (p->octets[i] == 0)
			return false;
	return answers(asked, p, 6) && type(p) == 2 && siaddr(p) != 0 &&
	    name.len >= 7 && menu.len >= 3 + strlen(text) &&
	    memcmp(menu.value + 3, text, strlen(text)) == 0;
}

/* net/bootp.c: check_reply_packet, store_net_params, with a proxy's answer. */
static bool
uboot_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->from_port == 67 && p->to_port == 68 && answers(asked, p, 6) &&
	    p->octets[1] == 1 && p->octets[2] == 6 && siaddr(p) != 0 &&
	    boot_file(p)[0] != '\0';
}

/* Would this client boot from that answer? */
static bool
accepts(enum client_class class, const struct seen_packet *asked,
    const struct seen_packet *p)
{
	const bool ack = type(asked) == 3;

	switch (class) {
	case CLIENT_BIOS:
		return ack ? intel_takes_ack(asked, p) :
		    intel_takes(asked, p) && (edk2_is_direct(p) ||
		    intel_asks(p) == p->from);
	case CLIENT_UEFI:
		return ack ? edk2_takes_ack(asked, p) : edk2_takes(asked, p) &&
		    edk2_boots_by_proxy(p) && (is_pxe10(p) ||
		    edk2_asks(p) == p->from);
	case CLIENT_HTTP:
		return !ack && edk2_takes(asked, p) && edk2_takes_url(p);
	case CLIENT_IPXE:
		return ack ? ipxe_takes_ack(asked, p) : ipxe_takes(asked, p);
	case CLIENT_RASPBERRY_PI:
		return pi_takes(asked, p);
	case CLIENT_UBOOT:
		return uboot_takes(asked, p);
	default:
		return false;
	}
}

/* What was asked, by whom, and the program's own answer. */
struct asking {
	char bootdir[128];
	struct seen_packet asked, answer;
	enum client_class class;
	enum reason reason;
	bool plain;		/* its folder has an image, and no more */
};

static void
answer(struct asking *x)
{
	struct exchange e = { .arrival = {
	    .proxy_port = x->asked.to_port == 4011,
	    .self = { htonl(x->asked.to) }, .from = { htonl(x->asked.from) },
	    .from_port = (uint16_t)x->asked.from_port } };
	struct lookup_memo memo = { .until_ms = 0 };
	int bootfd = bootdir_open(x->bootdir);

	assert_int_not_equal(bootfd, -1);
	x->reason = exchange_read(&e, x->asked.octets, x->asked.len);
	exchange_look_up(&e, bootfd, &memo, 0);
	x->reason = exchange_decide(&e);
	close(bootfd);
	if (x->reason == REASON_BROKEN)
		return;
	x->class = e.client.class;
	x->plain = (e.boot.own | e.boot.site) == POLICY_IMAGE;
	if (x->reason != REASON_ANSWER)
		return;
	memcpy(x->answer.octets, e.encoded, e.len);
	x->answer.len = e.len;
	x->answer.from = x->asked.to;
	/* All but what is asked on 67 by way of a lease is said on 4011. */
	x->answer.from_port = e.reply.type == DHCP4_ACK ? 4011 :
	    x->asked.to_port;
	x->answer.to = ntohl(e.reply.to.s_addr);
	x->answer.to_port = e.reply.to_port;
}

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
			assert_true(edk2_is_proxy_binl(&x.answer));
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

static bool
still_accepted(const struct asking *x)
{
	return accepts(x->class, &x->asked, &x->answer);
}

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
