/* SPDX-License-Identifier: ISC */
/* System calls: answers router solicitations of machines that boot. */
#include "proxydhcpd/solicited.h"

#include <net/if.h>
#include <netinet/icmp6.h>

#include <errno.h>
#include <string.h>

#include "common/address.h"
#include "common/daemon.h"
#include "common/log.h"
#include "proxydhcpd/icmp6.h"
#include "proxydhcpd/lookup.h"

#define BATCH 32	/* messages before another socket's turn */
#define SOLICITATION_MAX 1500	/* one with all options of RFC 4861 has 16 */

/*
 * At once: the delay of RFC 4861 section 6.2.6 keeps the answers of many
 * routers apart, and this one is for where there is none.
 */
static bool
advertise(struct solicited *s, const struct mac *mac,
    const struct sockaddr_in6 *to)
{
	union address client = { .in6 = *to };
	char text[ADDRESS_TEXT], mac_text[MAC_TEXT];
	uint8_t advert[ROUTER_ADVERT_SIZE];
	struct wire_out w;

	wire_out_init(&w, advert, sizeof(advert));
	router_encode(&w);
	address_format(&client.sa, text);
	if (icmp6_send(s->fd, advert, w.len, to) == -1) {
		log_warn("advertise to %s: %s", text, strerror(errno));
		return false;
	}
	log_info("%s: advertise: no router, to %s", mac_format(mac, mac_text),
	    text);
	seen_event(s->seen, mac, "advertise", "to=%s", text);
	return true;
}

/* Somebody waits in vain: once a link, that is worth a line. */
static void
tell_of_wait(struct solicited *s, unsigned ifindex)
{
	char name[IF_NAMESIZE];

	if (if_indextoname(ifindex, name) != NULL &&
	    notice_first(s->notices, "no router", name, strlen(name)))
		log_warn("%s: no IPv6 router advertises there: iPXE waits 4 to "
		    "15 seconds for one; a file `advertise' in offer/ or a "
		    "machine's folder ends that", name);
}

static void
handle_solicitation(struct solicited *s, struct solicitation *in,
    const struct sockaddr_in6 *from, const uint8_t *data, size_t len)
{
	const int64_t now_ms = daemon_now_ms();
	union address client = { .in6 = *from };
	enum router_reason reason = router_parse(in, data, len);
	char text[ADDRESS_TEXT];
	bool booting, real;

	if (reason == ROUTER_ADVERTISE) {
		booting = router_is_booting(&s->booting, &in->mac, now_ms);
		real = router_is_real(&s->links, from->sin6_scope_id, now_ms);
		/* Others on the LAN cost no look-up. */
		reason = router_decide(booting, real, booting && !real &&
		    lookup_advertise(s->bootfd, &in->mac));
	}
	if (reason == ROUTER_ADVERTISE && advertise(s, &in->mac, from))
		s->answered++;
	if (reason == ROUTER_ADVERTISE)
		return;
	if (reason == ROUTER_NOT_WANTED)
		tell_of_wait(s, from->sin6_scope_id);
	s->silent++;
	log_debug("%s: router solicitation: silence: %s: %s",
	    address_format(&client.sa, text), router_reason_name(reason),
	    router_reason_words(reason));
}

void
solicited_receive(struct solicited *s)
{
	uint8_t data[SOLICITATION_MAX];
	struct solicitation in;
	struct sockaddr_in6 from;
	ssize_t len;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = icmp6_receive(s->fd, data, sizeof(data), &from,
		    &in.hop_limit);
		if (len == -1)
			return;
		in.from = from.sin6_addr;
		if (len > 0 && data[0] == ND_ROUTER_ADVERT)
			router_note_advert(&s->links, from.sin6_scope_id,
			    &in.from, in.hop_limit, data, (size_t)len,
			    daemon_now_ms());
		else
			handle_solicitation(s, &in, &from, data, (size_t)len);
	}
}

/* A link without IPv6 cannot be asked, and has nobody who would wait. */
static void
ask(struct solicited *s, unsigned ifindex, int64_t now_ms)
{
	uint8_t data[ROUTER_SOLICIT_SIZE];
	struct wire_out w;

	if (s->fd == -1 || ifindex == 0 ||
	    !router_ask(&s->links, ifindex, now_ms))
		return;
	wire_out_init(&w, data, sizeof(data));
	router_encode_solicitation(&w);
	if (icmp6_send_to_routers(s->fd, data, w.len, ifindex) == -1)
		log_debug("ask for a router: %s", strerror(errno));
}

void
solicited_start(struct solicited *s, const char *interface, int64_t now_ms)
{
	struct if_nameindex *all, *i;

	if (interface != NULL) {
		ask(s, if_nametoindex(interface), now_ms);
		return;
	}
	all = if_nameindex();
	if (all == NULL)
		return;
	for (i = all; i->if_index != 0; i++)
		ask(s, i->if_index, now_ms);
	if_freenameindex(all);
}

void
solicited_note_boot(struct solicited *s, const struct mac *mac,
    unsigned ifindex, int64_t now_ms)
{
	router_note_boot(&s->booting, mac, now_ms);
	ask(s, ifindex, now_ms);
}
