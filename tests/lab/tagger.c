/* SPDX-License-Identifier: ISC */
/*
 * A switch's port in one VLAN, for kernels that know none: a machine of QEMU's
 * (-netdev dgram) on one side, tagged, and a tap device on the other, plain.
 *
 *   tagger TAP ID OUR-SOCKET MACHINES-SOCKET
 */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ADDRESSES = 12, TAG = 4, FRAME = 2048 };

static int
open_tap(const char *name)
{
	struct ifreq r;
	int fd;

	memset(&r, 0, sizeof(r));
	strncpy(r.ifr_name, name, sizeof(r.ifr_name) - 1);
	r.ifr_flags = IFF_TAP | IFF_NO_PI;
	if ((fd = open("/dev/net/tun", O_RDWR)) == -1 ||
	    ioctl(fd, TUNSETIFF, &r) == -1)
		err(111, "%s", name);
	return fd;
}

static struct sockaddr_un
named(const char *path)
{
	struct sockaddr_un a;

	memset(&a, 0, sizeof(a));
	a.sun_family = AF_UNIX;
	strncpy(a.sun_path, path, sizeof(a.sun_path) - 1);
	return a;
}

/* To the machine, with the tag behind both addresses. */
static void
tag(int tap, int machine, const struct sockaddr_un *to, unsigned id)
{
	uint8_t frame[FRAME];
	ssize_t n;

	n = read(tap, frame + TAG, sizeof(frame) - TAG);
	if (n < ADDRESSES)
		return;
	memmove(frame, frame + TAG, ADDRESSES);
	frame[ADDRESSES] = 0x81;
	frame[ADDRESSES + 1] = 0;
	frame[ADDRESSES + 2] = (uint8_t)(id >> 8);
	frame[ADDRESSES + 3] = (uint8_t)id;
	/* It may not be switched on yet. */
	if (sendto(machine, frame, (size_t)n + TAG, 0,
	    (const struct sockaddr *)to, sizeof(*to)) == -1)
		errno = 0;
}

/* From the machine: what has another tag, or none, is not for this VLAN. */
static void
untag(int machine, int tap, unsigned id)
{
	uint8_t frame[FRAME];
	ssize_t n;

	n = recv(machine, frame, sizeof(frame), 0);
	if (n < ADDRESSES + TAG || frame[ADDRESSES] != 0x81 ||
	    frame[ADDRESSES + 1] != 0 || ((frame[ADDRESSES + 2] & 0xfU) << 8 |
	    frame[ADDRESSES + 3]) != id)
		return;
	memmove(frame + TAG, frame, ADDRESSES);
	if (write(tap, frame + TAG, (size_t)n - TAG) == -1)
		errno = 0;
}

int
main(int argc, char **argv)
{
	struct sockaddr_un own, to;
	struct pollfd fds[2];
	unsigned id;

	if (argc != 5)
		errx(100, "usage: tagger tap id our-socket machines-socket");
	id = (unsigned)atoi(argv[2]);
	own = named(argv[3]);
	to = named(argv[4]);
	fds[0] = (struct pollfd){ open_tap(argv[1]), POLLIN, 0 };
	fds[1] = (struct pollfd){ socket(AF_UNIX, SOCK_DGRAM, 0), POLLIN, 0 };
	if (bind(fds[1].fd, (struct sockaddr *)&own, sizeof(own)) == -1)
		err(111, "%s", argv[3]);
	while (poll(fds, 2, -1) > 0) {
		if (fds[0].revents != 0)
			tag(fds[0].fd, fds[1].fd, &to, id);
		if (fds[1].revents != 0)
			untag(fds[1].fd, fds[0].fd, id);
	}
	return 111;
}
