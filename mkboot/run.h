/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_RUN_H
#define MKBOOT_RUN_H

#include <stdbool.h>

#include "mkboot/why.h"

/*
 * Runs a program, and waits.  What it prints is not shown, but that it may
 * draw its progress on a terminal with `show'.  -1: it failed, and `why' has
 * the last line of what it said.  A signal that ends us is left to it: it may
 * have to tidy up.
 */
#define RUN_WORDS 32	/* at most, with the NULL behind them */
int run(const char *const argv[], bool show, struct why *);

#endif
