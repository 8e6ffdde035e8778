/* SPDX-License-Identifier: ISC */
/* A root tree whose links are followed as if it were the root. */
#include "mkboot/tree.h"

#include <sys/syscall.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RACES_MAX 10000	/* as in common/bootdir.c */

/* A magic link of proc(5) says where a descriptor leads. */
static int
path_of(int fd, char path[PATH_MAX])
{
	char link[sizeof("/proc/self/fd/") + 16];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if ((n = readlink(link, path, PATH_MAX - 1)) == -1)
		return -1;
	path[n] = '\0';
	return 0;
}

int
tree_open(struct tree *t, const char *path)
{
	t->fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (t->fd == -1)
		return -1;
	if (path_of(t->fd, t->path) == -1) {
		close(t->fd);
		return -1;
	}
	if (strcmp(t->path, "/") == 0)
		t->path[0] = '\0';
	return 0;
}

void
tree_close(struct tree *t)
{
	close(t->fd);
}

int
tree_openat(const struct tree *t, const char *path, int flags)
{
	struct open_how how = {
		.flags = (unsigned)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS
	};

	int fd, races = 0;

	/* O_PATH takes no other flag. */
	if ((flags & O_PATH) == 0)
		how.flags |= O_NOCTTY;
	/*
	 * Where `..' is on the way and anything anywhere is being renamed,
	 * the kernel says EAGAIN, openat2(2), and means it.
	 */
	do
		fd = (int)syscall(SYS_openat2, t->fd, path, &how,
		    sizeof(how));
	while (fd == -1 && errno == EAGAIN && ++races < RACES_MAX);
	return fd;
}

char *
tree_host_path(const struct tree *t, const char *path)
{
	char real[PATH_MAX];
	int fd, result, error;

	if ((fd = tree_openat(t, path, O_PATH)) == -1)
		return NULL;
	result = path_of(fd, real);
	error = errno;
	close(fd);
	errno = error;
	return result == -1 ? NULL : strdup(real);
}

char *
tree_resolve(const struct tree *t, const char *path)
{
	const size_t len = strlen(t->path);
	char *real = tree_host_path(t, path);

	if (real == NULL)
		return NULL;
	/* The kernel has just resolved it below the tree. */
	if (strncmp(real, t->path, len) != 0 ||
	    (real[len] != '/' && real[len] != '\0')) {
		free(real);
		errno = EXDEV;
		return NULL;
	}
	while (real[len] == '/')
		memmove(real + len, real + len + 1, strlen(real + len));
	memmove(real, real + len, strlen(real + len) + 1);
	return real;
}

/* All there is, as far as max + 1 octets: that many, or -1 with errno. */
static ssize_t
read_some(int fd, char *text, size_t max)
{
	size_t got = 0;
	ssize_t n = 1;

	while (n > 0 && got <= max) {
		n = read(fd, text + got, max + 1 - got);
		if (n == -1 && errno != EINTR)
			return -1;
		got += n > 0 ? (size_t)n : 0;
		n = n == -1 ? 1 : n;
	}
	return (ssize_t)got;
}

char *
tree_text(const struct tree *t, const char *path, size_t max)
{
	ssize_t got;
	char *text;
	int fd, error;

	if ((fd = tree_openat(t, path, O_RDONLY | O_NONBLOCK)) == -1)
		return NULL;
	if ((text = malloc(max + 2)) == NULL)
		goto out;
	got = read_some(fd, text, max);
	if (got >= 0 && (size_t)got <= max)
		text[got] = '\0';
	else {
		error = got == -1 ? errno : EFBIG;
		free(text);
		text = NULL;
		errno = error;
	}
out:
	error = errno;
	close(fd);
	errno = error;
	return text;
}
