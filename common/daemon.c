/* SPDX-License-Identifier: ISC */
/* What every daemon's main() shares: flags, signals, readiness, clock. */
#include "common/daemon.h"

#include <sys/resource.h>
#include <sys/signalfd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/log.h"

void
daemon_init(struct daemon *d, const char *prog, unsigned port)
{
	log_open(prog, false, false);	/* for what is wrong in the flags */
	memset(d, 0, sizeof(*d));
	d->prog = prog;
	d->bootdir = BOOTDIR_DEFAULT;
	d->port = port;
	d->ready_fd = -1;
}

/* A number between bounds, or the end of the program. */
static int
number(const char *value, int min, int max, const char *what)
{
	const char *why;
	long long n = strtonum(value, min, max, &why);

	if (why != NULL)
		log_fatal(EXIT_USER, "%s %s: %s; say a number from %d to %d",
		    what, value, why, min, max);
	return (int)n;
}

bool
daemon_flag(struct daemon *d, int flag, const char *value)
{
	switch (flag) {
	case 'D':
		d->ready_fd = number(value, 0, 1 << 20, "-D");
		return true;
	case 'd':
		d->bootdir = value;
		return true;
	case 'e':
		d->explain = true;
		return true;
	case 'i':
		d->interface = value;
		return true;
	case 'l':
		d->listen = value;
		return true;
	case 'n':
		d->check = true;
		return true;
	case 'p':
		d->port = (unsigned)number(value, 1, 65535, "-p");
		return true;
	case 'u':
		d->user = value;
		return true;
	case 'v':
		d->verbose = true;
		return true;
	default:
		return false;
	}
}

void
daemon_usage(const struct daemon *d, const char *extra_flags)
{
	fprintf(stderr, "usage: %s %s%s%s\n", d->prog, DAEMON_USAGE,
	    *extra_flags == '\0' ? "" : " ", extra_flags);
	exit(EXIT_USER);
}

int
daemon_bootdir(const struct daemon *d)
{
	int fd = bootdir_open(d->bootdir);

	if (fd == -1 && errno == ENOSYS)
		log_fatal(EXIT_SYSTEM, "boot directory %s: this kernel lacks "
		    "openat2; Linux 5.6 or newer is needed", d->bootdir);
	if (fd == -1)
		log_fatal(errno == ENOENT || errno == ENOTDIR ? EXIT_USER :
		    EXIT_SYSTEM, "boot directory %s: %s; make one with "
		    "`mkboot create', or name another with -d", d->bootdir,
		    strerror(errno));
	return fd;
}

int
daemon_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) == -1 ||
	    (fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) == -1)
		log_fatal(EXIT_SYSTEM, "signalfd: %s", strerror(errno));
	return fd;
}

void
daemon_ready(struct daemon *d, const char *where)
{
	if (d->ready_fd != -1) {
		if (write(d->ready_fd, "\n", 1) != 1)
			log_warn("readiness on descriptor %d: %s", d->ready_fd,
			    strerror(errno));
		close(d->ready_fd);
		d->ready_fd = -1;
	}
	log_info("ready: %s serves %s", where, d->bootdir);
}

size_t
daemon_capacity(size_t max, unsigned each, unsigned spare)
{
	const rlim_t want = spare + each * max;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		log_fatal(EXIT_SYSTEM, "getrlimit: %s", strerror(errno));
	if (limit.rlim_cur < want) {
		limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
		if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
			log_fatal(EXIT_SYSTEM, "setrlimit: %s",
			    strerror(errno));
	}
	if (limit.rlim_cur < spare + each)
		log_fatal(EXIT_USER, "a limit of %ju open files is too low",
		    (uintmax_t)limit.rlim_cur);
	if (limit.rlim_cur > want)
		limit.rlim_cur = want;
	return (size_t)(limit.rlim_cur - spare) / each;
}

int
daemon_check_pub(const struct daemon *d, int bootfd)
{
	int fd = bootdir_openat(bootfd, "pub", O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		log_fatal(EXIT_USER, "%s/pub: %s; files to hand out go there",
		    d->bootdir, strerror(errno));
	close(fd);
	return EXIT_OK;
}

int64_t
daemon_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
