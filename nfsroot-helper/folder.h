/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_FOLDER_H
#define NFSROOT_FOLDER_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The system calls that look at folders: openat2, statx, getdents64, lseek,
 * all relative to a descriptor and none following a link or a mount.
 */
#define FOLDER_CHUNK 32768	/* octets of entries that are read at once */

struct folder_entry {
	uint64_t ino;		/* of what a mount covers, where one does */
	uint64_t cookie;	/* where the next entry begins */
	unsigned char type;	/* DT_DIR, DT_UNKNOWN ... */
	const char *name;
};
/* False ends the reading. */
typedef bool folder_visit(void *, const struct folder_entry *);

/*
 * A name in a folder, opened for reading without waiting for a FIFO's writer.
 * -1 with errno: ELOOP for a link, EXDEV for a mount point.
 */
int folder_open(int folder, const char *name, int flags);
/* Of the name itself, or of the descriptor for "". */
int folder_stat(int folder, const char *name, struct statx *);
/* Is this the root of another file system, or of another mount of this one? */
bool folder_is_other(const struct statx *, const struct statx *export);

/*
 * Entries from a cookie on (0: from the start), in the file system's order
 * and with its own cookies.  1 when the last was visited, 0 when a visit
 * ended it, -1 with errno: EINVAL for a cookie that cannot be one.
 */
int folder_each(int folder, uint64_t cookie, folder_visit *, void *);
/* The same for one chunk from where the descriptor stands; 1 at the end. */
int folder_chunk(int folder, folder_visit *, void *);
/* "." or ".."? */
bool folder_is_dots(const char *name);

#endif
