/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_GUARD_H
#define MKBOOT_INIT_GUARD_H

#include <sys/types.h>

/*
 * A process that starts the machine anew when this one hangs: whatever waits
 * says a line each ten seconds, so long silence means that nothing moves.
 */
struct guard {
	pid_t child;		/* -1: none */
	int pulse;
};

void guard_start(struct guard *);
void guard_stop(struct guard *);

#endif
