/* SPDX-License-Identifier: ISC */
#ifndef COMMON_NOTES_H
#define COMMON_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Notes that a thread of its own writes down: whoever puts one never waits for
 * the disk.  What is not yet written is bounded; a note beyond that is dropped
 * and counted, and the log says how many once the writer is free again.  Any
 * thread may put.
 *
 * They are written in batches, those of one subject together, and each
 * subject's in the order in which they were put.
 */
struct notes;

#define NOTES_NOTE_MIN 22	/* octets of one note */
#define NOTES_NOTE_MAX 2048

/* What a note is about. */
typedef uint64_t notes_subject(const void *note);
/*
 * Writes one note, and with NULL what it kept of the batch that ends; called
 * by the notes' own thread, one at a time.
 */
typedef void notes_writer(void *context, const void *note, size_t len);

/*
 * Starts the thread, with room for `capacity' octets that wait.  It has the
 * rights that its caller has now: so start it after confine().  NULL with
 * errno when there is no memory or no thread to be had.
 */
struct notes *notes_start(size_t capacity, notes_subject *, notes_writer *,
    void *context);

/*
 * False when there was no room, and the note is lost.  `at_once': others wait
 * for this one, so that its batch does.
 */
bool notes_put(struct notes *, const void *note, size_t len, bool at_once);

/*
 * Ends the thread when all is written and frees the rest; gives up after `ms'
 * milliseconds, on a disk that hangs, and leaves thread and memory as they
 * are: false then, and it may be called again.  Nothing may be put any more.
 */
bool notes_stop(struct notes *, int ms);

#endif
