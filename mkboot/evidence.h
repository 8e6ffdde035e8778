/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_EVIDENCE_H
#define MKBOOT_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>

/* What shows that an image was booted, by seen/MAC/log of bootdir(7). */
enum evidence_kind {
	EVIDENCE_KERNEL,	/* its kernel, or what stands for one, was
				 * fetched whole */
	EVIDENCE_UP		/* the system reported stage=up */
};

/*
 * A system that never reports itself up must not be installed for ever: so
 * many fetches of its kernel will do too.
 */
#define EVIDENCE_FETCHES 3

/*
 * Does the log show it, in lines not older than `since' (seconds since the
 * epoch)?  Lines that are no lines of a log are passed over.
 */
bool evidence_found(const char *log, size_t len, double since,
    enum evidence_kind, const char *image);

#endif
