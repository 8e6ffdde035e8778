/* SPDX-License-Identifier: ISC */
/* The process that keeps the lease of the card that the root comes by. */
#include "mkboot/init/keeper.h"

#include <sys/prctl.h>
#include <sys/socket.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/dhcp.h"
#include "mkboot/init/nic6.h"
#include "mkboot/init/say.h"

/* The longest sleep, in ms: a machine that was suspended wakes up late. */
#define NAP 60000

struct keeper {
	struct net net;
	int run;		/* /run/pixie */
	int fd;			/* a UDP socket while it asks; else -1 */
};

static void
send_packet(struct keeper *k, enum lease_action action,
    const struct wire_out *w)
{
	const struct in_addr to = {
		action == LEASE_UNICAST ? k->net.lease.facts.server.s_addr :
		INADDR_BROADCAST
	};

	/* No port is held in between: the system may have its own client. */
	if (k->fd == -1 && (k->fd = dhcp_open_udp(&k->net.nic)) == -1) {
		say_warn("lease: port 68: %s; trying again later",
		    strerror(errno));
		return;
	}
	if (dhcp_send_udp(k->fd, to, w->start, w->len) == -1)
		say_warn("lease: DHCP on %s: %s; trying again later",
		    k->net.nic.name, strerror(errno));
}

static void
stop_asking(struct keeper *k)
{
	if (k->fd != -1)
		close(k->fd);
	k->fd = -1;
}

static void
act(struct keeper *k, enum lease_action action, const struct wire_out *w)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &k->net.lease.facts.address, text, sizeof(text));
	switch (action) {
	case LEASE_NOTHING:
		break;
	case LEASE_BROADCAST:
	case LEASE_UNICAST:
		if (!w->bad)
			send_packet(k, action, w);
		break;
	case LEASE_GOT:
		say_warn("lease: the address of %s is %s now", k->net.nic.name,
		    text);
		net_apply(&k->net);
		/* FALLTHROUGH */
	case LEASE_KEPT:
		net_record(&k->net, k->run);
		stop_asking(k);
		break;
	case LEASE_REFUSED:
		say_warn("lease: the DHCP server took back %s; using it until "
		    "there is another", text);
		break;
	case LEASE_EXPIRED:
		say_warn("lease: no DHCP server answered before the end of %s;"
		    " using it, and asking on", text);
		break;
	}
}

/* One round: what is due, then sleep until something comes or is due. */
static void
step(struct keeper *k)
{
	struct pollfd fd = { .fd = k->fd, .events = POLLIN };
	uint8_t packet[DHCP4_PACKET_MAX];
	struct wire_out w;
	struct dhcp4 d;
	int64_t wait;

	wire_out_init(&w, packet, sizeof(packet));
	act(k, lease_tick(&k->net.lease, net_now(), &w), &w);
	wait = k->net.lease.deadline - net_now();
	fd.fd = k->fd;
	(void)poll(&fd, 1, wait < 0 ? 0 : wait < NAP ? (int)wait : NAP);
	while (k->fd != -1 && dhcp_receive_udp(k->fd, &d))
		act(k, lease_input(&k->net.lease, &d, net_now()), &w);
}

/* The same for DHCPv6. */
static void
act6(struct keeper *k, enum lease_action action, const struct wire_out *w)
{
	struct six *s = &k->net.six;
	const struct in6_addr *now = &s->lease.facts.address;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, now, text, sizeof(text));
	if (action == LEASE_BROADCAST) {
		if (s->dhcp == -1)
			s->dhcp = nic6_open_dhcp(&s->nic);
		if (s->dhcp == -1 || nic6_send_dhcp(s->dhcp, &s->nic,
		    w->start, w->len) == -1)
			say_warn("lease: DHCPv6 on %s: %s; trying again later",
			    s->nic.name, strerror(errno));
	} else if (action == LEASE_GOT) {
		/* The old one stays: the root's connection lives by it. */
		say_warn("lease: %s has %s now as well", s->nic.name, text);
		s->address = *now;
		(void)nic6_add_address(&s->nic, now, s->prefix);
	} else if (action == LEASE_EXPIRED)
		say_warn("lease: no DHCPv6 server answered before the end of "
		    "%s; using it, and asking on", text);
	if (action != LEASE_GOT && action != LEASE_KEPT)
		return;
	net_record(&k->net, k->run);
	close(s->dhcp);
	s->dhcp = -1;
}

static void
step6(struct keeper *k)
{
	struct six *s = &k->net.six;
	uint8_t packet[DHCP6_PACKET_MAX];
	struct pollfd fd = { .events = POLLIN };
	struct wire_out w;
	struct dhcp6 d;
	int64_t wait;
	ssize_t n;

	wire_out_init(&w, packet, sizeof(packet));
	act6(k, lease6_tick(&s->lease, net_now(), &w), &w);
	wait = s->lease.deadline - net_now();
	fd.fd = s->dhcp;
	(void)poll(&fd, 1, wait < 0 ? 0 : wait < NAP ? (int)wait : NAP);
	while (s->dhcp != -1 &&
	    (n = recv(s->dhcp, packet, sizeof(packet), 0)) != -1)
		if (dhcp6_parse(&d, packet, (size_t)n) == DHCP6_OK)
			act6(k, lease6_input(&s->lease, &d, net_now()), &w);
}

static void
write_text(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	/* An older kernel may refuse: then it is killed as others are. */
	if (write(fd, text, strlen(text)) == -1)
		errno = 0;
	close(fd);
}

static void __attribute__((noreturn))
keep(struct keeper *k, char *title)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE };
	size_t i;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		(void)signal(ignored[i], SIG_IGN);
	(void)setsid();
	title[0] = '@';
	(void)prctl(PR_SET_NAME, "pixie-lease");
	for (i = 0; i < 3; i++)
		close((int)i);
	for (;;)
		if (k->net.ip6)
			step6(k);
		else
			step(k);
}

/* What lasts for ever needs nobody; the kernel keeps what routers gave. */
static bool
has_end(const struct net *net)
{
	if (net->ip6)
		return net->six.leased &&
		    net->six.lease.facts.valid != LEASE_INFINITE;
	return net->leased && net->lease.facts.seconds != LEASE_INFINITE;
}

void
keeper_start(const struct net *net, char *title)
{
	struct keeper k = { .net = *net, .fd = -1 };

	if (!has_end(net) || title[0] == '\0')
		return;
	k.run = open("/run/pixie", O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* It inherits this; its own /proc may be moved away at any moment. */
	write_text("/proc/self/oom_score_adj", "-1000");
	switch (fork()) {
	case -1:
		say_warn("lease: %s: it will end without being renewed",
		    strerror(errno));
		break;
	case 0:
		keep(&k, title);
	}
	write_text("/proc/self/oom_score_adj", "0");
	if (k.run != -1)
		close(k.run);
}
