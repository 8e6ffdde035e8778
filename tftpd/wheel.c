/* SPDX-License-Identifier: ISC */
/* Which session's timer is next? */
#include "tftpd/wheel.h"

static int64_t
slot_of(int64_t ms)
{
	/* Up, so that the wheel never comes to a session before its time. */
	return (ms + WHEEL_SLOT_MS - 1) / WHEEL_SLOT_MS;
}

void
wheel_open(struct wheel *w, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < WHEEL_SLOTS; i++)
		TAILQ_INIT(&w->slot[i]);
	w->at = now_ms / WHEEL_SLOT_MS;
	w->soonest_ms = INT64_MAX;
}

static struct session_queue *
queue_of(struct wheel *w, int64_t slot)
{
	return &w->slot[slot % WHEEL_SLOTS];
}

/*
 * What lies more than a round ahead waits near the end of this round; not in
 * its last slot, which wheel_turn() would take for the one it is emptying.
 */
static void
insert(struct wheel *w, struct session *s)
{
	int64_t slot = slot_of(s->transfer.wake_ms);

	if (slot < w->at)
		slot = w->at;
	if (slot > w->at + WHEEL_SLOTS - 2)
		slot = w->at + WHEEL_SLOTS - 2;
	s->due_ms = slot * WHEEL_SLOT_MS;
	TAILQ_INSERT_TAIL(queue_of(w, slot), s, by_time);
	if (s->due_ms < w->soonest_ms)
		w->soonest_ms = s->due_ms;
}

void
wheel_put(struct wheel *w, struct session *s)
{
	if (s->due_ms != 0 && s->due_ms < s->transfer.wake_ms + WHEEL_SLOT_MS)
		return;
	wheel_remove(w, s);
	insert(w, s);
}

void
wheel_remove(struct wheel *w, struct session *s)
{
	if (s->due_ms != 0)
		TAILQ_REMOVE(queue_of(w, s->due_ms / WHEEL_SLOT_MS), s,
		    by_time);
	s->due_ms = 0;
}

/* The slot was emptied: when is the next one due that is not? */
static void
look_ahead(struct wheel *w)
{
	int64_t slot;

	w->soonest_ms = INT64_MAX;
	for (slot = w->at; slot < w->at + WHEEL_SLOTS; slot++)
		if (!TAILQ_EMPTY(queue_of(w, slot))) {
			w->soonest_ms = slot * WHEEL_SLOT_MS;
			return;
		}
}

struct session *
wheel_turn(struct wheel *w, int64_t now_ms)
{
	struct session *s;

	while (w->soonest_ms <= now_ms) {
		w->at = w->soonest_ms / WHEEL_SLOT_MS;
		while ((s = TAILQ_FIRST(queue_of(w, w->at))) != NULL) {
			wheel_remove(w, s);
			if (s->transfer.wake_ms <= now_ms)
				return s;
			w->at++;	/* or it comes back to this slot */
			insert(w, s);
			w->at--;
		}
		look_ahead(w);
	}
	/* Nothing is due up to now, so a new round can begin here. */
	if (w->at < now_ms / WHEEL_SLOT_MS)
		w->at = now_ms / WHEEL_SLOT_MS;
	return NULL;
}
