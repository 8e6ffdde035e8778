/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_DISK_H
#define NFSROOT_DISK_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Looking at files without waiting for the disk.  What the kernel has in its
 * caches is looked at; for anything else the look fails with EAGAIN, and
 * what was missing is written down.  A thread (pool.h) then does that one
 * thing, and waits; afterwards the whole call is answered anew, and finds it.
 */
#define DISK_NAME 256

enum disk_kind {
	DISK_NOTHING,
	DISK_NAME_LOOK,		/* a name in a folder */
	DISK_LIST,		/* all of a folder, and what its names are */
	DISK_READ		/* some of a file */
};

struct disk_want {
	enum disk_kind kind;
	int fd;
	char name[DISK_NAME];
	uint64_t offset;
	size_t len;
};

struct disk {
	bool hurried;		/* else nothing fails: all is waited for */
	struct disk_want want;	/* the first that was missing */
	/* What a thread has done for this call: it is not asked for twice. */
	struct disk_want had;
};

/* Begins a call; `had' is what was done for it before, or NULL. */
void disk_begin(struct disk *, bool hurried, const struct disk_want *had);
/* As folder_stat(); NULL is a disk that is waited for. */
int disk_stat(struct disk *, int folder, const char *name, struct statx *);
/* As pread(2), but that some octets are enough. */
ssize_t disk_read(struct disk *, int fd, void *, size_t len, uint64_t offset);
/*
 * Before a folder is listed.  The kernel does not say whether it would have
 * to wait: what was listed lately is believed to be at hand.  *listed is the
 * time of that, in ms.  -1 with EAGAIN.
 */
int disk_may_list(struct disk *, int folder, int64_t *listed, int64_t now);

/* Does what is missing, and waits for it: for a thread. */
void disk_do(const struct disk_want *);

#endif
