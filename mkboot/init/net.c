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
#include "mkboot/init/search.h"

/* Milliseconds: how often we look. */
#define LOOK_OFTEN 20
#define LOOK_SELDOM 200
#define OFTEN_FOR 3000

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

/* Begins to ask on a card whose link has come up. */
static void
begin_asking(struct search *s, struct port *p)
{
	if (s->wait == WAIT_LINK)
		search_enter(s, WAIT_ADDRESS);
	if (s->ip6) {
		six_begin(&p->six, &p->nic, seed(), net_now());
		return;
	}
	if ((p->fd = dhcp_open_packet(&p->nic)) == -1) {
		if (errno == EAFNOSUPPORT)
			say_fatal("network: the kernel has no packet sockets; "
			    "make the initrd with -m af_packet");
		say_warn("%s: packet socket: %s", p->nic.name,
		    strerror(errno));
		return;
	}
	lease_begin(&p->lease, &p->nic.mac, s->hostname, seed(), net_now());
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

/* The same for IPv6. */
static struct port *
ask6(struct search *s)
{
	const struct ip_param *ip = &s->cmdline->ip;
	struct pollfd fds[NIC_MAX * SIX_FDS];
	struct port *p;
	nfds_t n = 0;

	for (p = s->port; p < s->port + s->ports; p++) {
		if (!p->up)
			continue;
		if (ip->how == IP_STATIC6 ? six_fixed(&p->six, ip) :
		    six_step(&p->six, ip->how, net_now()))
			return p;
		n += six_poll(&p->six, fds + n);
	}
	(void)poll(fds, n, until(s, net_now()));
	return NULL;
}

static struct port *
find_port(struct search *s)
{
	struct port *found;

	search_enter(s, WAIT_CARD);
	for (;;) {
		search_cards(s);
		found = check_links(s);
		if (found == NULL)
			found = s->ip6 ? ask6(s) : ask(s);
		if (found != NULL)
			return found;
		search_tell(s);
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

	len = net->ip6 ? six_format(&net->six, facts, sizeof(facts)) :
	    lease_format(&net->lease.facts, facts, sizeof(facts) - 1);
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
say_address6(const struct net *net)
{
	char address[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, &net->six.address, address, sizeof(address));
	say_info("%s: address %s from %s", net->nic.name, address,
	    net->six.leased ? "a DHCPv6 server" :
	    net->six.advertised != 0 ? "an IPv6 router" : "ip=");
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

/* Others are left to the booted system as they were. */
static void
leave_others(struct search *s, const struct port *found)
{
	struct port *p;

	for (p = s->port; p < s->port + s->ports; p++) {
		if (p->fd != -1)
			close(p->fd);
		if (p->up && s->ip6)
			six_close(&p->six);
		if (p != found)
			(void)nic_down(p->nic.name);
	}
}

static void
take_port(struct net *net, const struct search *s, const struct port *found)
{
	const struct ip_param *ip = &s->cmdline->ip;

	memset(net, 0, sizeof(*net));
	net->nic = found->nic;
	net->ip6 = s->ip6;
	net->leased = ip->how == IP_DHCP && !s->ip6;
	if (s->ip6)
		net->six = found->six;
	else if (net->leased)
		net->lease = found->lease;
	else
		take_static(net, ip);
}

void
net_up(struct net *net, const struct cmdline *cmdline, bool ip6,
    struct coldplug *coldplug, const char *hostname)
{
	struct search s = {
		.cmdline = cmdline, .coldplug = coldplug,
		.hostname = hostname,
		.ip6 = (ip6 && cmdline->ip.how != IP_STATIC) ||
		    ipparam_is_ip6(&cmdline->ip)
	};
	struct port *found;

	if (cmdline->ip.how == IP_OFF)
		say_fatal("network: ip=off, but the root comes by it; boot "
		    "with ip=dhcp");
	(void)nic_up("lo");
	found = find_port(&s);
	leave_others(&s, found);
	take_port(net, &s, found);
	if (net->ip6) {
		say_address6(net);
		return;
	}
	net_apply(net);
	say_address(net);
}
