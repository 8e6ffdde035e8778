/* SPDX-License-Identifier: ISC */
/* From a DHCPv6 packet to the reply, by what the boot directory says. */
#include "proxydhcpd/exchange6.h"

#include "proxydhcpd/explain6.h"
#include "proxydhcpd/lookup.h"

enum reason6
exchange6_read(struct exchange6 *x, const struct recent6 *recent,
    const uint8_t *data, size_t len)
{
	x->boot.entry[0] = '\0';
	x->len = 0;
	x->error = dhcp6_parse(&x->packet, data, len);
	if (x->error != DHCP6_OK)
		return x->reason = REASON6_BROKEN;
	client6_classify(&x->client, &x->packet, &x->arrival.from, recent);
	return x->reason = offer6_consider(&x->packet, &x->client,
	    &x->arrival);
}

enum reason6
exchange6_decide(struct exchange6 *x, int bootfd)
{
	struct wire_out w;

	if (x->reason != REASON6_ANSWER)
		return x->reason;
	lookup_boot(bootfd, &x->client, &x->boot);
	x->reason = offer6_decide(&x->reply, &x->packet, &x->client,
	    &x->arrival, &x->boot);
	if (x->reason != REASON6_ANSWER)
		return x->reason;
	wire_out_init(&w, x->encoded, sizeof(x->encoded));
	x->reason = offer6_encode(&x->reply, &x->packet, &x->arrival, &w);
	x->len = w.len;
	return x->reason;
}

void
exchange6_explain(struct exchange6 *x, int bootfd, const uint8_t *data,
    size_t len, struct text *t)
{
	static const struct recent6 nobody;

	if (exchange6_read(x, &nobody, data, len) == REASON6_BROKEN) {
		explain6_broken(t, x->error);
		return;
	}
	exchange6_decide(x, bootfd);
	explain6_client(t, &x->packet, &x->client, &x->arrival);
	if (x->boot.entry[0] != '\0')
		explain6_boot(t, &x->boot);
	explain6_decision(t, x->reason);
	if (x->reason == REASON6_ANSWER)
		explain6_reply(t, &x->reply, x->encoded, x->len);
}
