/* SPDX-License-Identifier: ISC */
/* The file that a request names: openat2, fstat, readlink, close. */
#include "httpbootd/lookup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "httpbootd/target.h"

#define FD_PATH 32	/* "/proc/self/fd/" and a number */

void
lookup_target(struct lookup *l, const char *target)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	l->found.reason = target_decode(target, l->name);
	/* A name that was refused is told as it came. */
	if (l->found.reason != REASON_WHOLE)
		strlcpy(l->name, target, sizeof(l->name));
	l->found.name = l->name;
}

void
lookup_name(struct lookup *l, const char *name)
{
	memset(l, 0, sizeof(*l));
	l->fd = -1;
	strlcpy(l->name, name, sizeof(l->name));
	l->found.name = l->name;
}

static struct file
file_of(const struct stat *st)
{
	return (struct file){
		.dev = st->st_dev, .ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime = st->st_mtim.tv_sec,
		.mtime_ns = (uint32_t)st->st_mtim.tv_nsec,
	};
}

/* The path that the kernel has for a descriptor; false without /proc. */
static bool
path_of_fd(int fd, char *path, size_t size)
{
	char link[FD_PATH];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, size - 1);
	path[len == -1 ? 0 : len] = '\0';
	return len != -1;
}

/* Where symbolic links led, as a name below pub/ again. */
static void
find_real_name(struct lookup *l, int bootfd)
{
	char boot[BOOTDIR_PATH_MAX];
	size_t len;

	if (!path_of_fd(bootfd, boot, sizeof(boot)) ||
	    !path_of_fd(l->fd, l->real, sizeof(l->real)))
		return;
	strlcat(boot, "/pub/", sizeof(boot));
	len = strlen(boot);
	if (strncmp(l->real, boot, len) != 0)
		return;
	memmove(l->real, l->real + len, strlen(l->real + len) + 1);
	l->found.real = l->real;
}

void
lookup_file(struct lookup *l, int bootfd, const struct mac *who,
    struct stat *st)
{
	struct found *f = &l->found;
	enum pub_answer answer;
	int error;

	if (f->reason != REASON_WHOLE)
		return;
	answer = pub_open(bootfd, l->name, who, &l->fd, st);
	error = errno;
	f->reason = reason_from_pub(answer, error);
	if (f->reason == REASON_SYSTEM || f->reason == REASON_BUSY)
		log_warn("open a file: %s", strerror(error));
	if (f->reason != REASON_WHOLE)
		return;
	f->file = file_of(st);
	l->is_public = (st->st_mode & S_IROTH) != 0;
	/* What type a name without an ending has, its link may tell. */
	find_real_name(l, bootfd);
}

void
lookup_close(struct lookup *l)
{
	if (l->fd != -1)
		close(l->fd);
	l->fd = -1;
}
