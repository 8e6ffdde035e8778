/* SPDX-License-Identifier: ISC */
/* proxydhcpd: tells netboot clients where their first program is. */
#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/arch.h"
#include "common/bootdir.h"
#include "common/confine.h"
#include "common/daemon.h"
#include "common/dhcp4.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/seen.h"
#include "proxydhcpd/client.h"
#include "proxydhcpd/explain.h"
#include "proxydhcpd/icmp6.h"
#include "proxydhcpd/lookup.h"
#include "proxydhcpd/offer.h"
#include "proxydhcpd/router.h"
#include "proxydhcpd/sockets.h"

#define DHCP_PORT 67
#define PROXY_PORT 4011
#define EXTRA_FLAGS "4P:a:"
#define EXTRA_USAGE "[-4] [-P port] [-a addr]"
#define EXPLAIN_ADDRESS "192.0.2.1"	/* RFC 5737 */
#define BATCH 32	/* packets of one socket before the other's turn */
#define WARNED_MAX 64
#define SOLICITATION_MAX 1500	/* one with all options of RFC 4861 has 16 */

struct server {
	struct daemon daemon;
	unsigned proxy_port;
	struct in_addr self;	/* -l; INADDR_ANY: that of the interface */
	int bootfd;
	struct sockets sockets;
	struct seen seen;
	/* Whose missing program was told of: a ring, so the log is bounded. */
	struct warning {
		struct mac mac;
		char entry[32];
	} warned[WARNED_MAX];
	size_t next_warning;
	struct router_clients booting;
	unsigned long answered, silent, broken;
};

/* What is known of the packet in hand. */
struct exchange {
	struct datagram *datagram;
	struct dhcp4 packet;
	struct client client;
	struct arrival arrival;
	struct boot boot;
	struct reply reply;
	enum reason reason;
	uint8_t encoded[DHCP4_PACKET_MAX];
	size_t len;		/* octets of it */
};

static const char *
host(struct in_addr addr, char text[ADDRESS_TEXT])
{
	union address a = { .in = { .sin_family = AF_INET } };

	a.in.sin_addr = addr;
	return address_format(&a.sa, text);
}

/* From the parsed packet to the encoded reply, or the reason for none. */
static void
answer(const struct server *s, struct exchange *x)
{
	struct wire_out w;

	client_classify(&x->client, &x->packet);
	x->reason = offer_consider(&x->packet, &x->client, &x->arrival);
	if (x->reason != REASON_ANSWER)
		return;
	lookup_boot(s->bootfd, &x->client, &x->boot);
	x->reason = offer_decide(&x->reply, &x->packet, &x->client,
	    &x->arrival, &x->boot);
	if (x->reason != REASON_ANSWER)
		return;
	wire_out_init(&w, x->encoded, sizeof(x->encoded));
	x->reason = offer_encode(&x->reply, &x->packet, &w);
	x->len = w.len;
}

static bool
send_reply(int fd, struct exchange *x)
{
	struct datagram d = *x->datagram;
	char text[ADDRESS_TEXT];

	memset(&d.peer, 0, sizeof(d.peer));
	d.peer.in.sin_family = AF_INET;
	d.peer.in.sin_addr = x->reply.to;
	d.peer.in.sin_port = htons(x->reply.to_port);
	d.local.in.sin_family = AF_INET;
	d.local.in.sin_addr = x->arrival.self;
	if (datagram_send(fd, x->encoded, x->len, &d) != -1)
		return true;
	log_warn("send to %s port %u: %s", host(x->reply.to, text),
	    x->reply.to_port, strerror(errno));
	return false;
}

/* Facts and events of a machine that we answered: bootdir(7). */
static void
record(struct server *s, const struct exchange *x)
{
	const bool ack = x->arrival.proxy_port;
	const struct client *c = &x->client;
	char file[BOOT_NAME_MAX], server[ADDRESS_TEXT], arch[8] = "-";
	char uuid[CLIENT_UUID_TEXT], mac[MAC_TEXT];
	const char *name;

	/* A ROM is told the name in the ACK; the log tells it at once. */
	name = x->reply.file[0] != '\0' ? x->reply.file : x->boot.program;
	log_escape(file, sizeof(file), name, strlen(name));
	host(x->arrival.self, server);
	if (c->has_arch)
		snprintf(arch, sizeof(arch), "%u", c->arch);
	log_info("%s: %s: %s %s by %s", mac_format(&c->mac, mac),
	    ack ? "ack" : "offer", client_class_name(c->class), file,
	    x->boot.machine);
	seen_event(&s->seen, &c->mac, ack ? "request4011" : "discover",
	    "class=%s arch=%s", client_class_name(c->class), arch);
	seen_event(&s->seen, &c->mac, ack ? "ack4011" : "offer",
	    "file=%s server=%s", file, server);
	seen_fact(&s->seen, &c->mac, "class", client_class_name(c->class));
	if (c->has_arch)
		seen_fact(&s->seen, &c->mac, "arch", arch);
	if (c->has_uuid)
		seen_fact(&s->seen, &c->mac, "uuid",
		    client_uuid_format(c, uuid));
}

/* Was this machine's owner told already?  Notes that it now is. */
static bool
was_warned(struct server *s, const struct mac *mac, const char *entry)
{
	struct warning *w;
	size_t i;

	for (i = 0; i < WARNED_MAX; i++)
		if (memcmp(&s->warned[i].mac, mac, sizeof(*mac)) == 0 &&
		    strcmp(s->warned[i].entry, entry) == 0)
			return true;
	w = &s->warned[s->next_warning++ % WARNED_MAX];
	w->mac = *mac;
	strlcpy(w->entry, entry, sizeof(w->entry));
	return false;
}

/* What the boot directory's owner can do about a program that is missing. */
static const char *
remedy(const struct boot *b)
{
	switch (b->found) {
	case PUB_OK:
		return "give it a shorter name";
	case PUB_PRIVATE:
		return "chmod a+r it";
	case PUB_LEADS_OUT:
		return "copy the program below pub/ and link to that";
	default:
		return "`mkboot loader' brings it, or link one there by hand";
	}
}

static void
warn_of_program(struct server *s, const struct exchange *x)
{
	const struct boot *b = &x->boot;
	char program[BOOT_NAME_MAX], mac[MAC_TEXT];

	if (was_warned(s, &x->client.mac, b->entry))
		return;
	log_escape(program, sizeof(program), b->program, strlen(b->program));
	log_warn("%s: no program for %s: %s: %s%s%s; %s",
	    mac_format(&x->client.mac, mac), x->client.class == CLIENT_IPXE ?
	    "iPXE" : arch_name(x->client.arch), b->entry, program,
	    *program == '\0' ? "" : ": ", x->reason == REASON_NO_PROGRAM ?
	    pub_answer_words(b->found) : reason_words(x->reason), remedy(b));
}

static void
log_silence(struct server *s, const struct exchange *x)
{
	char mac[MAC_TEXT];

	if (x->reason == REASON_NO_PROGRAM || x->reason == REASON_LONG_NAME)
		warn_of_program(s, x);
	log_debug("%s: %s on the %s port: silence: %s: %s",
	    x->client.has_mac ? mac_format(&x->client.mac, mac) : "no MAC",
	    dhcp4_type_name(x->packet.type),
	    x->arrival.proxy_port ? "proxy" : "DHCP", reason_name(x->reason),
	    reason_words(x->reason));
}

/*
 * Who will have which address: every DHCPREQUEST that is broadcast says it.
 * Only of machines that are the boot directory's concern; others on the LAN
 * are nobody's business.
 */
static void
note_address(struct server *s, const struct exchange *x)
{
	union address a = { .in = { .sin_family = AF_INET } };
	const struct mac *mac = &x->client.mac;

	if (x->arrival.proxy_port || !x->client.has_mac ||
	    !client_address(&x->packet, &a.in.sin_addr))
		return;
	if (x->client.class != CLIENT_OTHER || seen_known(&s->seen, mac) ||
	    lookup_named(s->bootfd, mac))
		seen_address(&s->seen, mac, &a.sa);
}

/* Who may soon wait for an IPv6 router: not a ROM, which knows IPv4 alone. */
static void
note_boot(struct server *s, const struct exchange *x)
{
	const enum client_class class = x->client.class;

	if (!x->arrival.proxy_port && (class == CLIENT_IPXE ||
	    class == CLIENT_UEFI || class == CLIENT_HTTP))
		router_note_boot(&s->booting, &x->client.mac,
		    daemon_now_ms());
}

static void
handle(struct server *s, int fd, const uint8_t *data, size_t len,
    struct datagram *d)
{
	const bool proxy = fd == s->sockets.proxy;
	struct exchange x = { .datagram = d };
	enum dhcp4_error error = dhcp4_parse(&x.packet, data, len);
	char text[ADDRESS_TEXT];

	if (error != DHCP4_OK) {
		s->broken++;
		log_debug("%s: broken packet: %s",
		    address_format(&d->peer.sa, text), dhcp4_error_name(error));
		return;
	}
	x.arrival.proxy_port = proxy;
	x.arrival.self = proxy || s->self.s_addr == INADDR_ANY ?
	    d->local.in.sin_addr : s->self;
	x.arrival.from = d->peer.in.sin_addr;
	x.arrival.from_port = (uint16_t)address_port(&d->peer.sa);
	answer(s, &x);
	/* The answer first: a slow disk must not hold it up. */
	if (x.reason != REASON_ANSWER) {
		s->silent++;
		log_silence(s, &x);
	} else if (send_reply(fd, &x)) {
		s->answered++;
		note_boot(s, &x);
		record(s, &x);
	}
	note_address(s, &x);
}

static void
receive(struct server *s, int fd)
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

/*
 * At once: the delay of RFC 4861 section 6.2.6 keeps the answers of many
 * routers apart, and this one is for where there is none.
 */
static bool
advertise(struct server *s, const struct mac *mac,
    const struct sockaddr_in6 *to)
{
	union address client = { .in6 = *to };
	char text[ADDRESS_TEXT], mac_text[MAC_TEXT];
	uint8_t advert[ROUTER_ADVERT_SIZE];
	struct wire_out w;

	wire_out_init(&w, advert, sizeof(advert));
	router_encode(&w);
	address_format(&client.sa, text);
	if (icmp6_send(s->sockets.router, advert, w.len, to) == -1) {
		log_warn("advertise to %s: %s", text, strerror(errno));
		return false;
	}
	log_info("%s: advertise: no router, to %s", mac_format(mac, mac_text),
	    text);
	seen_event(&s->seen, mac, "advertise", "to=%s", text);
	return true;
}

static void
handle_solicitation(struct server *s, struct solicitation *in,
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

static void
receive_solicitations(struct server *s)
{
	uint8_t data[SOLICITATION_MAX];
	struct solicitation in;
	struct sockaddr_in6 from;
	ssize_t len;
	int i;

	for (i = 0; i < BATCH; i++) {
		len = icmp6_receive(s->sockets.router, data, sizeof(data),
		    &from, &in.hop_limit);
		if (len == -1)
			return;
		in.from = from.sin6_addr;
		handle_solicitation(s, &in, &from, data, (size_t)len);
	}
}

static void
loop(struct server *s, int signal_fd)
{
	struct pollfd fds[] = {
		{ .fd = s->sockets.dhcp, .events = POLLIN },
		{ .fd = s->sockets.proxy, .events = POLLIN },
		{ .fd = s->sockets.router, .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 4, -1) == -1) {
			if (errno == EINTR)
				continue;
			log_fatal(EXIT_SYSTEM, "poll: %s", strerror(errno));
		}
		if (fds[3].revents != 0)
			return;
		if (fds[0].revents != 0)
			receive(s, s->sockets.dhcp);
		if (fds[1].revents != 0)
			receive(s, s->sockets.proxy);
		if (fds[2].revents != 0)
			receive_solicitations(s);
	}
}

/* The host's address in a flag. */
static struct in_addr
address_flag(const char *flag, const char *value)
{
	union address a;

	if (!address_parse(value, 0, &a) || a.sa.sa_family != AF_INET)
		log_fatal(EXIT_USER, "%s %s: not an IPv4 address in figures",
		    flag, value);
	return a.in.sin_addr;
}

static unsigned
port_flag(const char *flag, const char *value)
{
	const char *why;
	long long port = strtonum(value, 1, 65535, &why);

	if (why != NULL)
		log_fatal(EXIT_USER, "%s %s: %s; say a number from 1 to 65535",
		    flag, value, why);
	return (unsigned)port;
}

/* A UDP payload on standard input; the decision on standard output. */
static int
explain(const struct server *s, struct in_addr self, bool proxy)
{
	char text[16 * 1024];
	uint8_t data[DHCP4_PACKET_MAX + 1];
	struct exchange x = { .arrival = { .self = self } };
	struct explanation e;
	enum dhcp4_error error;
	size_t len;

	len = fread(data, 1, sizeof(data), stdin);
	explain_init(&e, text, sizeof(text));
	error = dhcp4_parse(&x.packet, data, len);
	if (error != DHCP4_OK) {
		explain_broken(&e, error);
		goto out;
	}
	x.arrival.proxy_port = proxy;
	x.arrival.from = x.packet.ciaddr;
	x.arrival.from_port = (uint16_t)s->proxy_port;
	answer(s, &x);
	explain_client(&e, &x.packet, &x.client, &x.arrival);
	if (x.boot.entry[0] != '\0')
		explain_boot(&e, &x.boot);
	explain_decision(&e, x.reason);
	if (x.reason == REASON_ANSWER)
		explain_reply(&e, &x.reply, x.encoded, x.len);
out:
	fputs(text, stdout);
	return fflush(stdout) == 0 ? EXIT_OK : EXIT_SYSTEM;
}

static int
check(const struct server *s)
{
	char why[BOOT_NAME_MAX + 256];

	if (!lookup_check(s->bootfd, why, sizeof(why)))
		log_fatal(EXIT_USER, "%s: %s", s->daemon.bootdir, why);
	return EXIT_OK;
}

static int
serve(struct server *s)
{
	enum listen_origin origin;
	char where[64];
	int fds[2], signal_fd;
	size_t n;

	origin = listen_inherited(fds, 2, &n);
	log_open(s->daemon.prog, s->daemon.verbose,
	    origin == LISTEN_INETD_WAIT);
	s->bootfd = daemon_bootdir(&s->daemon);
	seen_open(&s->seen, s->bootfd, s->daemon.prog);
	sockets_open(&s->sockets, &s->daemon, s->proxy_port, fds, n, origin);
	confine(&(struct confine){ .user = s->daemon.user,
	    .bootfd = s->bootfd, .seenfd = s->seen.fd });
	signal_fd = daemon_signals();
	snprintf(where, sizeof(where), "UDP ports %u and %u",
	    s->daemon.port, s->proxy_port);
	daemon_ready(&s->daemon, where);
	loop(s, signal_fd);
	log_info("ends: %lu packets answered, %lu not, %lu broken",
	    s->answered, s->silent, s->broken);
	return EXIT_OK;
}

int
main(int argc, char *argv[])
{
	struct server s = { .proxy_port = PROXY_PORT };
	struct in_addr explained = address_flag("-a", EXPLAIN_ADDRESS);
	bool proxy = false;
	int flag;

	daemon_init(&s.daemon, "proxydhcpd", DHCP_PORT);
	log_open(s.daemon.prog, false, false);
	while ((flag = getopt(argc, argv, DAEMON_FLAGS EXTRA_FLAGS)) != -1) {
		if (flag == '4')
			proxy = true;
		else if (flag == 'P')
			s.proxy_port = port_flag("-P", optarg);
		else if (flag == 'a')
			explained = address_flag("-a", optarg);
		else if (!daemon_flag(&s.daemon, flag, optarg))
			daemon_usage(&s.daemon, EXTRA_USAGE);
	}
	if (optind != argc)
		daemon_usage(&s.daemon, EXTRA_USAGE);
	if (s.daemon.listen != NULL)
		s.self = address_flag("-l", s.daemon.listen);
	if (!s.daemon.explain && !s.daemon.check)
		return serve(&s);
	log_open(s.daemon.prog, s.daemon.verbose, false);
	s.bootfd = daemon_bootdir(&s.daemon);
	return s.daemon.explain ? explain(&s, explained, proxy) : check(&s);
}
