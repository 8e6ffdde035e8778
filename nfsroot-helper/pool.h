/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_POOL_H
#define NFSROOT_POOL_H

#include <sys/queue.h>

#include "nfsroot-helper/disk.h"

/*
 * Threads that wait for the disk, so that the loop need not.  They touch
 * nothing but their job.
 */
#define POOL_THREADS 8
#define POOL_STACK (128u << 10)	/* octets each: a listing needs 32 KiB */

struct job {
	TAILQ_ENTRY(job) link;
	struct disk_want want;	/* its descriptor is a copy, for the job */
	void *owner;		/* the loop's; NULL: nobody waits any more */
};

struct pool;

/* After confine().  NULL with errno. */
struct pool *pool_new(void);
/* Becomes readable when a job is done. */
int pool_descriptor(const struct pool *);
/* NULL with errno. */
struct job *pool_begin(struct pool *, const struct disk_want *, void *owner);
/* A job that is done, to be freed; NULL when there is none. */
struct job *pool_done(struct pool *);

#endif
