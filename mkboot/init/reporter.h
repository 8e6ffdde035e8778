/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_REPORTER_H
#define MKBOOT_INIT_REPORTER_H

#include <sys/types.h>

/*
 * A process that tells the boot's server how far the boot is, so that nobody
 * waits for it: what it cannot tell within a second or two is lost.  It begins
 * with the hardware that is there.
 */
struct reporter {
	pid_t child;		/* 0: none */
	int pipe;
};

/* With report='s value; does nothing when that is empty or no good. */
void reporter_start(struct reporter *, const char *report);
void reporter_tell(struct reporter *, const char *stage, const char *state,
    const char *why);
/* It ends by itself once all is told; `wait': at most so many seconds. */
void reporter_finish(struct reporter *, unsigned wait);

#endif
