/* SPDX-License-Identifier: ISC */
/*
 * A disk that takes nothing until the file SLOW_UNTIL names is there, for
 * LD_PRELOAD: whichever thread but the first makes a file or a folder waits.
 */
#include <sys/stat.h>

#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

static void
wait_for_disk(void)
{
	const char *path = getenv("SLOW_UNTIL");

	while (path != NULL && gettid() != getpid() && access(path, F_OK) != 0)
		usleep(20000);
}

int
mkdirat(int fd, const char *name, mode_t mode)
{
	int (*next)(int, const char *, mode_t) = dlsym(RTLD_NEXT, "mkdirat");

	wait_for_disk();
	return next(fd, name, mode);
}

/* openat(2), where a file's size has 64 bits. */
int
openat64(int fd, const char *name, int flags, ...)
{
	int (*next)(int, const char *, int, ...) =
	    dlsym(RTLD_NEXT, "openat64");
	mode_t mode;
	va_list args;

	va_start(args, flags);
	mode = va_arg(args, mode_t);
	va_end(args);
	if ((flags & (O_WRONLY | O_RDWR)) != 0)
		wait_for_disk();
	return next(fd, name, flags, mode);
}
