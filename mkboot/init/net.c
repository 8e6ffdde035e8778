/* SPDX-License-Identifier: ISC */
/* From cards without anything to one with an address. */
#include "mkboot/init/net.h"

#include <sys/random.h>
#include <sys/stat.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mkboot/init/dhcp.h"
#include "mkboot/init/say.h"

/* Milliseconds: how long we wait for what, and how often we look and tell. */
#define CARD_WAIT 60000
#define LINK_WAIT 60000
#define DHCP_WAIT 120000
#define LOOK_OFTEN 20
#define LOOK_SELDOM 200
#define OFTEN_FOR 3000
#define TELL_EVERY 10000

/* A card that may be the one. */
struct port {
	struct nic nic;
	bool up;		/* has link */
	int fd;			/* packet socket; -1: not asking */
	struct lease lease;
};

enum wait { WAIT_CARD, WAIT_LINK, WAIT_DHCP };

struct search {
	const struct cmdline *cmdline;
	struct coldplug *coldplug;
	const char *hostname;
	struct port port[NIC_MAX];
	size_t ports;
	int64_t begun;		/* of the present wait */
	int64_t told;
	enum wait wait;
};

int64_t
net_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static uint32_t
seed(void)
{
	struct timespec t;
	uint32_t value;

	if (getrandom(&value, sizeof(value), GRND_NONBLOCK) == sizeof(value))
		return value;
	/* Early in the boot there may be none; lease.c adds the card's. */
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint32_t)t.tv_nsec ^ (uint32_t)t.tv_sec;
}

static bool
is_wanted(const struct cmdline *c, const struct nic *nic)
{
	if (c->ip.device[0] != '\0')
		return strcmp(c->ip.device, nic->name) == 0;
	return !c->have_bootif ||
	    memcmp(&c->bootif, &nic->mac, sizeof(nic->mac)) == 0;
}

static bool
is_known(const struct search *s, const struct nic *nic)
{
	size_t i;

	for (i = 0; i < s->ports; i++)
		if (s->port[i].nic.index == nic->index)
			return true;
	return false;
}

static void
enter(struct search *s, enum wait wait)
{
	s->wait = wait;
	s->begun = s->told = net_now();
}

static void
find_cards(struct search *s)
{
	struct nic nic[NIC_MAX];
	char mac[MAC_TEXT];
	size_t i, n = nic_list(nic);

	for (i = 0; i < n && s->ports < NIC_MAX; i++) {
		if (!is_wanted(s->cmdline, &nic[i]) || is_known(s, &nic[i]))
			continue;
		if (nic_up(nic[i].name) == -1)
			say_warn("%s: cannot be switched on: %s", nic[i].name,
			    strerror(errno));
		say_info("%s: %s", nic[i].name, mac_format(&nic[i].mac, mac));
		s->port[s->ports++] = (struct port){ .nic = nic[i], .fd = -1 };
		if (s->wait == WAIT_CARD)
			enter(s, WAIT_LINK);
	}
}

/* Begins to ask on a card whose link has come up. */
static void
begin_asking(struct search *s, struct port *p)
{
	if ((p->fd = dhcp_open_packet(&p->nic)) == -1) {
		if (errno == EAFNOSUPPORT)
			say_fatal("network: the kernel has no packet sockets; "
			    "make the initrd with -m af_packet");
		say_warn("%s: packet socket: %s", p->nic.name,
		    strerror(errno));
		return;
	}
	lease_begin(&p->lease, &p->nic.mac, s->hostname, seed(), net_now());
	if (s->wait == WAIT_LINK)
		enter(s, WAIT_DHCP);
}

/* The first card with link, where no server need be asked. */
static struct port *
check_links(struct search *s)
{
	struct port *p;

	for (p = s->port; p < s->port + s->ports; p++) {
		if (p->up || !nic_has_link(p->nic.name))
			continue;
		p->up = true;
		if (s->cmdline->ip.how == IP_STATIC)
			return p;
		begin_asking(s, p);
	}
	return NULL;
}

static void
send_packet(struct port *p, const struct wire_out *w)
{
	/* ENETDOWN and the like pass: it is sent again anyway. */
	if (dhcp_send_packet(p->fd, &p->nic, w->start, w->len) == -1 &&
	    p->lease.attempt <= 1)
		say_warn("%s: DHCP: %s", p->nic.name, strerror(errno));
}

static void
tick(struct port *p, int64_t now)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	if (lease_tick(&p->lease, now, &w) == LEASE_BROADCAST && !w.bad)
		send_packet(p, &w);
}

/* What came in on one card; true with a lease. */
static bool
listen_to(struct port *p)
{
	struct dhcp4 d;
	char text[INET_ADDRSTRLEN];

	while (dhcp_receive_packet(p->fd, &d))
		switch (lease_input(&p->lease, &d, net_now())) {
		case LEASE_GOT:
		case LEASE_KEPT:
			return true;
		case LEASE_REFUSED:
			inet_ntop(AF_INET, &p->lease.offered, text,
			    sizeof(text));
			say_warn("%s: DHCP: the server took back %s; asking "
			    "anew", p->nic.name, text);
			break;
		default:
			break;
		}
	return false;
}

static int
until(const struct search *s, int64_t now)
{
	int64_t wait = now - s->begun < OFTEN_FOR ? LOOK_OFTEN : LOOK_SELDOM;
	const struct port *p;

	for (p = s->port; p < s->port + s->ports; p++)
		if (p->fd != -1 && p->lease.deadline - now < wait)
			wait = p->lease.deadline - now;
	return wait < 0 ? 0 : (int)wait;
}

/* One round: sends what is due, then waits a little; the port with a lease. */
static struct port *
ask(struct search *s)
{
	struct pollfd fds[NIC_MAX];
	struct port *p, *found = NULL;
	size_t i;

	for (i = 0; i < s->ports; i++) {
		p = &s->port[i];
		if (p->fd != -1)
			tick(p, net_now());
		fds[i] = (struct pollfd){ .fd = p->fd, .events = POLLIN };
	}
	(void)poll(fds, s->ports, until(s, net_now()));
	for (i = 0; i < s->ports && found == NULL; i++)
		if (fds[i].fd != -1 && fds[i].revents != 0 &&
		    listen_to(&s->port[i]))
			found = &s->port[i];
	return found;
}

/* "eth0 eth1" */
static const char *
names(const struct search *s, bool with_link, char *text, size_t size)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < s->ports; i++) {
		if (with_link && !s->port[i].up)
			continue;
		if (text[0] != '\0')
			strlcat(text, " ", size);
		strlcat(text, s->port[i].nic.name, size);
	}
	return text;
}

/* Which card is looked for, in words. */
static const char *
looked_for(const struct cmdline *c, char *text, size_t size)
{
	char mac[MAC_TEXT];

	if (c->ip.device[0] != '\0')
		snprintf(text, size, "network card %s (ip=)", c->ip.device);
	else if (c->have_bootif)
		snprintf(text, size, "network card %s (BOOTIF=)",
		    mac_format(&c->bootif, mac));
	else
		snprintf(text, size, "network card");
	return text;
}

static void __attribute__((noreturn))
give_up(const struct search *s)
{
	char text[256];

	switch (s->wait) {
	case WAIT_CARD:
		say_fatal("network: no %s appeared in %d seconds; its driver "
		    "may not be in the initrd (mkboot initrd -m MODULE)",
		    looked_for(s->cmdline, text, sizeof(text)),
		    CARD_WAIT / 1000);
	case WAIT_LINK:
		say_fatal("network: no link on %s in %d seconds; see to the "
		    "cable and the switch", names(s, false, text,
		    sizeof(text)), LINK_WAIT / 1000);
	case WAIT_DHCP:
		break;
	}
	say_fatal("network: no DHCP server answered on %s in %d seconds; is "
	    "there one on this wire?", names(s, true, text, sizeof(text)),
	    DHCP_WAIT / 1000);
}

/* Now and then a line about what we wait for, and an end to it. */
static void
tell(struct search *s)
{
	static const int patience[] = {
		[WAIT_CARD] = CARD_WAIT, [WAIT_LINK] = LINK_WAIT,
		[WAIT_DHCP] = DHCP_WAIT
	};
	const int64_t now = net_now();
	const int left = (int)(s->begun + patience[s->wait] - now) / 1000;
	char text[256];

	if (now - s->begun >= patience[s->wait])
		give_up(s);
	if (now - s->told < TELL_EVERY)
		return;
	s->told = now;
	if (s->wait == WAIT_CARD)
		say_warn("network: waiting for %s, %d s more",
		    looked_for(s->cmdline, text, sizeof(text)), left);
	else if (s->wait == WAIT_LINK)
		say_warn("network: waiting for a link on %s, %d s more",
		    names(s, false, text, sizeof(text)), left);
	else
		say_warn("network: no DHCP answer yet on %s, %d s more",
		    names(s, true, text, sizeof(text)), left);
}

static struct port *
find_port(struct search *s)
{
	struct port *found;

	enter(s, WAIT_CARD);
	for (;;) {
		coldplug_devices(s->coldplug);
		find_cards(s);
		found = check_links(s);
		if (found == NULL)
			found = ask(s);
		if (found != NULL)
			return found;
		tell(s);
	}
}

/* What ip= said stands where a lease would. */
static void
take_static(struct net *net, const struct ip_param *ip)
{
	struct lease_facts *f = &net->lease.facts;
	size_t i;

	memset(&net->lease, 0, sizeof(net->lease));
	f->address = ip->client;
	f->netmask = ip->netmask;
	f->server = f->next_server = ip->server;
	f->router[0] = ip->gateway;
	for (i = 0; i < IPPARAM_DNS; i++)
		f->dns[i] = ip->dns[i];
}

void
net_apply(const struct net *net)
{
	const struct lease_facts *f = &net->lease.facts;
	const char *name = net->nic.name;

	if (nic_set_address(name, f->address, f->netmask) == -1)
		say_warn("%s: address: %s", name, strerror(errno));
	if (f->mtu != 0 && nic_set_mtu(name, f->mtu) == -1)
		say_warn("%s: MTU %u: %s", name, f->mtu, strerror(errno));
	if (f->router[0].s_addr != INADDR_ANY &&
	    nic_default_route(name, f->router[0]) == -1)
		say_warn("%s: default route: %s", name, strerror(errno));
}

/* Beside it and renamed: the booted system may read at any time. */
void
net_record(const struct net *net, int folder)
{
	char facts[2048], text[sizeof(facts) + 128], mac[MAC_TEXT];
	size_t len;
	int fd, n;

	len = lease_format(&net->lease.facts, facts, sizeof(facts) - 1);
	facts[len] = '\0';
	n = snprintf(text, sizeof(text), "interface=%s\nmac=%s\n%s",
	    net->nic.name, mac_format(&net->nic.mac, mac), facts);
	fd = openat(folder, ".lease", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0644);
	if (fd == -1)
		return;
	if (write(fd, text, (size_t)n) == n)
		(void)renameat(folder, ".lease", folder, "lease");
	close(fd);
}

static void
say_address(const struct net *net)
{
	char address[INET_ADDRSTRLEN], server[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &net->lease.facts.address, address,
	    sizeof(address));
	inet_ntop(AF_INET, &net->lease.facts.server, server, sizeof(server));
	if (net->leased)
		say_info("%s: address %s from DHCP server %s", net->nic.name,
		    address, server);
	else
		say_info("%s: address %s as ip= says", net->nic.name, address);
}

void
net_up(struct net *net, const struct cmdline *cmdline,
    struct coldplug *coldplug, const char *hostname)
{
	struct search s = {
		.cmdline = cmdline, .coldplug = coldplug, .hostname = hostname
	};
	struct port *found, *p;

	if (cmdline->ip.how == IP_OFF)
		say_fatal("network: ip=off, but the root comes by it; boot "
		    "with ip=dhcp");
	(void)nic_up("lo");
	found = find_port(&s);
	net->nic = found->nic;
	net->leased = cmdline->ip.how == IP_DHCP;
	if (net->leased)
		net->lease = found->lease;
	else
		take_static(net, &cmdline->ip);
	/* Others are left to the booted system as they were. */
	for (p = s.port; p < s.port + s.ports; p++) {
		if (p->fd != -1)
			close(p->fd);
		if (p != found)
			(void)nic_down(p->nic.name);
	}
	net_apply(net);
	say_address(net);
}
