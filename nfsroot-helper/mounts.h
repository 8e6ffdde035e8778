/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_MOUNTS_H
#define NFSROOT_MOUNTS_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Who says to have mounted what: for MOUNT's DUMP, and to know a first READ.
 * Nothing is permitted or refused by it, it is not kept over a restart, and
 * beyond MOUNTS_MAX the one that was touched longest ago is forgotten.
 */
#define MOUNTS_MAX 8192
#define MOUNTS_HOST 64
#define MOUNTS_PATH 512

struct mount {
	TAILQ_ENTRY(mount) link;
	bool reading;
	char host[MOUNTS_HOST];
	char *path;		/* "/NAME/below" as it was mounted */
};

struct mounts {
	TAILQ_HEAD(mounts_list, mount) list;	/* newest first */
	size_t n;
};

void mounts_init(struct mounts *);
/* Again for the same two: it is a new mount, and its first READ is ahead. */
void mounts_add(struct mounts *, const char *host, const char *path);
/* False when there was none. */
bool mounts_remove(struct mounts *, const char *host, const char *path);
/* All that a host has; how many they were. */
size_t mounts_remove_host(struct mounts *, const char *host);
/*
 * Is this the first READ of a mount of the export?  A host that has no mount
 * of it (it mounted before we were started) is given one.
 */
bool mounts_first_read(struct mounts *, const char *host, const char *export);
void mounts_free(struct mounts *);

#endif
