/* SPDX-License-Identifier: ISC */
/*
 * Many TFTP clients in one process, for measuring and wearying a server: each
 * fetches the file, in lock-step or by windows, as firmware would, and keeps
 * nothing.
 *   tftp-clients [flags] ADDR PORT FILE CLIENTS BLKSIZE WINDOWSIZE
 *	-l PER_THOUSAND	packets lost, each way
 *	-n TRANSFERS	in all, by so many clients at once (else one each)
 *	-r		each with options of its own, and some are given up
 *	-c PATH		compare what comes with this file
 *	-t SECONDS	then all that is not done has failed (30)
 * Prints: MB/s, seconds, transfers that failed.
 */
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/tftp.h"

#define REQUEST_S 1.0		/* to ask again: between iPXE's and EDK2's */
#define RETRY_S 4.0		/* and to say again: EDK2's Mtftp4 */
#define TRIES 6
#define BATCH 16		/* datagrams taken at once */
#define PACKET_MAX 9000
#define NEVER UINT64_MAX

struct client {
	TAILQ_ENTRY(client) running;
	int fd;
	bool connected;
	uint64_t expect;	/* block */
	unsigned in_window;
	unsigned blksize, window;
	uint64_t give_up;	/* at this block: a client that goes away */
	double spoke_s;
	unsigned tries;
};

TAILQ_HEAD(clients, client);

struct load {
	struct sockaddr_in server;
	const char *file;
	long clients, transfers, begun, running, failed;
	unsigned blksize, window;
	unsigned loss;		/* per thousand */
	bool any_options;
	const uint8_t *content;
	size_t size;
	double patience_s;
	uint64_t bytes;
	int epoll;
	unsigned random;
	struct clients under_way;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static unsigned
chance(struct load *l, unsigned of)
{
	l->random = l->random * 1664525u + 1013904223u;
	return (l->random >> 8) % of;
}

static bool
lost(struct load *l)
{
	return l->loss > 0 && chance(l, 1000) < l->loss;
}

static void
transmit(struct load *l, struct client *c, const struct wire_out *w)
{
	if (lost(l))
		return;
	if (c->connected)
		send(c->fd, w->start, w->len, 0);
	else if (sendto(c->fd, w->start, w->len, 0,
	    (const struct sockaddr *)(const void *)&l->server,
	    sizeof(l->server)) == -1)
		err(111, "sendto");
}

static void
request(struct load *l, struct client *c)
{
	uint8_t packet[TFTP_REQUEST_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	wire_put_n16(&w, TFTP_RRQ);
	wire_put_string(&w, l->file);
	wire_put_string(&w, "octet");
	if (c->blksize != TFTP_BLKSIZE_DEFAULT)
		tftp_put_option(&w, "blksize", c->blksize);
	if (c->window > 1)
		tftp_put_option(&w, "windowsize", c->window);
	transmit(l, c, &w);
}

static void
acknowledge(struct load *l, struct client *c)
{
	uint8_t packet[4];
	struct wire_out w;

	c->in_window = 0;
	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_ack(&w, (uint16_t)(c->expect - 1));
	transmit(l, c, &w);
}

static void
say_error(struct load *l, struct client *c)
{
	uint8_t packet[64];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_error(&w, TFTP_EUNDEFINED, "TFTP Aborted");
	transmit(l, c, &w);
}

static void
choose_options(struct load *l, struct client *c)
{
	static const unsigned sizes[] = { 512, 512, 1024, 1408, 1432, 1468 };
	static const unsigned windows[] = { 1, 1, 1, 4, 16, 64 };

	c->blksize = l->blksize;
	c->window = l->window;
	c->give_up = NEVER;
	if (!l->any_options)
		return;
	c->blksize = sizes[chance(l, 6)];
	c->window = windows[chance(l, 6)];
	if (chance(l, 10) == 0)
		c->give_up = chance(l, 30);
}

static void
begin(struct load *l, struct client *c)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

	memset(c, 0, sizeof(*c));
	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (c->fd == -1 ||
	    epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &event) == -1)
		err(111, "socket");
	choose_options(l, c);
	c->expect = 1;
	c->spoke_s = now();
	l->begun++;
	l->running++;
	TAILQ_INSERT_TAIL(&l->under_way, c, running);
	request(l, c);
}

/* The next transfer takes its place, if there is one. */
static void
finish(struct load *l, struct client *c, bool failed)
{
	close(c->fd);
	TAILQ_REMOVE(&l->under_way, c, running);
	l->running--;
	l->failed += failed;
	if (l->begun < l->transfers)
		begin(l, c);
	else
		c->fd = -1;
}

static bool
is_right(const struct load *l, const struct client *c, const uint8_t *data,
    size_t len)
{
	const uint64_t at = (c->expect - 1) * c->blksize;

	return l->content == NULL || (at + len <= l->size &&
	    memcmp(l->content + at, data, len) == 0);
}

/* True when the transfer is over. */
static bool
take_data(struct load *l, struct client *c, uint16_t block,
    const uint8_t *data, size_t len)
{
	if (block != (uint16_t)c->expect) {
		/* As EDK2's Mtftp4: each one that is not the next is told. */
		acknowledge(l, c);
		return false;
	}
	if (!is_right(l, c, data, len))
		errx(1, "block %ju is wrong", (uintmax_t)c->expect);
	l->bytes += len;
	c->expect++;
	c->in_window++;
	if (len < c->blksize || c->in_window == c->window)
		acknowledge(l, c);
	if (len < c->blksize) {
		finish(l, c, false);
		return true;
	}
	if (c->expect > c->give_up) {
		say_error(l, c);
		finish(l, c, false);
		return true;
	}
	return false;
}

/* What the server leaves out it has not agreed to. */
static void
take_oack(struct load *l, struct client *c, struct wire_in *w)
{
	unsigned blksize = TFTP_BLKSIZE_DEFAULT, window = 1;
	const char *name, *value;

	if (c->expect != 1)
		return;
	for (;;) {
		name = wire_get_string(w);
		value = wire_get_string(w);
		if (w->bad)
			break;
		if (strcmp(name, "blksize") == 0)
			blksize = (unsigned)atoi(value);
		else if (strcmp(name, "windowsize") == 0)
			window = (unsigned)atoi(value);
	}
	c->blksize = blksize;
	c->window = window;
	acknowledge(l, c);
}

static bool
take(struct load *l, struct client *c, const uint8_t *packet, size_t len)
{
	struct wire_in w;
	uint16_t opcode, number;

	wire_in_init(&w, packet, len);
	opcode = wire_get_n16(&w);
	if (opcode == TFTP_OACK) {
		take_oack(l, c, &w);
		return false;
	}
	number = wire_get_n16(&w);
	if (opcode == TFTP_DATA && !w.bad)
		return take_data(l, c, number, w.pos, w.left);
	if (opcode == TFTP_ERROR && !w.bad)
		warnx("error %u at block %ju", number, (uintmax_t)c->expect);
	finish(l, c, true);
	return true;
}

/*
 * The server's port of this transfer is the one of its first answer: an OACK,
 * block 1 or an ERROR.  What else comes is for one who had our port before,
 * and went away.
 */
static bool
learn_port(struct client *c, const struct sockaddr_in *from,
    const uint8_t *packet)
{
	if (c->connected)
		return true;
	if (packet[1] == TFTP_DATA && (packet[2] != 0 || packet[3] != 1))
		return false;
	if (connect(c->fd, (const struct sockaddr *)(const void *)from,
	    sizeof(*from)) == -1)
		err(111, "connect");
	c->connected = true;
	return true;
}

static void
receive(struct load *l, struct client *c)
{
	static uint8_t packet[BATCH][PACKET_MAX];
	static struct mmsghdr msg[BATCH];
	static struct iovec iov[BATCH];
	struct sockaddr_in from = { 0 };
	int i, n;

	for (i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ packet[i], PACKET_MAX };
		msg[i].msg_hdr = (struct msghdr){
			.msg_iov = &iov[i], .msg_iovlen = 1
		};
	}
	msg[0].msg_hdr.msg_name = &from;
	msg[0].msg_hdr.msg_namelen = sizeof(from);
	n = recvmmsg(c->fd, msg, c->connected && c->window > 1 ? BATCH : 1, 0,
	    NULL);
	for (i = 0; i < n; i++) {
		/* What is lost teaches nothing, nor is it a sign of life. */
		if (lost(l) || !learn_port(c, &from, packet[i]))
			continue;
		c->tries = 0;
		c->spoke_s = now();
		if (take(l, c, packet[i], msg[i].msg_len))
			return;
	}
}

/* Firmware's own patience: it says once more what it said last. */
static void
retry(struct load *l)
{
	const double now_s = now();
	struct client *c, *next;

	TAILQ_FOREACH_SAFE(c, &l->under_way, running, next) {
		if (now_s - c->spoke_s < (c->connected ? RETRY_S : REQUEST_S))
			continue;
		if (++c->tries > TRIES) {
			finish(l, c, true);
			continue;
		}
		c->spoke_s = now_s;
		if (c->connected)
			acknowledge(l, c);
		else
			request(l, c);
	}
}

static void
serve(struct load *l)
{
	struct epoll_event events[256];
	const double until = now() + l->patience_s;
	double looked = 0;
	int i, n;

	while (l->running > 0 && now() < until) {
		n = epoll_wait(l->epoll, events, 256, 100);
		for (i = 0; i < n; i++)
			receive(l, events[i].data.ptr);
		if (now() - looked < 0.1)
			continue;
		looked = now();
		retry(l);
	}
	l->failed += l->running + l->transfers - l->begun;
}

static void
load_content(struct load *l, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY);

	if (fd == -1 || fstat(fd, &st) == -1)
		err(100, "%s", path);
	l->size = (size_t)st.st_size;
	l->content = mmap(NULL, l->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (l->content == MAP_FAILED)
		err(111, "%s", path);
	close(fd);
}

static void
usage(void)
{
	errx(100, "usage: tftp-clients [-r] [-c path] [-l per_thousand] "
	    "[-n transfers] [-t seconds] addr port file clients blksize "
	    "windowsize");
}

static void
parse_flags(struct load *l, int argc, char **argv)
{
	int flag;

	while ((flag = getopt(argc, argv, "c:l:n:rt:")) != -1) {
		if (flag == 'c')
			load_content(l, optarg);
		else if (flag == 'l')
			l->loss = (unsigned)atoi(optarg);
		else if (flag == 'n')
			l->transfers = atol(optarg);
		else if (flag == 'r')
			l->any_options = true;
		else if (flag == 't')
			l->patience_s = atof(optarg);
		else
			usage();
	}
	if (argc - optind != 6)
		usage();
	argv += optind;
	l->server.sin_family = AF_INET;
	l->server.sin_port = htons((uint16_t)atoi(argv[1]));
	inet_pton(AF_INET, argv[0], &l->server.sin_addr);
	l->file = argv[2];
	l->clients = atol(argv[3]);
	l->blksize = (unsigned)atoi(argv[4]);
	l->window = (unsigned)atoi(argv[5]);
	if (l->transfers == 0)
		l->transfers = l->clients;
}

int
main(int argc, char **argv)
{
	struct load l = { .patience_s = 30, .random = 1 };
	struct client *clients;
	double began, took;
	long i;

	parse_flags(&l, argc, argv);
	TAILQ_INIT(&l.under_way);
	clients = calloc((size_t)l.clients, sizeof(*clients));
	l.epoll = epoll_create1(0);
	if (clients == NULL || l.epoll == -1)
		err(111, "start");
	began = now();
	for (i = 0; i < l.clients && l.begun < l.transfers; i++)
		begin(&l, &clients[i]);
	serve(&l);
	took = now() - began;
	printf("%.1f %.3f %ld\n", (double)l.bytes / took / 1e6, took,
	    l.failed);
	free(clients);
	return l.failed == 0 ? 0 : 1;
}
