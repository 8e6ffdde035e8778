/* SPDX-License-Identifier: ISC */
/* Looking at folders: openat2, statx, getdents64, lseek. */
#include "nfsroot-helper/folder.h"

#include <sys/syscall.h>

#include <linux/openat2.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
folder_open(int folder, const char *name, int flags)
{
	struct open_how how = {
		.flags = (unsigned)(O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		    O_CLOEXEC | O_NOCTTY | flags),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS |
		    RESOLVE_NO_XDEV,
	};

	return (int)syscall(SYS_openat2, folder, name, &how, sizeof(how));
}

int
folder_stat(int folder, const char *name, struct statx *st)
{
	return statx(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT |
	    (*name == '\0' ? AT_EMPTY_PATH : 0),
	    STATX_BASIC_STATS | STATX_BTIME, st);
}

bool
folder_is_other(const struct statx *st, const struct statx *export)
{
	return (st->stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0 ||
	    st->stx_dev_major != export->stx_dev_major ||
	    st->stx_dev_minor != export->stx_dev_minor;
}

/*
 * -1 with errno, 0 when a visit ended it, else the octets that were read.
 * The kernel writes whole, aligned and terminated entries.
 */
static ssize_t
visit_chunk(int folder, folder_visit *visit, void *arg)
{
	_Alignas(struct dirent64) char chunk[FOLDER_CHUNK];
	struct folder_entry entry;
	const struct dirent64 *d;
	ssize_t len, at;

	if ((len = getdents64(folder, chunk, sizeof(chunk))) <= 0)
		return len == 0 ? 1 : -1;
	for (at = 0; at < len; at += d->d_reclen) {
		d = (const struct dirent64 *)(const void *)(chunk + at);
		entry.ino = d->d_ino;
		entry.cookie = (uint64_t)d->d_off;
		entry.type = d->d_type;
		entry.name = d->d_name;
		if (!visit(arg, &entry))
			return 0;
	}
	return len;
}

int
folder_chunk(int folder, folder_visit *visit, void *arg)
{
	ssize_t len = visit_chunk(folder, visit, arg);

	return len == 1 || len == -1 ? (int)len : 0;
}

int
folder_each(int folder, uint64_t cookie, folder_visit *visit, void *arg)
{
	ssize_t len;

	if (cookie > INT64_MAX) {
		errno = EINVAL;
		return -1;
	}
	if (lseek(folder, (off_t)cookie, SEEK_SET) == -1)
		return -1;
	while ((len = visit_chunk(folder, visit, arg)) > 1)
		continue;
	return (int)len;
}

bool
folder_is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}
