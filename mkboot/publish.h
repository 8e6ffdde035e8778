/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PUBLISH_H
#define MKBOOT_PUBLISH_H

#include <sys/types.h>

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Replacing a file as bootdir(7) asks: a temporary with a leading dot in the
 * same folder, fsync, rename.  A reader finds the old file or the new one.
 *
 * The temporary has one fixed name and is locked (flock) while somebody
 * writes it: a second writer of the same file waits its turn, and what a
 * killed one left behind is taken over by the next instead of piling up.
 *
 * `path' is relative to `dirfd' and may not lead out of it (EXDEV); with
 * AT_FDCWD it is taken as the user gave it.  Folders are not made.
 */
struct publish {
	int fd;			/* write the new file's bytes here */
	int folder;
	mode_t mode;
	gid_t group;		/* (gid_t)-1, as publish_begin() sets it: the
				 * writer's; else whose the file becomes */
	char name[NAME_MAX + 1];
	char temporary[NAME_MAX + 1];
};

/* 0, or -1 with errno; after -1 there is nothing to abort. */
int publish_begin(struct publish *, int dirfd, const char *path, mode_t);
/* Puts the file in its place.  -1 with errno: the old one stands untouched. */
int publish_end(struct publish *);
/*
 * The same, but a file that has these bytes and this mode already is left
 * alone, its inode and times too.  *changed (may be NULL) says which.
 */
int publish_end_changed(struct publish *, bool *changed);
/*
 * Many files at once: each is written, one sync is for all of them, and then
 * they are put in their places in the order in which they came.  A file may
 * be there once only.  All zeros is an empty queue.
 */
#define PUBLISH_QUEUE 200	/* it is flushed when it has so many */
struct publish_queue {
	struct publish *at;
	size_t n;
};
/* Instead of publish_end(); -1 with errno: this file, or one before it. */
int publish_later(struct publish_queue *, struct publish *);
/* Puts them all in place, and frees; -1 with errno: some stand untouched. */
int publish_flush(struct publish_queue *);

/* Takes the temporary away; errno is kept. */
void publish_abort(struct publish *);

/* Writes it all, or -1 with errno. */
int publish_write(struct publish *, const void *, size_t len);

/* A whole file from memory, by the rules of publish_end_changed(). */
int publish_bytes(int dirfd, const char *path, mode_t, const void *,
    size_t len, bool *changed);
/* A symbolic link to `target', switched by a rename; same rules. */
int publish_link(int dirfd, const char *path, const char *target,
    bool *changed);

#endif
