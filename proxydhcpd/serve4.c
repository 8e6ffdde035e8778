/* SPDX-License-Identifier: ISC */
/* System calls: DHCPv4 packets in, answers out. */
#include "proxydhcpd/serve4.h"

#include <errno.h>
#include <string.h>

#include "common/address.h"
#include "common/daemon.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/udp4.h"
#include "proxydhcpd/exchange.h"
#include "proxydhcpd/foreign.h"
#include "proxydhcpd/link.h"
#include "proxydhcpd/record.h"

#define BATCH 32	/* packets of one socket before the other's turn */
/* With the largest IP header, and one octet more, which makes it too long. */
#define LINK_OCTETS (60 + 8 + DHCP4_PACKET_MAX + 1)

/* Where a packet came in, beside what a client's code reads of it. */
struct way {
	int64_t now_ms;
	unsigned ifindex;	/* 0: unknown */
};

/*
 * From 4011 what is an ACK, for one from 67 would be the DHCP server's; an
 * offer from 67, where iPXE and U-Boot look for it.
 */
static bool
send_reply(const struct serve4 *s, const struct exchange *x,
    const struct way *way)
{
	struct datagram d = { .ifindex = way->ifindex };
	const struct udp4 u = { .from = x->arrival.self, .to = x->reply.to,
	    .from_port = (uint16_t)s->port, .to_port = x->reply.to_port,
	    .payload = x->encoded, .len = x->len };
	char text[ADDRESS_TEXT];
	bool sent;

	d.peer.in.sin_family = AF_INET;
	d.peer.in.sin_addr = x->reply.to;
	d.peer.in.sin_port = htons(x->reply.to_port);
	d.local.in.sin_family = AF_INET;
	d.local.in.sin_addr = x->arrival.self;
	if (x->reply.type == DHCP4_ACK)
		sent = datagram_send(s->sockets->proxy, x->encoded, x->len,
		    &d) != -1;
	else if (s->sockets->dhcp == -1)
		sent = link_send(s->sockets->sender, &u, way->ifindex) == 0;
	else
		sent = datagram_send(s->sockets->dhcp, x->encoded, x->len,
		    &d) != -1;
	if (!sent)
		log_warn("send to %s port %u: %s",
		    address_format(&d.peer.sa, text), x->reply.to_port,
		    strerror(errno));
	return sent;
}

/* Who may soon wait for an IPv6 router: not a ROM, which knows IPv4 alone. */
static void
note_boot(struct serve4 *s, const struct exchange *x, const struct way *way)
{
	const enum client_class class = x->client.class;

	if (x->packet.type == DHCP4_DISCOVER && x->client.has_mac &&
	    (class == CLIENT_IPXE || class == CLIENT_UEFI ||
	    class == CLIENT_HTTP))
		solicited_note_boot(s->solicited, &x->client.mac, way->ifindex,
		    way->now_ms);
}

/* Its menu told it to look for boot servers in a group: be there. */
static void
join_group(struct serve4 *s, const struct exchange *x, const struct way *way)
{
	const struct menu *m = x->reply.menu;

	if (m == NULL || m->multicast.s_addr == INADDR_ANY ||
	    sockets_join(s->sockets, m->multicast, way->ifindex) == 0)
		return;
	if (notice_first(&s->notices, "multicast", &m->multicast,
	    sizeof(m->multicast)))
		log_warn("%s/menu/multicast: %s; nobody is found that way",
		    x->boot.machine, strerror(errno));
}

static void
answer(struct serve4 *s, struct exchange *x, const struct way *way)
{
	const struct record record = { .bootfd = s->bootfd, .seen = s->seen,
	    .notices = &s->notices, .memory = &s->memory,
	    .now_ms = way->now_ms };

	if (x->reason == REASON_ANSWER && x->client.has_mac &&
	    x->packet.type == DHCP4_DISCOVER)
		x->arrival.asked_s = memory_asked_s(&s->memory,
		    &x->client.mac, way->now_ms);
	exchange_look_up(x, s->bootfd, &s->memo, way->now_ms);
	/* The answer first: a slow disk must not hold it up. */
	if (exchange_decide(x) != REASON_ANSWER) {
		s->silent++;
		record_silence(&record, x);
	} else if (send_reply(s, x, way)) {
		s->answered++;
		join_group(s, x, way);
		note_boot(s, x, way);
		record_answer(&record, x);
	}
	record_address(&record, x);
}

static void
handle(struct serve4 *s, const struct arrival *arrival, const struct way *way,
    const uint8_t *data, size_t len)
{
	struct exchange x;
	union address from = { .in = { .sin_family = AF_INET } };
	char text[ADDRESS_TEXT];

	x.arrival = *arrival;
	if (exchange_read(&x, data, len) != REASON_BROKEN) {
		answer(s, &x, way);
		return;
	}
	s->broken++;
	from.in.sin_addr = arrival->from;
	log_debug("%s: broken packet: %s", address_format(&from.sa, text),
	    dhcp4_error_name(x.error));
}

static void
receive(struct serve4 *s, int fd)
{
	/* One octet more, to tell a packet that is too long from one cut. */
	uint8_t data[DHCP4_PACKET_MAX + 1];
	const bool proxy = fd == s->sockets->proxy;
	struct arrival a;
	struct datagram d;
	struct way way;
	ssize_t len;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = datagram_receive(fd, data, sizeof(data), &d);
		if (len == -1)
			return;
		a = (struct arrival){ .proxy_port = proxy,
		    .multicast = d.multicast, .from = d.peer.in.sin_addr,
		    .from_port = (uint16_t)address_port(&d.peer.sa),
		    .self = proxy || s->self.s_addr == INADDR_ANY ?
		    d.local.in.sin_addr : s->self };
		way = (struct way){ .now_ms = daemon_now_ms(),
		    .ifindex = d.ifindex };
		handle(s, &a, &way, data, (size_t)len);
	}
}

/* A client's packet, if it is for this host: to all, or to one of us. */
static void
handle_link(struct serve4 *s, const struct link_packet *p,
    const struct way *way)
{
	struct arrival a = { .from = p->udp.from,
	    .from_port = p->udp.from_port, .has_link = p->has_mac,
	    .link = p->mac };

	if (p->broadcast || p->udp.to.s_addr == htonl(INADDR_BROADCAST))
		a.self = addresses_of(&s->addresses, p->ifindex, way->now_ms);
	else if (addresses_have(&s->addresses, p->udp.to, way->now_ms))
		a.self = p->udp.to;
	else
		return;
	if (s->self.s_addr != INADDR_ANY)
		a.self = s->self;
	handle(s, &a, way, p->udp.payload, p->udp.len);
}

/* What another server tells a client, where that spoils a boot. */
static void
handle_foreign(struct serve4 *s, const struct link_packet *p, int64_t now_ms)
{
	static const enum foreign kinds[] = { FOREIGN_CLASS, FOREIGN_FILE,
	    FOREIGN_PROXY };
	union address a = { .in = { .sin_family = AF_INET } };
	char text[ADDRESS_TEXT];
	struct dhcp4 d;
	unsigned bits;
	size_t i;

	if (dhcp4_parse(&d, p->udp.payload, p->udp.len) != DHCP4_OK)
		return;
	bits = foreign_judge(&d, p->udp.from, &a.in.sin_addr);
	/* Our own offers come back where the host hears its broadcasts. */
	if (bits == 0 || ((bits & FOREIGN_PROXY) != 0 &&
	    addresses_have(&s->addresses, a.in.sin_addr, now_ms)))
		return;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if ((bits & kinds[i]) != 0 && notice_first(&s->notices,
		    foreign_words(kinds[i]), &a.in.sin_addr,
		    sizeof(a.in.sin_addr)))
			log_warn("server %s: %s",
			    address_format(&a.sa, text),
			    foreign_words(kinds[i]));
}

void
serve4_link(struct serve4 *s)
{
	uint8_t data[LINK_OCTETS];
	struct link_packet p;
	struct way way;
	int i, got;

	for (i = 0; i < BATCH; i++) {
		got = link_receive(s->sockets->link, data, sizeof(data), &p);
		if (got == -1)
			return;
		if (got == 0)
			continue;
		way = (struct way){ .now_ms = daemon_now_ms(),
		    .ifindex = p.ifindex };
		if (p.udp.to_port == s->port)
			handle_link(s, &p, &way);
		else
			handle_foreign(s, &p, way.now_ms);
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
