/* SPDX-License-Identifier: ISC */
/* What may wait for the disk: openat2, statx, preadv2, getdents64. */
#include "nfsroot-helper/disk.h"

#include <sys/syscall.h>
#include <sys/uio.h>

#include <linux/openat2.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "nfsroot-helper/folder.h"

#define LISTED_FRESH_MS 60000	/* how long a listing is thought to be kept */
#define READ_PAGE 4096
#define READ_PAGES 64	/* at once */

void
disk_begin(struct disk *d, bool hurried, const struct disk_want *had)
{
	d->hurried = hurried;
	d->want.kind = d->had.kind = DISK_NOTHING;
	if (had != NULL)
		d->had = *had;
}

static bool
is_same(const struct disk_want *a, const struct disk_want *b)
{
	return a->kind == b->kind && a->fd == b->fd &&
	    a->offset == b->offset && strcmp(a->name, b->name) == 0;
}

/*
 * Writes down what is missing.  False when a thread has done that already,
 * so that the caches do not keep it, and it has to be waited for here.
 */
static bool
lacks(struct disk *d, enum disk_kind kind, int fd, const char *name,
    uint64_t offset, size_t len)
{
	struct disk_want want = { .kind = kind, .fd = fd, .offset = offset,
	    .len = len };

	strlcpy(want.name, name, sizeof(want.name));
	if (is_same(&want, &d->had))
		return false;
	if (d->want.kind == DISK_NOTHING)
		d->want = want;
	errno = EAGAIN;
	return true;
}

/* Looks at a name in the caches alone: EAGAIN when it is not there. */
static int
stat_cached(int folder, const char *name, struct statx *st)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_CACHED,
	};
	int fd, result;

	fd = (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
	if (fd == -1)
		return -1;
	result = folder_stat(fd, "", st);
	close(fd);
	return result;
}

int
disk_stat(struct disk *d, int folder, const char *name, struct statx *st)
{
	if (d == NULL || !d->hurried || *name == '\0')
		return folder_stat(folder, name, st);
	if (d->want.kind != DISK_NOTHING) {
		errno = EAGAIN;
		return -1;
	}
	if (stat_cached(folder, name, st) == 0)
		return 0;
	if (errno != EAGAIN)
		return -1;
	if (lacks(d, DISK_NAME_LOOK, folder, name, 0, 0))
		return -1;
	return folder_stat(folder, name, st);
}

ssize_t
disk_read(struct disk *d, int fd, void *data, size_t len, uint64_t offset)
{
	struct iovec part = { .iov_base = data, .iov_len = len };
	ssize_t got;

	if (!d->hurried)
		return pread(fd, data, len, (off_t)offset);
	got = preadv2(fd, &part, 1, (off_t)offset, RWF_NOWAIT);
	if (got != -1 || (errno != EAGAIN && errno != EOPNOTSUPP))
		return got;
	if (lacks(d, DISK_READ, fd, "", offset, len))
		return -1;
	return pread(fd, data, len, (off_t)offset);
}

int
disk_may_list(struct disk *d, int folder, int64_t *listed, int64_t now)
{
	if (!d->hurried || (*listed != 0 && now - *listed < LISTED_FRESH_MS))
		return 0;
	if (d->want.kind != DISK_NOTHING) {
		errno = EAGAIN;
		return -1;
	}
	if (lacks(d, DISK_LIST, folder, "", 0, 0))
		return -1;
	*listed = now;
	return 0;
}

static bool
look(void *arg, const struct folder_entry *entry)
{
	const int *folder = arg;
	struct statx st;

	folder_stat(*folder, entry->name, &st);
	return true;
}

/* By a descriptor with a position of its own. */
static void
list(int folder)
{
	int fd = folder_open(folder, ".", O_DIRECTORY);

	if (fd == -1)
		return;
	folder_each(fd, 0, look, &fd);
	close(fd);
}

/*
 * All of it into one page that nobody looks at: what counts is the kernel's
 * cache, and each thread has a stack already.
 */
static void
read_ahead(const struct disk_want *w)
{
	uint8_t page[READ_PAGE];
	struct iovec part[READ_PAGES];
	size_t done = 0, n;
	ssize_t got = 1;

	for (n = 0; n < READ_PAGES; n++)
		part[n] = (struct iovec){ page, sizeof(page) };
	while (done < w->len && got > 0) {
		n = (w->len - done + READ_PAGE - 1) / READ_PAGE;
		got = preadv(w->fd, part, n < READ_PAGES ? (int)n : READ_PAGES,
		    (off_t)(w->offset + done));
		done += got > 0 ? (size_t)got : 0;
	}
}

void
disk_do(const struct disk_want *w)
{
	struct statx st;

	switch (w->kind) {
	case DISK_NAME_LOOK:
		folder_stat(w->fd, w->name, &st);
		break;
	case DISK_LIST:
		list(w->fd);
		break;
	case DISK_READ:
		read_ahead(w);
		break;
	default:
		break;
	}
}
