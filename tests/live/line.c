/* SPDX-License-Identifier: ISC */
/*
 * A bad line between two networks: two taps, and each frame that comes from
 * one leaves by the other, late, twice, out of order, or never.  It does what
 * netem does, for kernels without it.
 *   line TAP TAP LOST TWICE LATE DELAY_MS
 * LOST, TWICE and LATE are per thousand; a late frame takes LATE_MS longer
 * than the others, which overtake it.  Says "ready", and runs until killed.
 */
#include <sys/ioctl.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAME 1600		/* octets */
#define FLIGHT 8192		/* frames under way, both ways */
#define LATE_MS 5

struct frame {
	int to;			/* its tap; -1: this place is free */
	int64_t due_ms;
	ssize_t len;
	uint8_t octets[FRAME];
};

struct line {
	int tap[2];
	uint32_t random, lost, twice, late;
	int64_t delay_ms;
	struct frame *flight;
	size_t end;		/* no frame from here on */
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
chance(struct line *l, uint32_t per_thousand)
{
	l->random = l->random * 1664525u + 1013904223u;
	return (l->random >> 8) % 1000 < per_thousand;
}

static int
open_tap(const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd == -1 || ioctl(fd, TUNSETIFF, &request) == -1)
		err(111, "tap %s", name);
	return fd;
}

static void
launch(struct line *l, const struct frame *frame)
{
	size_t i;

	for (i = 0; i < l->end && l->flight[i].to != -1; i++)
		continue;
	if (i == FLIGHT)
		return;		/* as a full queue does */
	l->flight[i] = *frame;
	l->flight[i].due_ms = now_ms() + l->delay_ms +
	    (chance(l, l->late) ? LATE_MS : 0);
	if (i == l->end)
		l->end++;
}

static void
take(struct line *l, int from)
{
	struct frame frame = { .to = l->tap[!from] };

	for (;;) {
		frame.len = read(l->tap[from], frame.octets, FRAME);
		if (frame.len <= 0)
			return;
		if (chance(l, l->lost))
			continue;
		launch(l, &frame);
		if (chance(l, l->twice))
			launch(l, &frame);
	}
}

/* Delivers what is due, oldest first; how long until the next is, in ms. */
static int
deliver(struct line *l)
{
	const int64_t now = now_ms();
	struct frame *f, *first;

	for (;;) {
		first = NULL;
		for (f = l->flight; f < l->flight + l->end; f++)
			if (f->to != -1 && (first == NULL ||
			    f->due_ms < first->due_ms))
				first = f;
		if (first == NULL)
			l->end = 0;
		if (first == NULL || first->due_ms > now)
			break;
		/* A tap that is down takes nothing: that frame is lost too. */
		if (write(first->to, first->octets, (size_t)first->len) == -1)
			first->len = 0;
		first->to = -1;
	}
	return first == NULL ? -1 : (int)(first->due_ms - now);
}

int
main(int argc, char **argv)
{
	struct line l = { .random = 1 };
	struct pollfd p[2];
	int i, wait_ms = -1;

	if (argc != 7)
		errx(100, "usage: line tap tap lost twice late delay_ms");
	for (i = 0; i < 2; i++) {
		l.tap[i] = open_tap(argv[1 + i]);
		p[i] = (struct pollfd){ .fd = l.tap[i], .events = POLLIN };
	}
	l.lost = (uint32_t)atoi(argv[3]);
	l.twice = (uint32_t)atoi(argv[4]);
	l.late = (uint32_t)atoi(argv[5]);
	l.delay_ms = atoi(argv[6]);
	l.flight = calloc(FLIGHT, sizeof(*l.flight));
	if (l.flight == NULL)
		err(111, "flight");
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		if (poll(p, 2, wait_ms) == -1)
			err(111, "poll");
		for (i = 0; i < 2; i++)
			if (p[i].revents != 0)
				take(&l, i);
		wait_ms = deliver(&l);
	}
}
