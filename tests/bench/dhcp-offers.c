/* SPDX-License-Identifier: ISC */
/*
 * dhcp-offers HEX SERVER MACHINES OUTSTANDING SECONDS: a relay agent in front
 * of a room full of machines.  The DISCOVER in HEX, with another Ethernet
 * address and transaction each time, goes to SERVER's port 67 from our port
 * 67, OUTSTANDING at a time; an offer brings the next.  Prints offers a
 * second, the 99th percentile of the wait in milliseconds, and how many were
 * lost.
 */
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PACKET_MAX 1500
#define PORT 67
#define LOST_MS 1000		/* then another machine has its turn */
#define SLOTS_MAX 1024
#define WAITS_MAX 4000000

struct load {
	uint8_t packet[PACKET_MAX];
	size_t len;
	unsigned machines, next, slots;
	int fd;
	struct sockaddr_in server;
	double sent_ms[SLOTS_MAX];
	uint32_t xid[SLOTS_MAX];
	float *waits;
	size_t answered, lost;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
die(const char *what)
{
	perror(what);
	exit(111);
}

static void
read_packet(struct load *l, const char *path)
{
	char line[256];
	unsigned octet;
	size_t i;
	FILE *f = fopen(path, "r");

	if (f == NULL)
		die(path);
	while (fgets(line, sizeof(line), f) != NULL)
		for (i = 0; line[0] != '#' && l->len < PACKET_MAX &&
		    sscanf(line + i, "%2x", &octet) == 1; i += 2)
			l->packet[l->len++] = (uint8_t)octet;
	fclose(f);
}

/* The slot stands in the transaction's low octets, to know its answer by. */
static void
ask(struct load *l, unsigned slot)
{
	const unsigned machine = l->next % l->machines;

	l->xid[slot] = (uint32_t)(l->next++ << 10 | slot);
	memcpy(l->packet + 4, &l->xid[slot], 4);
	l->packet[28] = 0x52;
	l->packet[29] = 0x54;
	l->packet[30] = 0xbe;
	l->packet[31] = (uint8_t)(machine >> 16);
	l->packet[32] = (uint8_t)(machine >> 8);
	l->packet[33] = (uint8_t)machine;
	l->sent_ms[slot] = now_ms();
	if (sendto(l->fd, l->packet, l->len, 0, (struct sockaddr *)&l->server,
	    sizeof(l->server)) == -1)
		die("send");
}

static void
take(struct load *l)
{
	uint8_t reply[PACKET_MAX];
	uint32_t xid;
	unsigned slot;

	while (recv(l->fd, reply, sizeof(reply), MSG_DONTWAIT) > 240) {
		memcpy(&xid, reply + 4, 4);
		slot = xid & (SLOTS_MAX - 1);
		if (slot >= l->slots || l->xid[slot] != xid)
			continue;
		if (l->answered < WAITS_MAX)
			l->waits[l->answered] =
			    (float)(now_ms() - l->sent_ms[slot]);
		l->answered++;
		ask(l, slot);
	}
}

static void
give_up(struct load *l)
{
	const double now = now_ms();
	unsigned slot;

	for (slot = 0; slot < l->slots; slot++)
		if (now - l->sent_ms[slot] > LOST_MS) {
			l->lost++;
			ask(l, slot);
		}
}

static void
run(struct load *l, double seconds)
{
	const double end = now_ms() + seconds * 1e3;
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	unsigned slot;

	for (slot = 0; slot < l->slots; slot++)
		ask(l, slot);
	while (now_ms() < end) {
		if (poll(&p, 1, LOST_MS) == 0)
			give_up(l);
		take(l);
	}
}

static int
by_size(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char *argv[])
{
	static struct load l;
	const int on = 1;
	struct sockaddr_in here = { .sin_family = AF_INET,
	    .sin_port = htons(PORT) }, there = here;
	socklen_t len = sizeof(here);
	double seconds;
	int probe;

	if (argc != 6)
		return 100;
	read_packet(&l, argv[1]);
	there.sin_addr.s_addr = inet_addr(argv[2]);
	l.machines = (unsigned)atoi(argv[3]);
	l.slots = (unsigned)atoi(argv[4]);
	seconds = atof(argv[5]);
	l.waits = calloc(WAITS_MAX, sizeof(*l.waits));
	l.fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (l.waits == NULL || l.fd == -1 || l.machines == 0 ||
	    l.slots == 0 || l.slots > SLOTS_MAX || l.len < 240)
		die("set up");
	setsockopt(l.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(l.fd, (struct sockaddr *)&here, sizeof(here)) == -1 ||
	    (probe = socket(AF_INET, SOCK_DGRAM, 0)) == -1 ||
	    connect(probe, (struct sockaddr *)&there, sizeof(there)) == -1 ||
	    getsockname(probe, (struct sockaddr *)&here, &len) == -1)
		die("socket");
	l.server = there;
	/* We are its relay: the answer comes here, RFC 2131 section 4.1. */
	memcpy(l.packet + 24, &here.sin_addr, 4);
	run(&l, seconds);
	if (l.answered > 0)
		qsort(l.waits, l.answered < WAITS_MAX ? l.answered : WAITS_MAX,
		    sizeof(*l.waits), by_size);
	printf("%.0f %.3f %zu %zu\n", (double)l.answered / seconds,
	    (double)l.waits[(l.answered < WAITS_MAX ? l.answered : WAITS_MAX) *
	    99 / 100], l.lost, l.answered);
	return 0;
}
