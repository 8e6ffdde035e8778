/* SPDX-License-Identifier: ISC */
/* System calls: DHCPv4 packets in, answers out. */
#include "proxydhcpd/serve4.h"

#include <errno.h>
#include <string.h>

#include "common/address.h"
#include "common/daemon.h"
#include "common/listen.h"
#include "common/log.h"
#include "proxydhcpd/exchange.h"
#include "proxydhcpd/record.h"

#define BATCH 32	/* packets of one socket before the other's turn */

static bool
send_reply(int fd, const struct exchange *x, const struct datagram *in)
{
	struct datagram d = *in;
	char text[ADDRESS_TEXT];

	memset(&d.peer, 0, sizeof(d.peer));
	d.peer.in.sin_family = AF_INET;
	d.peer.in.sin_addr = x->reply.to;
	d.peer.in.sin_port = htons(x->reply.to_port);
	d.local.in.sin_family = AF_INET;
	d.local.in.sin_addr = x->arrival.self;
	if (datagram_send(fd, x->encoded, x->len, &d) != -1)
		return true;
	log_warn("send to %s port %u: %s", address_format(&d.peer.sa, text),
	    x->reply.to_port, strerror(errno));
	return false;
}

/* Who may soon wait for an IPv6 router: not a ROM, which knows IPv4 alone. */
static void
note_boot(struct serve4 *s, const struct exchange *x)
{
	const enum client_class class = x->client.class;

	if (!x->arrival.proxy_port && (class == CLIENT_IPXE ||
	    class == CLIENT_UEFI || class == CLIENT_HTTP))
		router_note_boot(s->booting, &x->client.mac,
		    daemon_now_ms());
}

static void
handle(struct serve4 *s, int fd, const uint8_t *data, size_t len,
    const struct datagram *d)
{
	const struct record record = { .bootfd = s->bootfd, .seen = s->seen,
	    .notices = &s->notices };
	const bool proxy = fd == s->sockets->proxy;
	struct exchange x = { .arrival = { .proxy_port = proxy } };
	char text[ADDRESS_TEXT];

	x.arrival.self = proxy || s->self.s_addr == INADDR_ANY ?
	    d->local.in.sin_addr : s->self;
	x.arrival.from = d->peer.in.sin_addr;
	x.arrival.from_port = (uint16_t)address_port(&d->peer.sa);
	exchange_read(&x, data, len);
	if (x.reason == REASON_BROKEN) {
		s->broken++;
		log_debug("%s: broken packet: %s",
		    address_format(&d->peer.sa, text),
		    dhcp4_error_name(x.error));
		return;
	}
	/* The answer first: a slow disk must not hold it up. */
	if (exchange_decide(&x, s->bootfd) != REASON_ANSWER) {
		s->silent++;
		record_silence(&record, &x);
	} else if (send_reply(fd, &x, d)) {
		s->answered++;
		note_boot(s, &x);
		record_answer(&record, &x);
	}
	record_address(&record, &x);
}

static void
receive(struct serve4 *s, int fd)
{
	/* One octet more, to tell a packet that is too long from one cut. */
	uint8_t data[DHCP4_PACKET_MAX + 1];
	struct datagram d;
	ssize_t len;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = datagram_receive(fd, data, sizeof(data), &d);
		if (len == -1)
			return;
		handle(s, fd, data, (size_t)len, &d);
	}
}

void
serve4_dhcp(struct serve4 *s)
{
	receive(s, s->sockets->dhcp);
}

void
serve4_proxy(struct serve4 *s)
{
	receive(s, s->sockets->proxy);
}
