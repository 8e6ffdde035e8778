/* SPDX-License-Identifier: ISC */
/* A newc archive, written member by member to a sink. */
#include "mkboot/cpio.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER 110		/* "070701" and 13 numbers of 8 hex digits */
#define FIRST_INODE 721
#define BLOCK 512
#define CHUNK (64 * 1024)	/* octets copied from a file at a time */
#define MAX32 UINT32_C(0xffffffff)

/* What stands in a header besides inode, time and name. */
struct member {
	mode_t mode;
	uint32_t uid, gid;
	uint32_t nlink;
	uint64_t size;
	dev_t device;
};

static int
fail(struct cpio *c, int error)
{
	if (c->error == 0)
		c->error = error;
	errno = c->error;
	return -1;
}

static int
put(struct cpio *c, const void *data, size_t len)
{
	if (c->error != 0)
		return fail(c, c->error);
	if (len > 0 && c->write(c->context, data, len) == -1)
		return fail(c, errno != 0 ? errno : EIO);
	c->written += len;
	return 0;
}

/* Zeros up to a multiple of `unit', which is BLOCK at the most. */
static int
pad(struct cpio *c, unsigned unit)
{
	static const char zeros[BLOCK];

	return put(c, zeros, (size_t)((unit - c->written % unit) % unit));
}

/* Header and name, as far as where the member's data begins. */
static int
put_header(struct cpio *c, const char *path, const struct member *m,
    uint32_t inode, uint32_t mtime)
{
	char header[HEADER + 1];
	size_t name = strlen(path) + 1;

	snprintf(header, sizeof(header),
	    "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X",
	    inode, (unsigned)m->mode, m->uid, m->gid, m->nlink, mtime,
	    (unsigned)m->size, 0, 0, major(m->device), minor(m->device),
	    (unsigned)name, 0);
	if (put(c, header, HEADER) == -1 || put(c, path, name) == -1)
		return -1;
	return pad(c, 4);
}

static int
check(struct cpio *c, const char *path, const struct member *m)
{
	if (c->error != 0)
		return fail(c, c->error);
	if (*path == '\0' || *path == '/')
		return fail(c, EINVAL);
	if (strlen(path) >= PATH_MAX)
		return fail(c, ENAMETOOLONG);
	if (m->size > MAX32 || c->inode == MAX32)
		return fail(c, EFBIG);
	return 0;
}

static int
begin_member(struct cpio *c, const char *path, mode_t type,
    struct cpio_attr attr, uint64_t size, dev_t device)
{
	const struct member m = {
		.mode = type | (attr.mode & 07777),
		.uid = attr.uid,
		.gid = attr.gid,
		/* 1, so that no reader takes two archives' inodes for one. */
		.nlink = S_ISDIR(type) ? 2 : 1,
		.size = size,
		.device = device
	};

	if (check(c, path, &m) == -1)
		return -1;
	return put_header(c, path, &m, c->inode++, c->mtime);
}

void
cpio_begin(struct cpio *c,
    int (*write)(void *context, const void *, size_t len), void *context,
    int64_t mtime)
{
	memset(c, 0, sizeof(*c));
	c->write = write;
	c->context = context;
	c->inode = FIRST_INODE;
	if (mtime < 0 || mtime > MAX32)
		c->error = EFBIG;
	c->mtime = (uint32_t)mtime;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* 1 when the folder is new, 0 when it was written before, -1 on failure. */
static int
remember(struct cpio *c, const char *path)
{
	char *copy;

	if (tfind(path, &c->folders, compare) != NULL)
		return 0;
	if ((copy = strdup(path)) == NULL)
		return fail(c, ENOMEM);
	if (tsearch(copy, &c->folders, compare) == NULL) {
		free(copy);
		return fail(c, ENOMEM);
	}
	return 1;
}

int
cpio_dir(struct cpio *c, const char *path, struct cpio_attr attr)
{
	int news;

	if (c->error != 0)
		return fail(c, c->error);
	if ((news = remember(c, path)) != 1)
		return news;
	return begin_member(c, path, S_IFDIR, attr, 0, 0);
}

int
cpio_parents(struct cpio *c, const char *path)
{
	char folder[PATH_MAX];
	const char *slash;
	size_t len;

	for (slash = strchr(path, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/')) {
		if ((len = (size_t)(slash - path)) >= sizeof(folder))
			return fail(c, ENAMETOOLONG);
		memcpy(folder, path, len);
		folder[len] = '\0';
		if (cpio_dir(c, folder, CPIO_ROOT(0755)) == -1)
			return -1;
	}
	return c->error != 0 ? fail(c, c->error) : 0;
}

int
cpio_file(struct cpio *c, const char *path, struct cpio_attr attr,
    const void *data, size_t len)
{
	if (begin_member(c, path, S_IFREG, attr, len, 0) == -1 ||
	    put(c, data, len) == -1)
		return -1;
	return pad(c, 4);
}

int
cpio_file_fd(struct cpio *c, const char *path, struct cpio_attr attr, int fd,
    off_t size)
{
	char chunk[CHUNK];
	uint64_t left = (uint64_t)size;
	ssize_t n;

	if (begin_member(c, path, S_IFREG, attr, left, 0) == -1)
		return -1;
	while (left > 0) {
		n = read(fd, chunk, left < CHUNK ? (size_t)left : CHUNK);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return fail(c, n == 0 ? EIO : errno);
		if (put(c, chunk, (size_t)n) == -1)
			return -1;
		left -= (uint64_t)n;
	}
	return pad(c, 4);
}

int
cpio_symlink(struct cpio *c, const char *path, struct cpio_attr attr,
    const char *target)
{
	size_t len = strlen(target);

	/* The kernel drops a link of size 0, and stops at PATH_MAX. */
	if (len == 0 || len >= PATH_MAX)
		return fail(c, len == 0 ? EINVAL : ENAMETOOLONG);
	if (begin_member(c, path, S_IFLNK, attr, len, 0) == -1 ||
	    put(c, target, len) == -1)
		return -1;
	return pad(c, 4);
}

int
cpio_node(struct cpio *c, const char *path, struct cpio_attr attr, mode_t type,
    dev_t device)
{
	return begin_member(c, path, type & S_IFMT, attr, 0, device);
}

int
cpio_end(struct cpio *c)
{
	static const struct member trailer = { .nlink = 1 };

	tdestroy(c->folders, free);
	c->folders = NULL;
	if (put_header(c, "TRAILER!!!", &trailer, 0, 0) == -1)
		return -1;
	return pad(c, BLOCK);
}
