/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_RENDER_H
#define MKBOOT_RENDER_H

#include <stdbool.h>

#include "mkboot/strings.h"
#include "mkboot/why.h"

/*
 * pub/machine/NAME: what one machine fetches, made from machine/NAME and its
 * image.  The same facts give the same octets; a file that says the same
 * already is not touched.  When something is wrong the old files stay.
 * What a machine lacks of an identity is minted; a `next' that was booted is
 * taken away.
 */
enum render_result {
	RENDER_SAME,		/* nothing to do */
	RENDER_CHANGED,
	RENDER_REMOVED,		/* no such machine, or one to leave alone */
	RENDER_FAILED		/* `why' says */
};

/* name: as name_machine() spells it.  command_render_lock() must be held. */
enum render_result render_machine(int bootfd, const char *name, struct why *);

/*
 * These machines, on all processors when they are many.  Each is reported;
 * false when one failed.  The lock must be held.
 */
bool render_list(int bootfd, const struct strings *names,
    void (*report)(const char *name, enum render_result, const struct why *));

/* All machines, and what is left in pub/machine of those that are gone. */
bool render_all(int bootfd, void (*report)(const char *name,
    enum render_result, const struct why *));

/* Would rendering this machine change something?  Nothing is written. */
bool render_is_stale(int bootfd, const char *name);

/* `rendered', `removed' or the reason as a line on standard output. */
void render_print(const char *name, enum render_result, const struct why *);

#endif
