/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_PLACE_H
#define NFSROOT_PLACE_H

#include "nfsroot-helper/exports.h"
#include "nfsroot-helper/layers.h"
#include "nfsroot-helper/nodes.h"

/*
 * The exported trees.  What a name leads to is looked up afresh at each
 * call; that a folder is still where it was is believed for one second.
 */
struct tree {
	struct exports exports;
	struct nodes nodes;
	int64_t now;		/* ms, set by tree_at() */
	const char *why;	/* the last failure, in words */
	struct disk disk;	/* for the call that is being answered */
};

#define PLACE_CONFIRM_MS 1000	/* how long a folder's place is believed */

/* Below, -1 or NULL come with errno: ESTALE when something else is there. */

/* Looks at the node's name in its folder. */
int place_confirm(struct tree *, struct node *, struct sight *);
/*
 * Descriptors for a folder, whose place in the export was confirmed within
 * the last second, and those of all folders above it.
 */
int place_folder(struct tree *, struct node *, struct layers *);
/* Opens a file or folder, for the cache to hold. */
int place_open(struct tree *, struct node *, int flags);
/*
 * Looks at a name and makes a node of it.  `ino' is what the folder says; it
 * counts where something is mounted on the name.
 */
struct node *place_adopt(struct tree *, struct node *folder, const char *name,
    uint64_t ino, struct sight *);
/* Makes a node of what was just seen at a name; else as place_adopt(). */
struct node *place_keep(struct tree *, struct node *folder, const char *name,
    uint64_t ino, const struct sight *);
/* layers_each() of a folder; also EAGAIN, as it would have to wait. */
int place_list(struct tree *, struct node *, uint64_t cookie, folder_visit *,
    void *);
/* Can two checks (handle.h) be of one file? */
bool place_checks_agree(uint32_t, uint32_t);

#endif
