/* SPDX-License-Identifier: ISC */
/* The process that keeps the lease of the card that the root comes by. */
#include "mkboot/init/keeper.h"

#include <sys/prctl.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/dhcp.h"
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
		step(k);
}

void
keeper_start(const struct net *net, char *title)
{
	struct keeper k = { .net = *net, .fd = -1 };

	/* Without an end there is nothing to do. */
	if (!net->leased || net->lease.facts.seconds == LEASE_INFINITE ||
	    title[0] == '\0')
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
