/* SPDX-License-Identifier: ISC */
/* A root that is fetched into memory: a squashfs by HTTP or TFTP. */
#include "mkboot/init/ramroot.h"

#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/loop.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/fetch.h"
#include "mkboot/init/net.h"
#include "mkboot/init/say.h"
#include "mkboot/init/squash.h"

#define FOLDER "/run/pixie/image"
#define IMAGE FOLDER "/rootfs.squashfs"
#define MEMORY "size=90%,mode=0700"
/* Octets that a system needs besides, to come up at all. */
#define SYSTEM ((uint64_t)32 * 1024 * 1024)

/* Milliseconds. */
#define SERVER_WAIT 180000	/* since the last octet */
#define AGAIN 1000
#define TELL_EVERY 10000

struct ram {
	struct fetch fetch;
	const struct servers *servers;
	const char *sha256;
	char name[URL_TEXT];	/* of the file where it is being asked for */
	int64_t told;
};

static void
tell(struct fetch *f)
{
	/* The fetch is a ram's first member. */
	struct ram *r = (struct ram *)f;
	const int64_t now = net_now();

	if (now - r->told < TELL_EVERY)
		return;
	r->told = now;
	if (f->file.total == UINT64_MAX)
		say_info("root: %s: %" PRIu64 " MiB", r->name,
		    f->file.have >> 20);
	else
		say_info("root: %s: %" PRIu64 " of %" PRIu64 " MiB", r->name,
		    f->file.have >> 20, f->file.total >> 20);
}

/* Octets of memory that can be had; UINT64_MAX where the kernel says none. */
static uint64_t
available(void)
{
	uint64_t kib = UINT64_MAX >> 10;
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "MemAvailable: %" SCNu64, &kib) == 1)
			break;
	if (file != NULL)
		fclose(file);
	return kib << 10;
}

/*
 * Room in memory for the image, and the file it goes to.  What tmpfs would
 * take beyond what is there, the kernel pays with a panic.
 */
static void
prepare(struct ram *r)
{
	const uint64_t memory = available();
	struct statvfs room;

	(void)mkdir(FOLDER, 0700);
	if (mount("image", FOLDER, "tmpfs", MS_NODEV | MS_NOSUID | MS_NOEXEC,
	    MEMORY) == -1 || statvfs(FOLDER, &room) == -1 ||
	    (r->fetch.sink = sink_open(IMAGE)) == NULL)
		say_fatal("root: memory for the image: %s", strerror(errno));
	r->fetch.room = (uint64_t)room.f_bavail * room.f_frsize;
	if (r->fetch.room > memory)
		r->fetch.room = memory;
	r->fetch.room -= r->fetch.room < SYSTEM ? r->fetch.room : SYSTEM;
}

/* How long the image says that it is, against what came. */
static void
check_length(const struct ram *r)
{
	uint8_t head[SQUASH_HEAD];
	uint64_t size;
	ssize_t n = -1;
	int fd;

	if ((fd = open(IMAGE, O_RDONLY | O_CLOEXEC)) != -1) {
		n = read(fd, head, sizeof(head));
		close(fd);
	}
	if (!squash_size(head, n > 0 ? (size_t)n : 0, &size))
		say_fatal("root: %s: not a squashfs; is it the right file?",
		    r->name);
	if (size > r->fetch.file.have)
		say_fatal("root: %s: cut off: %" PRIu64 " of its %" PRIu64
		    " octets are on the server", r->name, r->fetch.file.have,
		    size);
}

static void
check(struct ram *r)
{
	char sum[SINK_SUM];

	if (r->sha256[0] == '\0') {
		check_length(r);
		return;
	}
	sink_sum(r->fetch.sink, sum);
	if (strcmp(sum, r->sha256) != 0)
		say_fatal("root: %s: damaged, or another file: its SHA-256 is "
		    "%s, and sha256= says %s", r->name, sum, r->sha256);
	check_length(r);
}

/* Each server once; whether one may be worth another try. */
static enum fetch_result
round_of_servers(struct ram *r, bool say)
{
	enum fetch_result result, best = FETCH_REFUSED;
	size_t i;

	for (i = 0; i < r->servers->n; i++) {
		url_format(r->fetch.url, &r->servers->server[i], r->name);
		result = fetch_from(&r->fetch, &r->servers->server[i]);
		if (result == FETCH_DONE)
			return FETCH_DONE;
		if (result == FETCH_FULL)
			say_fatal("root: %s: %s", r->name, r->fetch.why);
		if (result == FETCH_BROKE)
			best = FETCH_BROKE;
		if (say && (result == FETCH_BROKE || r->servers->n > 1))
			say_warn("root: %s: %s; trying on", r->name,
			    r->fetch.why);
	}
	return best;
}

static void
fetch_image(struct ram *r)
{
	enum fetch_result result;
	int64_t warned = net_now() - TELL_EVERY, now;
	bool say;

	r->fetch.moved = r->told = net_now();
	for (;;) {
		now = net_now();
		say = now - warned >= TELL_EVERY;
		if (say)
			warned = now;
		result = round_of_servers(r, say);
		if (result == FETCH_DONE)
			return;
		if (result == FETCH_REFUSED ||
		    net_now() - r->fetch.moved >= SERVER_WAIT)
			say_fatal("root: %s: %s", r->name, r->fetch.why);
		(void)poll(NULL, 0, AGAIN);
	}
}

/* A block device that is the image; it goes when the mount does. */
static void
attach(char device[32])
{
	const int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
	struct loop_config config = {
		.info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR
	};
	int image, loop, number;

	if (control == -1 ||
	    (number = ioctl(control, LOOP_CTL_GET_FREE)) == -1)
		say_fatal("root: loop device: %s; make the initrd with "
		    "-f squashfs", strerror(errno));
	snprintf(device, 32, "/dev/loop%d", number);
	image = open(IMAGE, O_RDONLY | O_CLOEXEC);
	loop = open(device, O_RDONLY | O_CLOEXEC);
	config.fd = (uint32_t)image;
	if (image == -1 || loop == -1 ||
	    ioctl(loop, LOOP_CONFIGURE, &config) == -1)
		say_fatal("root: %s: %s", device, strerror(errno));
	close(image);
	close(control);
	/* The loop stays open until the mount holds it: it would clear. */
}

void
ramroot(const struct url *url, const struct servers *servers,
    const char *sha256, const char *at)
{
	struct ram r = {
		.fetch = { .url = url, .tell = tell },
		.servers = servers, .sha256 = sha256
	};
	char device[32];

	if (strcmp(sha256, "?") == 0)
		say_fatal("root: sha256=: it is 64 hexadecimal digits");
	prepare(&r);
	download_init(&r.fetch.file);
	url_format(url, &servers->server[0], r.name);
	say_info("root: %s", r.name);
	fetch_image(&r);
	check(&r);
	sink_close(r.fetch.sink);
	say_info("root: %s: all %" PRIu64 " KiB%s", r.name,
	    r.fetch.file.have >> 10, sha256[0] != '\0' ? ", as sha256= says" :
	    "");
	attach(device);
	if (mount(device, at, "squashfs", MS_RDONLY | MS_NODEV, NULL) == -1)
		say_fatal("root: %s: squashfs: %s%s", r.name, strerror(errno),
		    errno == ENODEV ? "; make the initrd with -f squashfs" :
		    "");
}
