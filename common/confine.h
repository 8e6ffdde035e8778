/* SPDX-License-Identifier: ISC */
#ifndef COMMON_CONFINE_H
#define COMMON_CONFINE_H

#include <stdbool.h>

struct confine {
	const char *user;	/* become this user; NULL: stay who we are */
	int bootfd;		/* readable afterwards, and nothing else */
	int seenfd;		/* and here writable; -1: nowhere */
	/* Keep CAP_DAC_READ_SEARCH: reads every file below bootfd. */
	bool read_all;
};

/*
 * Gives up what is not needed, in this order: groups and user (and checks
 * that they stuck), new privileges for ever, and all files but the boot
 * directory (Landlock, where the kernel has it; else a line at info).
 * Call it before threads are made.  Ends the program when it cannot.
 */
void confine(const struct confine *);

#endif
