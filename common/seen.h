/* SPDX-License-Identifier: ISC */
#ifndef COMMON_SEEN_H
#define COMMON_SEEN_H

#include <sys/socket.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

/*
 * seen/: what the daemons saw of each machine, bootdir(7).  A daemon that
 * cannot write there goes on serving: failures are logged once, at warn, and
 * otherwise ignored.  At most SEEN_MACHINES_MAX machines are kept.
 */
#define SEEN_MACHINES_MAX 20000
#define SEEN_LOG_MAX (64 * 1024)	/* octets; then log becomes log.0 */

struct notes;
struct seen_said;
struct seen_log;

struct seen {
	int fd;			/* seen/, or -1: nothing is written */
	const char *prog;
	struct notes *notes;	/* what waits to be written, or NULL */
	struct seen_said *said;	/* facts that were lately written, or NULL */
	/* Of whoever writes: the caller, or the notes' thread. */
	struct seen_log *log;	/* the thread's lines of one machine */
	size_t machines;	/* folders made so far, about */
	bool complained;
};

/* Opens seen/ below the boot directory; makes it where it is missing. */
void seen_open(struct seen *, int bootfd, const char *prog);

/*
 * From here on a thread of its own does the writing, so that no answer waits
 * for a disk; what it cannot keep up with is dropped, and counted in the log.
 * The functions below may then be called from any thread.  Call it after
 * confine(), whose limits the thread inherits.  Where no thread is to be had,
 * the log says so and the caller goes on writing.
 */
void seen_start(struct seen *);

/* Waits until all is written, for two seconds at most, and closes seen/. */
void seen_stop(struct seen *);

/*
 * Appends `TIME PROG EVENT key=value ...' to seen/MAC/log with one write(2).
 * Values that came from a client must have gone through log_escape().
 */
void seen_event(struct seen *, const struct mac *, const char *event,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Sets seen/MAC/NAME (below 32 octets) to this line; does nothing when it says
 * so already.  After seen_start() one that was written within the last
 * seconds is not looked at again.
 */
void seen_fact(struct seen *, const struct mac *, const char *name,
    const char *line);

/* Sets seen/MAC/NAME to these lines, each with its newline, in any case. */
void seen_text(struct seen *, const struct mac *, const char *name,
    const char *lines);

/* Notes who has this address: seen/ip/ADDRESS -> ../MAC, and seen/MAC/ip. */
void seen_address(struct seen *, const struct mac *, const struct sockaddr *);

/* Has this machine a folder in seen/? */
bool seen_known(const struct seen *, const struct mac *);

/* Whose address is this, by seen/ip?  False when nobody's we know. */
bool seen_whose(const struct seen *, const struct sockaddr *, struct mac *);

#endif
