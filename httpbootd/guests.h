/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_GUESTS_H
#define HTTPBOOTD_GUESTS_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"

/*
 * Who is connected, how many from one address, and who of them has asked for
 * nothing yet and for how long.  No socket and no clock in here: connections
 * come in and go out, and the caller hangs up on whom it is told to.
 */
#define GUESTS_PATIENCE_MS (60 * 1000)	/* for a whole request head */
#define GUESTS_GRACE_MS (2 * 1000)	/* when others want the place */
#define GUESTS_REFUSED_MAX 16	/* those who wait to be told of it */
#define GUESTS_OVER_MAX 16	/* let in while those who go still go */
#define GUESTS_BUCKETS 4096

struct guest {
	TAILQ_ENTRY(guest) queue;	/* of those who wait */
	LIST_ENTRY(guest) bucket;	/* those of like addresses */
	union address address;
	int fd;
	int64_t since_ms;		/* waiting */
	bool waits;			/* for its request to come whole */
	bool refused;			/* over a limit: gets 503 */
	bool goes;			/* was hung up on */
};

struct guests {
	size_t max, max_each;	/* in all, and from one address */
	size_t n, refused;	/* now; the refused are not among `n' */
	size_t going;		/* of `n': hung up on, not gone yet */
	TAILQ_HEAD(guest_queue, guest) waiting;	/* the longest first */
	struct guest_queue turned_away;	/* the refused who wait, likewise */
	LIST_HEAD(guest_bucket, guest) bucket[GUESTS_BUCKETS];
};

void guests_init(struct guests *, size_t max, size_t max_each);
/*
 * A connection has come; guest->refused says whether it will be served.
 * False: not even that, as so many are being refused; it is not taken in.
 * The guest's memory is the caller's, up to guests_leave().
 */
bool guests_enter(struct guests *, struct guest *, int fd,
    const struct sockaddr *, int64_t now_ms);
void guests_leave(struct guests *, struct guest *);
/* Its request has come whole. */
void guests_asked(struct guests *, struct guest *);
/* Its answer is done, and another request may come. */
void guests_served(struct guests *, struct guest *, int64_t now_ms);
/*
 * One who has waited too long, to be hung up on; NULL: nobody.  It is not
 * named again.
 */
struct guest *guests_overdue(struct guests *, int64_t now_ms);
/* Milliseconds until there is one; -1: nobody waits. */
int guests_timeout(const struct guests *, int64_t now_ms);

#endif
