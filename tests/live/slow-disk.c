/* SPDX-License-Identifier: ISC */
/*
 * A disk that answers nothing until the file SLOW_UNTIL names is there, for
 * LD_PRELOAD: whatever is called "slow" is not in the kernel's caches until
 * somebody has waited for it.
 */
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <linux/openat2.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool
disk_answers(void)
{
	const char *path = getenv("SLOW_UNTIL");

	return path == NULL || access(path, F_OK) == 0;
}

static void
wait_for_disk(void)
{
	while (!disk_answers())
		usleep(20000);
}

static bool
is_slow(const char *name)
{
	const char *last = strrchr(name, '/');

	return strcmp(last == NULL ? name : last + 1, "slow") == 0;
}

static bool
is_slow_file(int fd)
{
	char path[64], text[4096];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	len = readlink(path, text, sizeof(text) - 1);
	text[len < 0 ? 0 : len] = '\0';
	return is_slow(text);
}

ssize_t
preadv64v2(int fd, const struct iovec *part, int n, off64_t offset, int flags)
{
	ssize_t (*next)(int, const struct iovec *, int, off64_t, int) =
	    dlsym(RTLD_NEXT, "preadv64v2");

	if (!disk_answers() && is_slow_file(fd)) {
		errno = EAGAIN;
		return -1;
	}
	return next(fd, part, n, offset, flags);
}

ssize_t
pread64(int fd, void *data, size_t len, off64_t offset)
{
	ssize_t (*next)(int, void *, size_t, off64_t) =
	    dlsym(RTLD_NEXT, "pread64");

	if (is_slow_file(fd))
		wait_for_disk();
	return next(fd, data, len, offset);
}

ssize_t
getdents64(int fd, void *data, size_t len)
{
	ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "getdents64");

	if (is_slow_file(fd))
		wait_for_disk();
	return next(fd, data, len);
}

int
statx(int fd, const char *name, int flags, unsigned mask, struct statx *st)
{
	int (*next)(int, const char *, int, unsigned, struct statx *) =
	    dlsym(RTLD_NEXT, "statx");

	if (is_slow(name))
		wait_for_disk();
	return next(fd, name, flags, mask, st);
}

/* openat2, which has no function of its own. */
long
syscall(long number, ...)
{
	long (*next)(long, ...) = dlsym(RTLD_NEXT, "syscall");
	long a[5];
	va_list args;
	int i;

	va_start(args, number);
	for (i = 0; i < 5; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2 && is_slow((const char *)a[1])) {
		if ((((const struct open_how *)a[2])->resolve &
		    RESOLVE_CACHED) != 0 && !disk_answers()) {
			errno = EAGAIN;
			return -1;
		}
		wait_for_disk();
	}
	return next(number, a[0], a[1], a[2], a[3], a[4]);
}
