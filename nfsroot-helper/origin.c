/* SPDX-License-Identifier: ISC */
/* The trees of an export: openat2, statx, readlinkat in the boot directory. */
#include "nfsroot-helper/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "nfsroot-helper/folder.h"

#define VIEWS "machine/"

bool
origin_is_view(const char *name, struct mac *mac)
{
	char text[MAC_TEXT];

	return strncmp(name, VIEWS, strlen(VIEWS)) == 0 &&
	    mac_parse(name + strlen(VIEWS), mac) &&
	    strcmp(mac_format(mac, text), name + strlen(VIEWS)) == 0;
}

/* A folder beneath a folder of the boot directory, and what it is. */
static int
open_beneath(int bootfd, const char *top, const char *path, struct statx *st)
{
	int topfd, fd, error;

	topfd = bootdir_openat(bootfd, top, O_PATH | O_DIRECTORY);
	if (topfd == -1)
		return -1;
	fd = bootdir_openat(topfd, path, O_RDONLY | O_DIRECTORY);
	error = errno;
	close(topfd);
	errno = error;
	if (fd != -1 && folder_stat(fd, "", st) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

static int
open_root(int bootfd, struct origin *o)
{
	if (*o->lower == '\0' || *o->lower == '.' ||
	    strchr(o->lower, '/') != NULL) {
		errno = ENOENT;
		return -1;
	}
	o->lower_fd = open_beneath(bootfd, "root", o->lower, &o->lower_st);
	return o->lower_fd == -1 ? -1 : 0;
}

static bool
is_same(const struct statx *a, const struct statx *b)
{
	return a->stx_ino == b->stx_ino &&
	    a->stx_dev_major == b->stx_dev_major &&
	    a->stx_dev_minor == b->stx_dev_minor &&
	    a->stx_mnt_id == b->stx_mnt_id;
}

/*
 * NAME of root/NAME by the last word of image/root, which is a link; what
 * that leads to must be what lies there.
 */
static int
open_root_of(int bootfd, const char *image, struct origin *o)
{
	char text[1024];
	struct statx st;
	ssize_t len;
	int fd;

	if ((fd = bootdir_openat(bootfd, image, O_PATH | O_DIRECTORY)) == -1)
		return -1;
	len = readlinkat(fd, "root", text, sizeof(text) - 1);
	if (len > 0 && folder_stat(fd, "root/.", &st) == -1)
		len = -1;
	close(fd);
	if (len <= 0)
		return -1;
	text[len] = '\0';
	if (strlcpy(o->lower, strrchr(text, '/') == NULL ? text :
	    strrchr(text, '/') + 1, sizeof(o->lower)) >= sizeof(o->lower)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (open_root(bootfd, o) == -1)
		return -1;
	if (is_same(&st, &o->lower_st))
		return 0;
	close(o->lower_fd);
	errno = EXDEV;
	return -1;
}

static int
open_view(int bootfd, struct origin *o)
{
	char folder[ORIGIN_UPPER - sizeof("/image")], image[ORIGIN_UPPER];

	if (bootdir_machine(bootfd, &o->machine, folder,
	    sizeof(folder)) == NULL) {
		errno = ENOENT;
		return -1;
	}
	snprintf(image, sizeof(image), "%s/image", folder);
	if (open_root_of(bootfd, image, o) == -1)
		return -1;
	snprintf(o->upper, sizeof(o->upper), "%s/files", folder);
	o->upper_fd = open_beneath(bootfd, "machine",
	    o->upper + strlen(VIEWS), &o->upper_st);
	if (o->upper_fd != -1 || errno == ENOENT)
		return 0;
	close(o->lower_fd);
	return -1;
}

int
origin_open(int bootfd, const char *name, struct origin *o)
{
	memset(o, 0, sizeof(*o));
	o->upper_fd = -1;
	o->is_view = origin_is_view(name, &o->machine);
	if (o->is_view)
		return open_view(bootfd, o);
	if (strlcpy(o->lower, name, sizeof(o->lower)) >= sizeof(o->lower)) {
		errno = ENOENT;
		return -1;
	}
	return open_root(bootfd, o);
}

void
origin_close(const struct origin *o)
{
	close(o->lower_fd);
	if (o->upper_fd != -1)
		close(o->upper_fd);
}

bool
origin_is_same(const struct origin *a, const struct origin *b)
{
	return is_same(&a->lower_st, &b->lower_st) &&
	    (a->upper_fd == -1) == (b->upper_fd == -1) &&
	    (a->upper_fd == -1 || is_same(&a->upper_st, &b->upper_st));
}
