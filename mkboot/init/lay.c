/* SPDX-License-Identifier: ISC */
/* Lays one tree of files over another. */
#include "mkboot/init/lay.h"

#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEPTH_MAX 64
#define XATTR_NAMES 4096
#define XATTR_VALUE 4096

struct lay {
	int root;		/* of the target */
	void (*failed)(const char *path, int error);
	int laid;
};

/* A pair of folders, and where they are below both roots. */
struct place {
	int from, to;
	char path[PATH_MAX];
	unsigned depth;
};

static void lay_folder(struct lay *, struct place *);

/* What the source has beyond owner and mode; few have any. */
static void
copy_xattrs(int from, int to)
{
	char names[XATTR_NAMES], value[XATTR_VALUE], *name;
	ssize_t len, n;

	len = flistxattr(from, names, sizeof(names));
	for (name = names; len > 0 && name < names + len;
	    name += strlen(name) + 1) {
		n = fgetxattr(from, name, value, sizeof(value));
		/* A file system that keeps none loses none that count. */
		if (n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == -1)
			errno = 0;
	}
}

/* Owner first: changing it takes set-user-id bits away. */
static int
copy_attributes(const struct stat *st, int fd)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchown(fd, st->st_uid, st->st_gid) == -1 ||
	    fchmod(fd, st->st_mode & 07777) == -1)
		return -1;
	return futimens(fd, times);
}

static int
copy_bytes(int from, int to, off_t size)
{
	ssize_t n;

	while (size > 0) {
		n = sendfile(to, from, NULL, (size_t)size);
		if (n <= 0) {
			errno = n == 0 ? EIO : errno;
			return -1;
		}
		size -= n;
	}
	return 0;
}

static int
lay_file(const struct place *p, const char *name, const struct stat *st)
{
	int from, to, error, result = -1;

	from = openat(p->from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (from == -1)
		return -1;
	to = openat(p->to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to == -1)
		goto out;
	if (copy_bytes(from, to, st->st_size) == -1)
		goto out;
	result = copy_attributes(st, to);
	copy_xattrs(from, to);
out:
	error = errno;
	if (to != -1)
		close(to);
	/* Half of a file is worse than none, and takes others' room. */
	if (to != -1 && result == -1)
		(void)unlinkat(p->to, name, 0);
	close(from);
	errno = error;
	return result;
}

static int
lay_link(const struct place *p, const char *name, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n;

	n = readlinkat(p->from, name, target, sizeof(target) - 1);
	if (n == -1)
		return -1;
	target[n] = '\0';
	if (symlinkat(target, p->to, name) == -1)
		return -1;
	return fchownat(p->to, name, st->st_uid, st->st_gid,
	    AT_SYMLINK_NOFOLLOW);
}

static int
lay_node(const struct place *p, const char *name, const struct stat *st)
{
	if (mknodat(p->to, name, st->st_mode & S_IFMT, st->st_rdev) == -1 ||
	    fchownat(p->to, name, st->st_uid, st->st_gid,
	    AT_SYMLINK_NOFOLLOW) == -1)
		return -1;
	return fchmodat(p->to, name, st->st_mode & 07777, 0);
}

/* Anything but a folder takes the place of anything but a folder. */
static int
lay_other(const struct place *p, const char *name, const struct stat *st)
{
	if (unlinkat(p->to, name, 0) == -1 && errno != ENOENT)
		return -1;
	if (S_ISREG(st->st_mode))
		return lay_file(p, name, st);
	if (S_ISLNK(st->st_mode))
		return lay_link(p, name, st);
	return lay_node(p, name, st);
}

static int
open_in_root(const struct lay *o, const char *path)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT
	};

	return (int)syscall(SYS_openat2, o->root, path, &how, sizeof(how));
}

/*
 * The target's folder, by its whole path, so that lib/ finds usr/lib/ through
 * the root's own link; made where there is none, and then *made is true.
 */
static int
open_target(const struct lay *o, const struct place *p, const char *name,
    const char *path, bool *made)
{
	int fd;

	*made = mkdirat(p->to, name, 0700) == 0;
	if (!*made && errno != EEXIST)
		return -1;
	fd = open_in_root(o, path);
	if (fd != -1 || errno != ENOTDIR)
		return fd;
	if (unlinkat(p->to, name, 0) == -1 || mkdirat(p->to, name, 0700) == -1)
		return -1;
	*made = true;
	return open_in_root(o, path);
}

static int
lay_subfolder(struct lay *o, const struct place *p, const char *name,
    const struct stat *st)
{
	struct place below;
	bool made;
	int error, result = -1;

	if (p->depth == DEPTH_MAX ||
	    snprintf(below.path, sizeof(below.path), "%s/%s", p->path, name) >=
	    (int)sizeof(below.path)) {
		errno = ELOOP;
		return -1;
	}
	below.depth = p->depth + 1;
	below.from = openat(p->from, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below.from == -1)
		return -1;
	below.to = open_target(o, p, name, below.path, &made);
	if (below.to != -1) {
		lay_folder(o, &below);
		/* Last, as what is laid inside changes its times. */
		result = made ? copy_attributes(st, below.to) : 0;
		if (made)
			copy_xattrs(below.from, below.to);
	}
	error = errno;
	if (below.to != -1)
		close(below.to);
	close(below.from);
	errno = error;
	return result;
}

static void
lay_entry(struct lay *o, const struct place *p, const char *name)
{
	char path[PATH_MAX + NAME_MAX + 2];
	struct stat st;
	int result;

	result = fstatat(p->from, name, &st, AT_SYMLINK_NOFOLLOW);
	if (result == 0 && S_ISDIR(st.st_mode))
		result = lay_subfolder(o, p, name, &st);
	else if (result == 0)
		result = lay_other(p, name, &st);
	if (result == 0) {
		o->laid++;
		return;
	}
	snprintf(path, sizeof(path), "%s/%s", p->path, name);
	o->failed(path, errno);
}

static void
lay_folder(struct lay *o, struct place *p)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	if ((fd = fcntl(p->from, F_DUPFD_CLOEXEC, 0)) == -1 ||
	    (dir = fdopendir(fd)) == NULL) {
		o->failed(p->path, errno);
		if (fd != -1)
			close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			lay_entry(o, p, entry->d_name);
	closedir(dir);
}

int
lay_tree(const char *from, const char *to,
    void (*failed)(const char *path, int error))
{
	struct lay o = { .failed = failed };
	struct place top = { .path = "", .depth = 0 };
	int result = -1;

	top.from = open(from, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top.from == -1)
		return -1;
	top.to = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (top.to != -1) {
		o.root = top.to;
		lay_folder(&o, &top);
		result = o.laid;
		close(top.to);
	}
	close(top.from);
	return result;
}
