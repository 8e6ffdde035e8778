/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_LAYERS_H
#define NFSROOT_LAYERS_H

#include "nfsroot-helper/disk.h"
#include "nfsroot-helper/folder.h"

/*
 * A folder of an export: one on disk, or, in a machine's view, two, of which
 * the machine's own is laid over the image's.  What is in the upper one hides
 * what has that name in the lower one, but that two folders are shown as one;
 * a whiteout hides it and is not there itself.  A whiteout of NAME is a
 * character device 0:0 called NAME, as overlayfs has it, or a file called
 * .wh.NAME, for trees that are made without root; a file .wh..wh..opq in a
 * folder hides all that the lower folder of that name has.
 *
 * Inode numbers of the upper layer, and the cookies of its entries, have
 * LAYERS_UPPER set: the two may be of different file systems.  Two folders
 * shown as one go by the lower one's number, so that they keep it when the
 * upper one comes or goes.
 */
#define LAYERS_UPPER (UINT64_C(1) << 63)

struct layers {
	int lower, upper;	/* descriptors, or -1 */
	/* Roots of the trees that they are in: no mount below is crossed. */
	const struct statx *lower_root, *upper_root;
	bool ask;		/* getdents64 and statx differ on inodes */
	/* For the lower one; NULL: waited for, as the upper one, which is small. */
	struct disk *disk;
};

/* What a name leads to. */
struct sight {
	struct statx st;	/* the attributes to be shown */
	uint64_t ino;		/* with LAYERS_UPPER */
	uint32_t check;		/* handle.h */
	uint64_t over;		/* inode of what is laid over it; 0: nothing */
	bool covered;		/* something is mounted on it */
};

/* -1 with errno: ENOENT also for what is hidden. */
int layers_look(const struct layers *, const char *name, struct sight *);
/* The folder itself. */
int layers_look_self(const struct layers *, struct sight *);
/* As folder_each(). */
int layers_each(const struct layers *, uint64_t cookie, folder_visit *,
    void *);

#endif
