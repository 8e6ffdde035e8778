/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_WATCHED_H
#define MKBOOT_WATCHED_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/name.h"
#include "mkboot/strings.h"

/*
 * Which watch tells of what, and what has to be rendered.  All zeros is an
 * empty one.  A machine that is a link to another shares its watches, so one
 * watch can stand for several machines.
 */
enum watched_kind {
	WATCHED_MACHINES,	/* machine/: names in it are machines */
	WATCHED_MACHINE,	/* machine/NAME/ */
	WATCHED_FILES,		/* machine/NAME/files/ and below */
	WATCHED_LOG,		/* seen/NAME/: its log alone */
	WATCHED_IMAGES,		/* image/ */
	WATCHED_IMAGE,		/* image/NAME/ and below */
	WATCHED_SEEN,		/* seen/: names in it are strangers */
	WATCHED_ADDRESSES	/* seen/ip/ */
};

struct watched {
	struct watched_entry *entry;	/* sorted by watch */
	size_t n, room;
	struct strings changed;		/* machines */
	struct strings seen;		/* MACs that were not in seen/ */
	bool all;
	bool addresses;			/* somebody has another address */
};

/* `wd' tells of this; once more is the same.  -1 with errno. */
int watched_add(struct watched *, int wd, enum watched_kind,
    const char *machine);
/*
 * The watch is gone.  True when it was one of machine/ or image/ themselves.
 */
bool watched_remove(struct watched *, int wd);

/*
 * Something happened to `name' (empty: the folder itself) under this watch.
 * True when that leaves something to render.
 */
bool watched_mark(struct watched *, int wd, const char *name);
void watched_mark_all(struct watched *);

/* Is everything to be rendered? */
bool watched_all(const struct watched *);
/* The i-th machine to render; NULL after the last. */
const char *watched_changed(const struct watched *, size_t i);
/* The i-th MAC that is new in seen/; NULL after the last. */
const char *watched_seen(const struct watched *, size_t i);
/* All is rendered. */
void watched_reset(struct watched *);
void watched_free(struct watched *);

#endif
