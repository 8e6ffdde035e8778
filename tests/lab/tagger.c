/* SPDX-License-Identifier: ISC */
/*
 * A switch for kernels that know no VLANs: a machine of QEMU's (-netdev dgram)
 * at its trunk, tagged, and tap devices at its other ports, plain, each in a
 * VLAN.  0 is the one that goes through the trunk without a tag.
 *
 *   tagger OUR-SOCKET MACHINES-SOCKET TAP=ID...
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

enum { ADDRESSES = 12, TAG = 4, FRAME = 2048, PORTS = 8 };

struct trunk {
	int fd;
	struct sockaddr_un machine;
};

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
tag(int tap, const struct trunk *t, unsigned id)
{
	uint8_t frame[FRAME], *start = frame + TAG;
	ssize_t n;

	n = read(tap, start, sizeof(frame) - TAG);
	if (n < ADDRESSES)
		return;
	if (id != 0) {
		start = frame;
		n += TAG;
		memmove(frame, frame + TAG, ADDRESSES);
		frame[ADDRESSES] = 0x81;
		frame[ADDRESSES + 1] = 0;
		frame[ADDRESSES + 2] = (uint8_t)(id >> 8);
		frame[ADDRESSES + 3] = (uint8_t)id;
	}
	/* It may not be switched on yet. */
	if (sendto(t->fd, start, (size_t)n, 0,
	    (const struct sockaddr *)&t->machine, sizeof(t->machine)) == -1)
		errno = 0;
}

/* From the machine: to the ports of its VLAN, which may be none. */
static void
untag(const struct trunk *t, const struct pollfd *port, const unsigned *id,
    int ports)
{
	uint8_t frame[FRAME], *start = frame;
	unsigned in = 0;
	ssize_t n;
	int i;

	n = recv(t->fd, frame, sizeof(frame), 0);
	if (n < ADDRESSES + TAG)
		return;
	if (frame[ADDRESSES] == 0x81 && frame[ADDRESSES + 1] == 0) {
		in = (frame[ADDRESSES + 2] & 0xfU) << 8 | frame[ADDRESSES + 3];
		memmove(frame + TAG, frame, ADDRESSES);
		start = frame + TAG;
		n -= TAG;
	}
	for (i = 0; i < ports; i++)
		if (id[i] == in && write(port[i].fd, start, (size_t)n) == -1)
			errno = 0;
}

int
main(int argc, char **argv)
{
	struct pollfd fds[PORTS + 1];	/* the trunk is the last one */
	struct sockaddr_un own;
	struct trunk t;
	unsigned id[PORTS];
	int i, ports = argc - 3;
	char *at;

	if (ports < 1 || ports > PORTS)
		errx(100, "usage: tagger our-socket machines-socket tap=id...");
	own = named(argv[1]);
	t.machine = named(argv[2]);
	t.fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	if (bind(t.fd, (struct sockaddr *)&own, sizeof(own)) == -1)
		err(111, "%s", argv[1]);
	for (i = 0; i < ports; i++) {
		if ((at = strchr(argv[3 + i], '=')) == NULL)
			errx(100, "%s: no =ID", argv[3 + i]);
		*at = '\0';
		id[i] = (unsigned)atoi(at + 1);
		fds[i] = (struct pollfd){ open_tap(argv[3 + i]), POLLIN, 0 };
	}
	fds[ports] = (struct pollfd){ t.fd, POLLIN, 0 };
	while (poll(fds, (nfds_t)ports + 1, -1) > 0) {
		for (i = 0; i < ports; i++)
			if (fds[i].revents != 0)
				tag(fds[i].fd, &t, id[i]);
		if (fds[ports].revents != 0)
			untag(&t, fds, id, ports);
	}
	return 111;
}
