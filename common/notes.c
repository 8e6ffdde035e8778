/* SPDX-License-Identifier: ISC */
/* A bounded queue of notes, and the thread that writes them down. */
#include "common/notes.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/log.h"

#define STACK_OCTETS (128 * 1024)
/*
 * How long the writer lets notes gather once there are some: a busy daemon
 * then pays for a wake-up some ten times a second, and for a machine's file
 * once a batch; a person who reads seen/ does not notice.
 */
#define GATHER_NS 20000000L
/* A note with its length takes no less: so many are the most of a batch. */
#define NOTE_LEAST (NOTES_NOTE_MIN + sizeof(uint16_t))

/* Where a note of a batch is. */
struct place {
	uint64_t subject;
	uint32_t at;
};

/* Two buffers: one is filled while the other one is written. */
struct notes {
	pthread_mutex_t lock;
	pthread_cond_t some;	/* no longer empty, or half full, or: stop */
	pthread_t thread;
	notes_subject *subject;
	notes_writer *write;
	void *context;
	uint8_t *filling;
	uint8_t *writing;
	struct place *batch;	/* of the notes being written */
	size_t capacity;	/* octets of each buffer */
	size_t used;		/* octets of `filling' */
	size_t dropped;
	bool at_once;		/* the batch waits for no more */
	bool stopping;
};

/* A note in a buffer: its length, then its octets. */
typedef uint16_t note_length;

static int
by_subject(const void *one, const void *two)
{
	const struct place *a = one, *b = two;

	if (a->subject != b->subject)
		return a->subject < b->subject ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

static size_t
find_notes(struct notes *n, const uint8_t *buffer, size_t used)
{
	note_length len;
	size_t at, found = 0;

	for (at = 0; at < used; at += sizeof(len) + len) {
		memcpy(&len, buffer + at, sizeof(len));
		n->batch[found++] = (struct place){
			n->subject(buffer + at + sizeof(len)), (uint32_t)at
		};
	}
	return found;
}

static void
write_all(struct notes *n, const uint8_t *buffer, size_t used)
{
	const size_t found = find_notes(n, buffer, used);
	const uint8_t *note;
	note_length len;
	size_t i;

	qsort(n->batch, found, sizeof(n->batch[0]), by_subject);
	for (i = 0; i < found; i++) {
		note = buffer + n->batch[i].at;
		memcpy(&len, note, sizeof(len));
		n->write(n->context, note + sizeof(len), len);
	}
	n->write(n->context, NULL, 0);
}

/* Lets more come, for a while or until there are many. */
static void
gather(struct notes *n)
{
	struct timespec until;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += GATHER_NS;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	while (error == 0 && n->used < n->capacity / 2 && !n->at_once &&
	    !n->stopping)
		error = pthread_cond_timedwait(&n->some, &n->lock, &until);
}

/* Waits for notes; false when there are none left and none will come. */
static bool
take(struct notes *n, size_t *used, size_t *dropped)
{
	uint8_t *full;

	pthread_mutex_lock(&n->lock);
	while (n->used == 0 && !n->stopping)
		pthread_cond_wait(&n->some, &n->lock);
	gather(n);
	full = n->filling;
	n->filling = n->writing;
	n->writing = full;
	*used = n->used;
	*dropped = n->dropped;
	n->used = n->dropped = 0;
	n->at_once = false;
	pthread_mutex_unlock(&n->lock);
	return *used > 0;
}

static void *
writer(void *arg)
{
	struct notes *n = arg;
	size_t used, dropped;

	while (take(n, &used, &dropped)) {
		write_all(n, n->writing, used);
		if (dropped > 0)
			log_warn("seen/: %zu notes dropped: the disk did not "
			    "keep up", dropped);
	}
	return NULL;
}

static void
release(struct notes *n)
{
	free(n->filling);
	free(n->writing);
	free(n->batch);
	free(n);
}

/* Signals are the main thread's: the new one is born with all blocked. */
static int
start_thread(struct notes *n)
{
	pthread_attr_t attr;
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_OCTETS);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&n->thread, &attr, writer, n);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return error;
}

struct notes *
notes_start(size_t capacity, notes_subject *subject, notes_writer *write,
    void *context)
{
	struct notes *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->subject = subject;
	n->write = write;
	n->context = context;
	n->capacity = capacity;
	n->batch = calloc(capacity / NOTE_LEAST + 1, sizeof(n->batch[0]));
	n->filling = malloc(capacity);
	n->writing = malloc(capacity);
	pthread_mutex_init(&n->lock, NULL);
	pthread_cond_init(&n->some, NULL);
	if (n->filling == NULL || n->writing == NULL || n->batch == NULL)
		errno = ENOMEM;
	else if ((errno = start_thread(n)) == 0)
		return n;
	release(n);
	return NULL;
}

bool
notes_put(struct notes *n, const void *note, size_t len, bool at_once)
{
	note_length length = (note_length)len;
	size_t before;
	bool room, wake;

	pthread_mutex_lock(&n->lock);
	before = n->used;
	room = len >= NOTES_NOTE_MIN && len <= NOTES_NOTE_MAX &&
	    sizeof(length) + len <= n->capacity - n->used;
	if (room) {
		memcpy(n->filling + n->used, &length, sizeof(length));
		memcpy(n->filling + n->used + sizeof(length), note, len);
		n->used += sizeof(length) + len;
	} else
		n->dropped++;
	n->at_once = n->at_once || (room && at_once);
	wake = room && (before == 0 || at_once || (before < n->capacity / 2 &&
	    n->used >= n->capacity / 2));
	pthread_mutex_unlock(&n->lock);
	if (wake)
		pthread_cond_signal(&n->some);
	return room;
}

bool
notes_stop(struct notes *n, int ms)
{
	struct timespec until;

	pthread_mutex_lock(&n->lock);
	n->stopping = true;
	pthread_mutex_unlock(&n->lock);
	pthread_cond_signal(&n->some);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	if (pthread_timedjoin_np(n->thread, NULL, &until) != 0)
		return false;
	release(n);
	return true;
}
