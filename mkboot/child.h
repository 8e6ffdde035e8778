/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_CHILD_H
#define MKBOOT_CHILD_H

#include <stdbool.h>

/* Another program, run to its end. */

/* Is there such a program on the PATH? */
bool child_has(const char *program);
/* Its exit status, all that it says thrown away; -1 with errno. */
int child_quiet(char *const argv[]);
/*
 * Its exit status; each line that it says is given to `line' too, and all of
 * it goes to the descriptor `log'.  -1 with errno.
 */
int child_watched(char *const argv[], int log,
    void (*line)(void *, const char *), void *context);

#endif
