/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_NODES_H
#define NFSROOT_NODES_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/handle.h"

struct export;

/*
 * A cache of where files were seen: inode -> folder and name.  It is a hint,
 * never believed without a look at the file system, and bounded twice: in
 * nodes, and in descriptors that nodes hold.  What was used longest ago goes
 * first; a folder stays while one of its children does.
 */
struct node {
	LIST_ENTRY(node) bucket;
	TAILQ_ENTRY(node) used;
	TAILQ_ENTRY(node) open;		/* while fd is not -1 */
	struct export *export;
	struct node *parent;		/* NULL: the export's root */
	char *name;			/* in the parent */
	uint64_t ino;			/* layers.h */
	int64_t confirmed;		/* ms; when its place was last seen */
	int64_t listed;			/* ms; disk.h */
	uint32_t check;			/* handle.h */
	uint32_t children;
	int fd;				/* of a folder or file, or -1 */
	int over;			/* of a folder that is laid over it */
	uint64_t over_ino;
	bool covered;			/* something is mounted on it */
};

LIST_HEAD(nodes_bucket, node);
TAILQ_HEAD(nodes_list, node);

struct nodes {
	struct nodes_bucket *bucket;
	struct nodes_list used, open;	/* most recently used first */
	size_t n, max;
	size_t nopen, max_open;
};

/* False with errno when there is no memory. */
bool nodes_init(struct nodes *, size_t max, size_t max_open);
struct node *nodes_find(struct nodes *, struct export *, uint64_t ino);
/* An export's root, which stays until nodes_drop_export(). */
struct node *nodes_root(struct nodes *, struct export *, uint64_t ino);
/*
 * The node for what was just seen in `parent'; made, or altered where the
 * inode was known elsewhere.  NULL with errno: ENOMEM, or ELOOP when that
 * would put a folder below itself (two renames crossed what we saw).
 */
struct node *nodes_put(struct nodes *, struct node *parent, const char *name,
    uint64_t ino, uint32_t check, bool covered);
/* Gives the node a descriptor to hold, or takes and closes it (-1). */
void nodes_hold(struct nodes *, struct node *, int fd);
/* Fills in the handle, but for the export's id. */
void nodes_handle(const struct node *, struct handle *);
void nodes_drop_export(struct nodes *, const struct export *);
/* After the last export was dropped. */
void nodes_free(struct nodes *);

#endif
