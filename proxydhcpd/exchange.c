/* SPDX-License-Identifier: ISC */
/* From a DHCPv4 packet to the reply, by what the boot directory says. */
#include "proxydhcpd/exchange.h"

enum reason
exchange_read(struct exchange *x, const uint8_t *data, size_t len)
{
	x->boot.entry[0] = '\0';
	x->len = 0;
	x->error = dhcp4_parse(&x->packet, data, len);
	if (x->error != DHCP4_OK)
		return x->reason = REASON_BROKEN;
	client_classify(&x->client, &x->packet);
	/* A relay's frame would name the relay. */
	if (!x->client.has_mac && x->arrival.has_link &&
	    x->packet.giaddr.s_addr == INADDR_ANY) {
		x->client.mac = x->arrival.link;
		x->client.has_mac = true;
	}
	return x->reason = offer_consider(&x->packet, &x->client, &x->arrival);
}

void
exchange_look_up(struct exchange *x, int bootfd, struct lookup_memo *memo,
    int64_t now_ms)
{
	if (x->reason == REASON_ANSWER)
		lookup_boot_lately(bootfd, memo, now_ms, &x->client, &x->boot);
}

enum reason
exchange_decide(struct exchange *x)
{
	struct wire_out w;

	if (x->reason != REASON_ANSWER)
		return x->reason;
	x->reason = offer_decide(&x->reply, &x->packet, &x->client,
	    &x->arrival, &x->boot);
	if (x->reason != REASON_ANSWER)
		return x->reason;
	wire_out_init(&w, x->encoded, sizeof(x->encoded));
	x->reason = offer_encode(&x->reply, &x->packet, &w);
	x->len = w.len;
	return x->reason;
}

void
exchange_explain(struct exchange *x, int bootfd, const uint8_t *data,
    size_t len, struct explanation *e)
{
	struct lookup_memo memo = { .until_ms = 0 };

	if (exchange_read(x, data, len) == REASON_BROKEN) {
		explain_broken(e, x->error);
		return;
	}
	/* Where nothing else tells, the client's word for its address holds. */
	if (x->arrival.from.s_addr == INADDR_ANY) {
		x->arrival.from = x->packet.ciaddr;
		x->reason = offer_consider(&x->packet, &x->client,
		    &x->arrival);
	}
	exchange_look_up(x, bootfd, &memo, 0);
	exchange_decide(x);
	explain_client(e, &x->packet, &x->client, &x->arrival);
	if (x->boot.entry[0] != '\0')
		explain_boot(e, &x->boot);
	explain_decision(e, x->reason);
	if (x->reason == REASON_ANSWER)
		explain_reply(e, &x->reply, x->encoded, x->len);
}
