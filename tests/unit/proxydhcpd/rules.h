/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_PROXYDHCPD_RULES_H
#define TESTS_UNIT_PROXYDHCPD_RULES_H

/*
 * What each firmware's own code demands of a reply before it boots from it,
 * written from that code; reads packets by itself.  And what this program
 * answers, to be put to those rules.
 */
#include <arpa/inet.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "proxydhcpd/exchange.h"

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

static inline struct option
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

static inline struct option
option(const struct seen_packet *p, uint8_t tag)
{
	struct option none = { NULL, 0 };
	bool ended;

	if (p->len < 240)
		return none;
	return find(p->octets + 240, p->len - 240, tag, &ended);
}

static inline struct option
vendor(const struct seen_packet *p, uint8_t tag)
{
	struct option all = option(p, 43);
	bool ended;

	return find(all.value, all.len, tag, &ended);
}

/* Do options end in an END, with none cut off? */
static inline bool
is_clean(const uint8_t *p, size_t len)
{
	bool ended;

	find(p, len, 254, &ended);
	return ended;
}

static inline uint32_t
n32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
siaddr(const struct seen_packet *p)
{
	return n32(p->octets + 20);
}

static inline uint32_t
server_id(const struct seen_packet *p)
{
	struct option o = option(p, 54);

	return o.len == 4 ? n32(o.value) : 0;
}

static inline unsigned
type(const struct seen_packet *p)
{
	struct option o = option(p, 53);

	return o.len == 1 ? o.value[0] : 0;
}

static inline bool
has_class(const struct seen_packet *p, const char *class)
{
	struct option o = option(p, 60);

	return o.len >= strlen(class) &&
	    memcmp(o.value, class, strlen(class)) == 0;
}

static inline const char *
boot_file(const struct seen_packet *p)
{
	return (const char *)p->octets + 108;
}

/* Tags 6 to 10 make a PXE 2.1 packet, for EDK2 and Intel's Base Code. */
static inline bool
is_pxe10(const struct seen_packet *p)
{
	uint8_t tag;

	for (tag = 6; tag <= 10; tag++)
		if (vendor(p, tag).value != NULL)
			return true;
	return false;
}

static inline unsigned
discovery_control(const struct seen_packet *p)
{
	struct option o = vendor(p, 6);

	return o.len == 1 ? o.value[0] : 0;
}

/* The same transaction and hardware address? */
static inline bool
answers(const struct seen_packet *asked, const struct seen_packet *p,
    size_t hardware)
{
	return p->len >= 240 && p->octets[0] == 2 &&
	    memcmp(p->octets + 4, asked->octets + 4, 4) == 0 &&
	    memcmp(p->octets + 28, asked->octets + 28, hardware) == 0;
}

static inline bool
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
static inline bool
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
static inline bool
edk2_is_proxy_binl(const struct seen_packet *p)
{
	return p->octets[16] == 0 && has_class(p, "PXEClient") && !is_pxe10(p);
}

/* PxeBcBoot.c: PxeBcSelectBootPrompt: the file counts, and nobody is asked. */
static inline bool
edk2_is_direct(const struct seen_packet *p)
{
	return (discovery_control(p) & 8) != 0 && boot_file(p)[0] != '\0';
}

/*
 * PxeBcSelectBootPrompt and PxeBcExtractDiscoverInfo: a prompt, a first entry
 * that is not the disk, and a way to ask for it.
 */
static inline bool
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

static inline bool
edk2_boots_by_proxy(const struct seen_packet *p)
{
	if (p->octets[16] != 0 || !has_class(p, "PXEClient"))
		return false;
	return edk2_is_proxy_binl(p) || edk2_is_direct(p) ||
	    edk2_menu_works(p);
}

/* PxeBcDhcp4.c: PxeBcRetryBinlOffer: the host that is asked on 4011. */
static inline uint32_t
edk2_asks(const struct seen_packet *offer)
{
	return (siaddr(offer) >> 24) != 0 ? siaddr(offer) : server_id(offer);
}

/* MdeModulePkg's PxeBcDhcp.c, 2009 to 2018: PxeBcTryBinl.  0: nobody. */
static inline uint32_t
old_edk2_asks(const struct seen_packet *offer)
{
	const uint32_t host = siaddr(offer) != 0 ? siaddr(offer) :
	    server_id(offer);

	return (host >> 24) != 0 ? host : 0;
}

/* PxeBcDhcp4.c: PxeBcDhcp4Discover, PxeBcOfferBinlProxy. */
static inline bool
edk2_takes_ack(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to == asked->from && p->to_port == asked->from_port &&
	    answers(asked, p, asked->octets[2]) &&
	    is_clean(p->octets + 240, p->len - 240) &&
	    (boot_file(p)[0] != '\0' || is_pxe10(p)) &&
	    (vendor(asked, 71).value == NULL || repeats_item(asked, p));
}

/* HttpBootDhcp4.c: HttpBootParseDhcp4Packet, for a proxy's offer. */
static inline bool
edk2_takes_url(const struct seen_packet *p)
{
	unsigned a, b, c, d;
	char after;

	return p->octets[16] == 0 && has_class(p, "HTTPClient") &&
	    sscanf(boot_file(p), "http%*[s:]//%u.%u.%u.%u%c", &a, &b, &c, &d,
	    &after) == 5 && (after == '/' || after == ':');
}

/* Text entries of option 43.9, whose lengths must come out even. */
static inline bool
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

static inline bool
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
static inline bool
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
static inline bool
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
static inline uint32_t
intel_asks(const struct seen_packet *offer)
{
	struct option menu = vendor(offer, 9), servers = vendor(offer, 8);

	if (discovery_control(offer) != 3 || servers.len < 7 ||
	    memcmp(menu.value, servers.value, 2) != 0)
		return 0;
	return n32(servers.value + 3);
}

/* Pxe_bc_dhcp.c: DoDiscover, and for a request without item GetBINLAck. */
static inline bool
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
static inline uint32_t
ipxe_server(const struct seen_packet *p)
{
	return server_id(p) != 0 ? server_id(p) :
	    siaddr(p) != 0 ? siaddr(p) : p->from;
}

/* dhcp_has_pxeopts: enough to boot from, with no further question. */
static inline bool
ipxe_can_boot(const struct seen_packet *p)
{
	return (siaddr(p) != 0 && boot_file(p)[0] != '\0') ||
	    vendor(p, 9).value != NULL;
}

/* autoboot.c: have_pxe_menu.  It takes an entry's answer for a script. */
static inline bool
ipxe_shows_menu(const struct seen_packet *p)
{
	return vendor(p, 9).value != NULL && !((discovery_control(p) & 8) != 0
	    && boot_file(p)[0] != '\0');
}

/* dhcp_discovery_rx, in the part for a proxy's offer. */
static inline bool
ipxe_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->to_port == 68 && answers(asked, p, asked->octets[2]) &&
	    has_class(p, "PXEClient") && ipxe_server(p) != 0 &&
	    ipxe_can_boot(p) && !ipxe_shows_menu(p) &&
	    n32(p->octets + 16) == 0;
}

/* dhcp_proxy_rx. */
static inline bool
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
static inline bool
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
static inline bool
uboot_takes(const struct seen_packet *asked, const struct seen_packet *p)
{
	return p->from_port == 67 && p->to_port == 68 && answers(asked, p, 6) &&
	    p->octets[1] == 1 && p->octets[2] == 6 && siaddr(p) != 0 &&
	    boot_file(p)[0] != '\0';
}

/* Would this client boot from that answer? */
static inline bool
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

/* `asked' and `bootdir' are the caller's; without a directory, nothing. */
static inline void
answer(struct asking *x)
{
	struct exchange e = { .arrival = {
	    .proxy_port = x->asked.to_port == 4011,
	    .self = { htonl(x->asked.to) }, .from = { htonl(x->asked.from) },
	    .from_port = (uint16_t)x->asked.from_port } };
	struct lookup_memo memo = { .until_ms = 0 };
	int bootfd = bootdir_open(x->bootdir);

	x->reason = REASON_COUNT;
	if (bootfd == -1)
		return;
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

#endif
