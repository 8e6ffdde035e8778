/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_WHEEL_H
#define TFTPD_WHEEL_H

#include <stdint.h>

#include "tftpd/session.h"

/*
 * The sessions by when they are to be woken, in a wheel of slots.  A packet
 * mostly puts its session's time off, which costs nothing: the wheel comes to
 * it at the old time, and puts it where it belongs by then.
 */
#define WHEEL_SLOTS 256
#define WHEEL_SLOT_MS 8

TAILQ_HEAD(session_queue, session);

struct wheel {
	struct session_queue slot[WHEEL_SLOTS];
	int64_t at;		/* slots before this one are done */
	int64_t soonest_ms;	/* no session is due before */
};

void wheel_open(struct wheel *, int64_t now_ms);
/* Its time, transfer.wake_ms, is set or has changed. */
void wheel_put(struct wheel *, struct session *);
void wheel_remove(struct wheel *, struct session *);
/*
 * The next session whose time has come, taken off the wheel; NULL when none
 * has (any more) at this moment.
 */
struct session *wheel_turn(struct wheel *, int64_t now_ms);

#endif
