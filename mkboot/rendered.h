/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_RENDERED_H
#define MKBOOT_RENDERED_H

#include <stdbool.h>

#include "mkboot/pages.h"
#include "mkboot/publish.h"
#include "mkboot/why.h"

/*
 * pub/machine/MAC as it stands: its pages put there, compared, taken away.
 * The names of all that was put there are kept in a hidden file beside, so
 * that what is no page any more can go.
 */

/*
 * Puts each page that is not there just so, in their order, and removes what
 * was one before.  *changed: anything was done.  A page that cannot be made
 * leaves the one that was there.  Files may still wait in the queue, to be
 * flushed by the caller.
 */
int rendered_put(int bootfd, const struct pages *, struct publish_queue *,
    bool *changed, struct why *);

/* Are they all there, just so? */
bool rendered_is_current(int bootfd, const struct pages *);

enum rendered_gone { RENDERED_NONE, RENDERED_REMOVED, RENDERED_FAILED };
/* Removes all that was put there, and the folder if nothing else is in it. */
enum rendered_gone rendered_remove(int bootfd, const char *machine,
    struct why *);

#endif
