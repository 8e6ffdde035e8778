/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_HELD_H
#define HTTPBOOTD_HELD_H

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
	/*
	 * The whole file, for the kernel to read from and for nobody else: a
	 * process that touches a page that was cut off is killed, a system
	 * call fails with EFAULT.  NULL: not mapped, use pread(2).
	 */
	char *map;
	int64_t used_ms;
	/* What the user of this module keeps with a file; dropped with it. */
	void *kept;
	void (*drop)(void *kept);
	struct answer answer;		/* for `kept' */
};

#define HELD_SLOTS 32
#define HELD_KEEP_MS 1000	/* without a user */

struct held_table {
	int bootfd;
	struct held *slot[HELD_SLOTS];
	unsigned n;
	size_t open, room;	/* files, in slots or not; at most so many */
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
/* Lets go of what nobody asked for lately; INT64_MAX: of all. */
void held_expire(struct held_table *, int64_t now_ms);

#endif
