/* SPDX-License-Identifier: ISC */
/* System calls: answers router solicitations of machines that boot. */
#include "proxydhcpd/solicited.h"

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

static void
handle_solicitation(struct solicited *s, struct solicitation *in,
    const struct sockaddr_in6 *from, const uint8_t *data, size_t len)
{
	union address client = { .in6 = *from };
	enum router_reason reason = router_parse(in, data, len);
	char text[ADDRESS_TEXT];
	bool booting;

	if (reason == ROUTER_ADVERTISE) {
		booting = router_is_booting(&s->booting, &in->mac,
		    daemon_now_ms());
		/* Others on the LAN cost no look-up. */
		reason = router_decide(booting, booting &&
		    lookup_advertise(s->bootfd, &in->mac));
	}
	if (reason == ROUTER_ADVERTISE && advertise(s, &in->mac, from))
		s->answered++;
	if (reason == ROUTER_ADVERTISE)
		return;
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
		len = icmp6_receive(s->fd, data, sizeof(data),
		    &from, &in.hop_limit);
		if (len == -1)
			return;
		in.from = from.sin6_addr;
		handle_solicitation(s, &in, &from, data, (size_t)len);
	}
}
