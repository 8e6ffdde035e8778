/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_HELD_H
#define HTTPBOOTD_HELD_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "httpbootd/answer.h"
#include "httpbootd/lookup.h"

/*
 * Files of pub/ that are open.  All who fetch a file at one time share it,
 * and it is kept for a moment after the last of them, so that a room full of
 * machines opens it once.  It is never trusted for that: each request asks
 * the file system whether the name still leads to this file, unchanged.
 */
struct held {
	struct held_table *table;
	unsigned users;
	bool is_shared;		/* in the table, now or once */
	struct lookup lookup;
	struct timespec changed;	/* the inode, its mode too */
	LIST_ENTRY(held) files;	/* those of the table, while `fd' is open */
	/*
	 * Of a small file that all share the octets, as they were when it was
	 * opened; NULL: they are in the file alone.
	 */
	char *copy;
	bool altered;		/* in place, since then: held_look() */
	bool kept_lent;		/* a descriptor went with `kept' */
	int64_t used_ms;
	/* What the user of this module keeps with a file; dropped with it. */
	void *kept;
	void (*drop)(void *kept);
	struct answer answer;		/* for `kept' */
};

#define HELD_SLOTS 32
#define HELD_KEEP_MS 1000	/* without a user */
#define HELD_LOOK_MS 1000	/* from one look for altered files to the next */
/* What is copied: below it a copy costs less than sendfile(2) does. */
#define HELD_COPY_MAX (32 * 1024)

struct held_table {
	int bootfd;
	struct held *slot[HELD_SLOTS];
	unsigned n;
	size_t open, room;	/* descriptors, lent ones too; at most so many */
	LIST_HEAD(, held) files;	/* open ones, in slots or not */
	int64_t looked_ms;
};

/*
 * The file of this name (target_decode), or why there is none: see
 * held->lookup.found.  `who' is the machine that asks, or NULL; its private
 * files are not shared.  Where no more may be open it is REASON_BUSY.  Give
 * it back by held_put().  NULL: no memory.
 */
struct held *held_get(struct held_table *, const char *name,
    const struct mac *who, int64_t now_ms);
struct held *held_use(struct held *);
void held_put(struct held *);
/*
 * A descriptor of the file for one who closes it himself, and says so by
 * held_returned(); -1: more than half of the room is taken, or dup failed.
 */
int held_lend(struct held *);
void held_returned(struct held_table *);
/*
 * From time to time: which files were written to or cut short while they are
 * open.  True: it looked just now, and some are.
 */
bool held_look(struct held_table *, int64_t now_ms);
/* Lets go of what nobody asked for lately; INT64_MAX: of all. */
void held_expire(struct held_table *, int64_t now_ms);

#endif
