/* SPDX-License-Identifier: ISC */
#ifndef COMMON_ONCE_H
#define COMMON_ONCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A private file with the sticky bit is given to its machine once a boot
 * (bootdir(7)).  What tells is seen/MAC/log: an offer to the machine's
 * firmware begins a boot, a file sent whole is spent.
 */
enum once {
	ONCE_NO_BOOT,		/* no boot begins in this log */
	ONCE_FREE,		/* not sent since the last one began */
	ONCE_SPENT
};

/* `file' is a name below pub/; lines that are no lines are passed over. */
enum once once_in(const char *log, size_t len, const char *file);

/*
 * Was it sent since the machine's last boot began, or at all where none was
 * seen?  Reads seen/MAC/log and log.0 below the boot directory.
 */
struct mac;
bool once_is_spent(int bootfd, const struct mac *, const char *file);

#endif
