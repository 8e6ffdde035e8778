/* SPDX-License-Identifier: ISC */
/* The machine's own random seed, into the kernel's generator. */
#include "mkboot/init/seed.h"

#include <sys/ioctl.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/random.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mkboot/init/say.h"

#define SEED_MIN 32		/* octets: fewer are no secret */
#define SEED_MAX 512

/* What the machine brought, or what its system keeps in the usual place. */
static const char *const place[] = {
	"/machine/seed", "/machine/files/var/lib/systemd/random-seed",
	"/machine/files/var/lib/seedrng/seed.credit",
	"/machine/files/var/lib/urandom/random-seed"
};

struct pool {
	int entropy_count;	/* bits */
	int buf_size;		/* octets */
	struct timespec now[2];	/* the same seed twice: never the same pool */
	uint8_t seed[SEED_MAX];
};

static ssize_t
read_seed(uint8_t *seed)
{
	ssize_t n = -1;
	size_t i;
	int fd;

	for (i = 0; i < sizeof(place) / sizeof(place[0]) && n == -1; i++) {
		fd = open(place[i], O_RDONLY | O_CLOEXEC);
		if (fd == -1)
			continue;
		n = read(fd, seed, SEED_MAX);
		close(fd);
	}
	return n;
}

void
seed_feed(void)
{
	struct pool p = { .entropy_count = 0 };
	const ssize_t n = read_seed(p.seed);
	int fd;

	if (n < 0)
		return;
	if (n < SEED_MIN) {
		say_warn("machine: its random seed has %zd octets; it needs "
		    "%d", n, SEED_MIN);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &p.now[0]);
	clock_gettime(CLOCK_BOOTTIME, &p.now[1]);
	p.entropy_count = 256;
	p.buf_size = (int)(sizeof(p.now) + (size_t)n);
	fd = open("/dev/urandom", O_WRONLY | O_CLOEXEC);
	if (fd == -1 || ioctl(fd, RNDADDENTROPY, &p) == -1)
		say_warn("machine: random seed: %s", strerror(errno));
	if (fd != -1)
		close(fd);
	explicit_bzero(&p, sizeof(p));
}
