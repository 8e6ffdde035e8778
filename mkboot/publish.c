/* SPDX-License-Identifier: ISC */
/* Files and links put in place whole: temporary, fsync, rename. */
#include "mkboot/publish.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"

/* Room to compare two files by, a piece at a time. */
#define PIECE (64 * 1024)
/* Another writer of the same link may get in between; but not for ever. */
#define LINK_TRIES 16

/* Close, or unlink, on the way out of an error that errno has to tell. */
static void
close_quietly(int fd)
{
	int saved = errno;

	if (fd != -1)
		(void)close(fd);
	errno = saved;
}

/* The folder of `path', and its last part in `name'. */
static int
open_folder(int dirfd, const char *path, char name[NAME_MAX + 1])
{
	const char *slash = strrchr(path, '/');
	const char *last = slash == NULL ? path : slash + 1;
	char folder[PATH_MAX] = ".";

	if (*last == '\0' || strcmp(last, ".") == 0 ||
	    strcmp(last, "..") == 0) {
		errno = EISDIR;
		return -1;
	}
	if (strlcpy(name, last, NAME_MAX + 1) > NAME_MAX ||
	    strlen(path) >= sizeof(folder)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	/* The root folder keeps its slash. */
	if (slash != NULL)
		(void)snprintf(folder, sizeof(folder), "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
	if (dirfd == AT_FDCWD)
		return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return bootdir_openat(dirfd, folder, O_RDONLY | O_DIRECTORY);
}

static int
temporary_name(const char *name, char temporary[NAME_MAX + 1])
{
	if (snprintf(temporary, NAME_MAX + 1, ".%s.tmp", name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

/* Is the file that we hold still the one with this name? */
static bool
still_named(int fd, int folder, const char *name)
{
	struct stat held, named;

	return fstat(fd, &held) == 0 &&
	    fstatat(folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	    held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/*
 * The temporary, locked and empty.  Its last owner renamed or removed it
 * while we waited for the lock, as a rule: then try again.
 */
static int
lock_temporary(int folder, const char *temporary)
{
	int fd;

	for (;;) {
		fd = openat(folder, temporary,
		    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0600);
		if (fd == -1)
			return -1;
		if (flock(fd, LOCK_EX) == -1) {
			close_quietly(fd);
			return -1;
		}
		if (still_named(fd, folder, temporary))
			break;
		(void)close(fd);
	}
	if (ftruncate(fd, 0) == -1) {
		close_quietly(fd);
		return -1;
	}
	return fd;
}

int
publish_begin(struct publish *p, int dirfd, const char *path, mode_t mode)
{
	p->mode = mode;
	p->group = (gid_t)-1;
	p->fd = -1;
	if ((p->folder = open_folder(dirfd, path, p->name)) == -1)
		return -1;
	if (temporary_name(p->name, p->temporary) == -1 ||
	    (p->fd = lock_temporary(p->folder, p->temporary)) == -1) {
		close_quietly(p->folder);
		return -1;
	}
	return 0;
}

static void
release(struct publish *p)
{
	close_quietly(p->fd);
	close_quietly(p->folder);
	p->fd = p->folder = -1;
}

void
publish_abort(struct publish *p)
{
	int saved = errno;

	(void)unlinkat(p->folder, p->temporary, 0);
	errno = saved;
	release(p);
}

static int
set_owner_and_mode(const struct publish *p)
{
	if (p->group != (gid_t)-1 &&
	    fchown(p->fd, (uid_t)-1, p->group) == -1)
		return -1;
	return fchmod(p->fd, p->mode);
}

int
publish_end(struct publish *p)
{
	if (set_owner_and_mode(p) == -1 || fsync(p->fd) == -1 ||
	    renameat(p->folder, p->temporary, p->folder, p->name) == -1) {
		publish_abort(p);
		return -1;
	}
	/* The rename is done: what fails now only makes it less durable. */
	(void)fsync(p->folder);
	release(p);
	return 0;
}

int
publish_later(struct publish_queue *q, struct publish *p)
{
	int result = 0;

	if (q->n == PUBLISH_QUEUE)
		result = publish_flush(q);
	if (q->at == NULL)
		q->at = calloc(PUBLISH_QUEUE, sizeof(q->at[0]));
	if (q->at == NULL || set_owner_and_mode(p) == -1) {
		publish_abort(p);
		return -1;
	}
	q->at[q->n++] = *p;
	return result;
}

/* In place, now that it is on the disk. */
static int
put_in_place(struct publish *p)
{
	if (renameat(p->folder, p->temporary, p->folder, p->name) == -1) {
		publish_abort(p);
		return -1;
	}
	release(p);
	return 0;
}

int
publish_flush(struct publish_queue *q)
{
	int result = q->n == 0 ? 0 : syncfs(q->at[0].folder);
	size_t i;

	for (i = 0; i < q->n; i++) {
		if (result == -1)
			publish_abort(&q->at[i]);
		else
			result = put_in_place(&q->at[i]);
	}
	free(q->at);
	memset(q, 0, sizeof(*q));
	return result;
}

/* Octets read at this place, fewer than asked only at the end; -1: errno. */
static ssize_t
read_at(int fd, char *buffer, size_t len, off_t at)
{
	size_t got = 0;
	ssize_t n = 1;

	while (got < len && n > 0) {
		n = pread(fd, buffer + got, len - got, at + (off_t)got);
		if (n == -1 && errno != EINTR)
			return -1;
		got += n > 0 ? (size_t)n : 0;
		n = n == -1 ? 1 : n;
	}
	return (ssize_t)got;
}

static bool
same_bytes(int a, int b)
{
	char *one = malloc(PIECE), *two = malloc(PIECE);
	bool same = one != NULL && two != NULL;
	off_t at = 0;
	ssize_t n = 1, m;

	while (same && n > 0) {
		n = read_at(a, one, PIECE, at);
		m = read_at(b, two, PIECE, at);
		same = n == m && n >= 0 && memcmp(one, two, (size_t)n) == 0;
		at += n;
	}
	free(one);
	free(two);
	return same;
}

/* The file that is there now, when it is one of this size, mode and group. */
static int
open_twin(int folder, const char *name, off_t size, mode_t mode, gid_t group)
{
	struct stat st;
	int fd;

	fd = openat(folder, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_size != size || (st.st_mode & 07777) != mode ||
	    (group != (gid_t)-1 && st.st_gid != group)) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static bool
unchanged(const struct publish *p)
{
	struct stat st;
	bool same;
	int fd;

	if (fstat(p->fd, &st) == -1)
		return false;
	fd = open_twin(p->folder, p->name, st.st_size, p->mode, p->group);
	if (fd == -1)
		return false;
	same = same_bytes(p->fd, fd);
	(void)close(fd);
	return same;
}

int
publish_end_changed(struct publish *p, bool *changed)
{
	bool same = unchanged(p);

	if (changed != NULL)
		*changed = !same;
	if (!same)
		return publish_end(p);
	publish_abort(p);
	return 0;
}

int
publish_write(struct publish *p, const void *data, size_t len)
{
	const char *next = data;
	ssize_t n;

	while (len > 0) {
		n = write(p->fd, next, len);
		if (n == -1 && errno != EINTR)
			return -1;
		next += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Does the file hold these bytes and no more? */
static bool
holds(int fd, const char *data, size_t len)
{
	char piece[4096];
	size_t at = 0;
	ssize_t n;

	do {
		n = read_at(fd, piece, sizeof(piece), (off_t)at);
		if (n < 0 || (size_t)n > len - at ||
		    memcmp(piece, data + at, (size_t)n) != 0)
			return false;
		at += (size_t)n;
	} while (n > 0);
	return at == len;
}

/* Says the file there the same already?  Then not even a temporary is made. */
static bool
says_already(int dirfd, const char *path, mode_t mode, const void *data,
    size_t len)
{
	char name[NAME_MAX + 1];
	bool same = false;
	int folder, fd;

	if ((folder = open_folder(dirfd, path, name)) == -1)
		return false;
	fd = open_twin(folder, name, (off_t)len, mode, (gid_t)-1);
	if (fd != -1) {
		same = holds(fd, data, len);
		(void)close(fd);
	}
	(void)close(folder);
	return same;
}

int
publish_bytes(int dirfd, const char *path, mode_t mode, const void *data,
    size_t len, bool *changed)
{
	struct publish p;

	if (changed != NULL)
		*changed = false;
	if (says_already(dirfd, path, mode, data, len))
		return 0;
	if (publish_begin(&p, dirfd, path, mode) == -1)
		return -1;
	if (publish_write(&p, data, len) == -1) {
		publish_abort(&p);
		return -1;
	}
	return publish_end_changed(&p, changed);
}

/* Does this link lead there already? */
static bool
leads_to(int folder, const char *name, const char *target)
{
	char now[PATH_MAX];
	ssize_t n = readlinkat(folder, name, now, sizeof(now));

	return n >= 0 && (size_t)n < sizeof(now) &&
	    (size_t)n == strlen(target) && memcmp(now, target, (size_t)n) == 0;
}

/*
 * A link is whole from the moment it is made, so its temporary needs no lock:
 * another writer can take it from us, but only to put a whole link there.
 */
static int
switch_link(int folder, const char *temporary, const char *name,
    const char *target)
{
	int i;

	for (i = 0; i < LINK_TRIES; i++) {
		(void)unlinkat(folder, temporary, 0);
		if (symlinkat(target, folder, temporary) == 0 &&
		    renameat(folder, temporary, folder, name) == 0) {
			(void)fsync(folder);
			return 0;
		}
		if (errno != EEXIST && errno != ENOENT)
			break;
	}
	return -1;
}

int
publish_link(int dirfd, const char *path, const char *target, bool *changed)
{
	char name[NAME_MAX + 1], temporary[NAME_MAX + 1];
	bool same;
	int folder, result = 0;

	if ((folder = open_folder(dirfd, path, name)) == -1)
		return -1;
	same = leads_to(folder, name, target);
	if (changed != NULL)
		*changed = !same;
	if (!same && (result = temporary_name(name, temporary)) == 0)
		result = switch_link(folder, temporary, name, target);
	if (result == -1 && !same) {
		int saved = errno;

		(void)unlinkat(folder, temporary, 0);
		errno = saved;
	}
	close_quietly(folder);
	return result;
}
