/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_LAYERS_H
#define MKBOOT_LAYERS_H

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/template.h"
#include "mkboot/why.h"

/*
 * Trees of files laid over one another: where two have the same name the
 * later one wins, but folders become one, with the later one's owner and
 * mode.  What is read of a tree is its names; a plain file is opened again
 * when it is wanted.  All zeros is an empty one.
 */
#define LAYERS_MAX 8
#define LAYERS_MADE (-1)

struct layers_entry {
	char *path;		/* no leading slash */
	mode_t mode;		/* type and permissions */
	uid_t uid;
	gid_t gid;
	dev_t device;		/* of a device node */
	bool hidden;		/* not everybody on this host may read it */
	char *text;		/* a link's target, or a file's octets */
	size_t len;
	int tree;		/* where it comes from, or LAYERS_MADE */
	size_t order;		/* of being added */
};

struct layers {
	struct layers_entry *at;	/* by path, after layers_merge() */
	size_t n, room;
	int tree[LAYERS_MAX];		/* folders that we opened */
	size_t trees;
};

/*
 * Adds the tree below this open folder; `label' is what its faults are told
 * with.  With values, its text files are templates.  What belongs to the user
 * who runs this, when that is not root, becomes root's.
 */
int layers_add_tree(struct layers *, int folder, const char *label,
    const struct template_values *, struct why *);
/* Adds one file of root's with these octets, and folders above it. */
int layers_add_file(struct layers *, const char *path, mode_t, const void *,
    size_t len, bool hidden, struct why *);
/* Adds a symbolic link of root's. */
int layers_add_link(struct layers *, const char *path, const char *target,
    struct why *);
/* After the last one: sorts by path, and drops what is covered. */
void layers_merge(struct layers *);

/*
 * After that: drops what the tree that was added as the `nth' has the last
 * word on, but for its folders, which others may have something in.
 */
void layers_drop_tree(struct layers *, size_t nth);

/* A tree's plain file or folder: a descriptor, or -1 with errno. */
int layers_open(const struct layers *, const struct layers_entry *);

void layers_free(struct layers *);

#endif
