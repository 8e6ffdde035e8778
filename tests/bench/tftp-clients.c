/* SPDX-License-Identifier: ISC */
/*
 * Many TFTP clients in one process, for measuring a server: each fetches the
 * file once, in lock-step or by windows, and nothing is kept.
 *   tftp-clients ADDR PORT FILE CLIENTS BLKSIZE WINDOWSIZE
 * Prints: MB/s, seconds, clients that failed.
 */
#include <sys/epoll.h>
#include <sys/socket.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/tftp.h"

#define GIVE_UP_S 30

struct client {
	int fd;
	struct sockaddr_in server;	/* its port is the transfer's, later */
	bool done, failed;
	uint16_t expect;
	unsigned in_window;
	unsigned blksize, window;
	uint64_t bytes;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
transmit(const struct client *c, const void *packet, size_t len)
{
	if (sendto(c->fd, packet, len, 0,
	    (const struct sockaddr *)(const void *)&c->server,
	    sizeof(c->server)) == -1)
		err(1, "sendto");
}

static void
request(struct client *c, const char *file)
{
	uint8_t packet[TFTP_REQUEST_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	wire_put_n16(&w, TFTP_RRQ);
	wire_put_string(&w, file);
	wire_put_string(&w, "octet");
	tftp_put_option(&w, "blksize", c->blksize);
	if (c->window > 1)
		tftp_put_option(&w, "windowsize", c->window);
	transmit(c, packet, w.len);
}

static void
acknowledge(const struct client *c, uint16_t block)
{
	uint8_t packet[4];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_ack(&w, block);
	transmit(c, packet, w.len);
}

static void
take_data(struct client *c, uint16_t block, size_t len)
{
	if (block != c->expect) {
		acknowledge(c, (uint16_t)(c->expect - 1));
		return;
	}
	c->bytes += len;
	c->expect++;
	c->in_window++;
	c->done = len < c->blksize;
	if (c->done || c->in_window == c->window) {
		acknowledge(c, block);
		c->in_window = 0;
	}
}

static void
take(struct client *c)
{
	static uint8_t packet[65536];
	struct wire_in w;
	socklen_t from = sizeof(c->server);
	ssize_t len;
	uint16_t opcode;

	len = recvfrom(c->fd, packet, sizeof(packet), 0,
	    (struct sockaddr *)(void *)&c->server, &from);
	if (len == -1)
		return;
	wire_in_init(&w, packet, (size_t)len);
	opcode = wire_get_n16(&w);
	if (opcode == TFTP_DATA)
		take_data(c, wire_get_n16(&w), (size_t)len - 4);
	else if (opcode == TFTP_OACK)
		acknowledge(c, 0);
	else
		c->done = c->failed = true;
}

static void
start(struct client *c, int epoll, char **argv)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	if (c->fd == -1 || epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &event) == -1)
		err(1, "socket");
	c->server.sin_family = AF_INET;
	c->server.sin_port = htons((uint16_t)atoi(argv[2]));
	inet_pton(AF_INET, argv[1], &c->server.sin_addr);
	c->blksize = (unsigned)atoi(argv[5]);
	c->window = (unsigned)atoi(argv[6]);
	c->expect = 1;
	request(c, argv[3]);
}

/* Serves the clients until all are done or time is up; how many are left. */
static int
serve(int epoll, int running)
{
	struct epoll_event events[64];
	const double until = now() + GIVE_UP_S;
	int i, n;

	while (running > 0 && now() < until) {
		n = epoll_wait(epoll, events, 64, 1000);
		for (i = 0; i < n; i++) {
			struct client *c = events[i].data.ptr;

			if (c->done)
				continue;
			take(c);
			running -= c->done;
		}
	}
	return running;
}

int
main(int argc, char **argv)
{
	struct client *clients;
	uint64_t bytes = 0;
	double began, took;
	int epoll, failed, i, n;

	if (argc != 7)
		errx(100, "usage: tftp-clients addr port file clients blksize "
		    "windowsize");
	n = atoi(argv[4]);
	clients = calloc((size_t)n, sizeof(*clients));
	epoll = epoll_create1(0);
	if (clients == NULL || epoll == -1)
		err(111, "start");
	began = now();
	for (i = 0; i < n; i++)
		start(&clients[i], epoll, argv);
	failed = serve(epoll, n);
	took = now() - began;
	for (i = 0; i < n; i++) {
		bytes += clients[i].bytes;
		failed += clients[i].failed;
	}
	printf("%.1f %.3f %d\n", (double)bytes / took / 1e6, took, failed);
	free(clients);
	return failed == 0 ? 0 : 1;
}
