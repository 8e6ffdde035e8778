/* SPDX-License-Identifier: ISC */
/* System calls: hears DHCPv6 clients, answers, and notes what it saw. */
#include "proxydhcpd/serve6.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/log.h"
#include "proxydhcpd/sockets6.h"

#define BATCH 32	/* packets of one socket before the other's turn */

/*
 * When an answer goes out that must not go at once: measured with OVMF, one
 * of seven was lost at once and none of six after 10 ms.  The client never
 * asks again, so it is said twice.
 */
#define LATE_MS 10
#define LATER_MS 100

/* How often to look for interfaces that have come up: a VLAN, a dock. */
#define LOOK_MS 10000

static bool
send_packet(struct serve6 *s, bool proxy, const struct datagram *d,
    const uint8_t *packet, size_t len)
{
	char text[ADDRESS_TEXT];

	if (datagram_send(proxy ? s->proxy : s->dhcp, packet, len, d) != -1)
		return true;
	log_warn("send to %s port %u: %s", address_format(&d->peer.sa, text),
	    address_port(&d->peer.sa), strerror(errno));
	return false;
}

/* The clock rings when the next one is due. */
static void
set_clock(const struct serve6 *s, int64_t now_ms)
{
	struct itimerspec when = { 0 };
	int64_t wait, left;
	size_t i;

	wait = s->every_interface ? s->look_ms - now_ms : LOOK_MS;
	for (i = 0; i < SERVE6_LATE_MAX; i++) {
		if (s->late[i].len == 0)
			continue;
		left = s->late[i].due_ms - now_ms;
		if (left < wait)
			wait = left;
	}
	/* At least something, for a clock set to nothing stands still. */
	if (wait < 1)
		wait = 1;
	when.it_value.tv_sec = wait / 1000;
	when.it_value.tv_nsec = wait % 1000 * 1000000;
	timerfd_settime(s->timer, 0, &when, NULL);
}

static void
look_for_interfaces(struct serve6 *s, int64_t now_ms)
{
	if (!s->every_interface || now_ms < s->look_ms)
		return;
	sockets6_join(s->dhcp);
	sockets6_join(s->proxy);
	s->look_ms = now_ms + LOOK_MS;
}

static void
send_late(struct serve6 *s)
{
	const int64_t now_ms = daemon_now_ms();
	struct late *l;
	uint64_t rings;

	if (read(s->timer, &rings, sizeof(rings)) == -1)
		return;
	for (l = s->late; l < s->late + SERVE6_LATE_MAX; l++)
		if (l->len > 0 && l->due_ms <= now_ms) {
			send_packet(s, true, &l->datagram, l->packet, l->len);
			l->len = 0;
		}
	look_for_interfaces(s, now_ms);
	set_clock(s, now_ms);
}

/* False where too many wait already. */
static bool
put_late(struct serve6 *s, const struct datagram *d, const struct exchange6 *x,
    int64_t due_ms)
{
	size_t i;

	for (i = 0; i < SERVE6_LATE_MAX; i++)
		if (s->late[i].len == 0)
			break;
	if (i == SERVE6_LATE_MAX)
		return false;
	s->late[i].due_ms = due_ms;
	s->late[i].datagram = *d;
	s->late[i].len = x->len;
	memcpy(s->late[i].packet, x->encoded, x->len);
	return true;
}

static bool
send_reply(struct serve6 *s, const struct datagram *asked,
    const struct exchange6 *x)
{
	const int64_t now_ms = daemon_now_ms();
	struct datagram d = *asked;

	d.peer.in6.sin6_port = htons(x->reply.to_port);
	/* What was sent to a group is answered from an address of ours. */
	if (x->arrival.multicast)
		memset(&d.local.in6.sin6_addr, 0,
		    sizeof(d.local.in6.sin6_addr));
	if (!x->reply.late)
		return send_packet(s, x->arrival.proxy_port, &d, x->encoded,
		    x->len);
	if (!put_late(s, &d, x, now_ms + LATE_MS))
		return send_packet(s, true, &d, x->encoded, x->len);
	put_late(s, &d, x, now_ms + LATER_MS);
	set_clock(s, now_ms);
	return true;
}

/* From whom it came, and what we call ourselves there. */
static void
arrive(struct arrival6 *a, const struct datagram *d)
{
	struct mac mac = { { 0 } };

	a->from = d->peer.in6.sin6_addr;
	a->from_port = (uint16_t)address_port(&d->peer.sa);
	a->multicast = IN6_IS_ADDR_MULTICAST(&d->local.in6.sin6_addr);
	sockets6_mac(d->ifindex, &mac);
	offer6_duid(a->duid, &mac);
}

/* Our address, as the client reaches it. */
static void
know_self(const struct serve6 *s, struct arrival6 *a, const struct datagram *d)
{
	if (!IN6_IS_ADDR_UNSPECIFIED(&s->self))
		a->self = s->self;
	else if (!a->multicast &&
	    !IN6_IS_ADDR_LINKLOCAL(&d->local.in6.sin6_addr))
		a->self = d->local.in6.sin6_addr;
	else
		sockets6_address(d->ifindex, &a->self);
}

static void
handle(struct serve6 *s, bool proxy, const uint8_t *data, size_t len,
    const struct datagram *d)
{
	struct exchange6 x = { .arrival = { .proxy_port = proxy } };
	char text[ADDRESS_TEXT];

	arrive(&x.arrival, d);
	if (exchange6_read(&x, &s->recent, data, len) == REASON6_ANSWER)
		know_self(s, &x.arrival, d);
	exchange6_decide(&x, s->bootfd);
	if (x.reason == REASON6_BROKEN) {
		s->broken++;
		log_debug("%s: broken DHCPv6 packet: %s",
		    address_format(&d->peer.sa, text),
		    dhcp6_error_name(x.error));
		return;
	}
	if (x.reason != REASON6_ANSWER) {
		s->silent++;
		record6_silence(&s->record, &x);
	} else if (send_reply(s, d, &x)) {
		s->answered++;
		if (x.client.has_mac)
			recent6_note(&s->recent, &x.packet, &x.client.mac);
		record6_answer(&s->record, &x);
	}
	record6_address(&s->record, &x);
}

static void
receive(struct serve6 *s, bool proxy)
{
	/* One octet more, to tell a packet that is too long from one cut. */
	uint8_t data[DHCP6_PACKET_MAX + 1];
	struct datagram d;
	ssize_t len;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = datagram_receive(proxy ? s->proxy : s->dhcp, data,
		    sizeof(data), &d);
		if (len == -1)
			return;
		handle(s, proxy, data, (size_t)len, &d);
	}
}

void
serve6_work(struct serve6 *s)
{
	receive(s, false);
	receive(s, true);
	send_late(s);
}

static int
watch(int epoll, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

void
serve6_open(struct serve6 *s, const struct daemon *d, unsigned proxy_port,
    int bootfd, struct seen *seen)
{
	s->bootfd = s->record.bootfd = bootfd;
	s->record.seen = seen;
	s->timer = s->fd = s->proxy = -1;
	s->dhcp = sockets6_open(DHCP6_SERVER_PORT, d->interface);
	if (s->dhcp != -1)
		s->proxy = sockets6_open(proxy_port, d->interface);
	if (s->proxy != -1)
		s->timer = timerfd_create(CLOCK_MONOTONIC,
		    TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->timer != -1)
		s->fd = epoll_create1(EPOLL_CLOEXEC);
	if (s->fd != -1 && watch(s->fd, s->dhcp) == 0 &&
	    watch(s->fd, s->proxy) == 0 && watch(s->fd, s->timer) == 0) {
		s->every_interface = d->interface == NULL;
		s->look_ms = daemon_now_ms() + LOOK_MS;
		set_clock(s, s->look_ms - LOOK_MS);
		return;
	}
	log_info("DHCPv6 is not served: UDP port %u: %s", s->dhcp == -1 ?
	    (unsigned)DHCP6_SERVER_PORT : proxy_port, strerror(errno));
	s->fd = -1;
}
