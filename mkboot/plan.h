/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PLAN_H
#define MKBOOT_PLAN_H

#include <sys/types.h>

#include <stddef.h>

#include "mkboot/cpio.h"

/*
 * What an archive will hold, gathered in any order and written sorted: so the
 * same things give the same octets.  Of two things of one path the first
 * stays.  All belongs to root.  Functions return -1 with errno.
 */
struct plan {
	struct plan_member *member;
	size_t n;
};

int plan_dir(struct plan *, const char *path, mode_t);
/* The octets are read when the archive is written. */
int plan_file(struct plan *, const char *path, mode_t, const char *from);
/* The same; what is compressed is stored plain. */
int plan_decoded(struct plan *, const char *path, mode_t, const char *from);
int plan_bytes(struct plan *, const char *path, mode_t, const void *,
    size_t len);
int plan_link(struct plan *, const char *path, const char *target);
/* The same from one path of the archive to another, relative. */
int plan_link_to(struct plan *, const char *path, const char *member);
/* A character device. */
int plan_device(struct plan *, const char *path, mode_t, dev_t);

/*
 * Writes every member and the folders above it.  `step' (may be NULL) is
 * called before each with its number.  On failure *culprit is the path of
 * the file that could not be read, or NULL when it was the archive.
 */
int plan_write(struct plan *, struct cpio *, void (*step)(size_t, size_t),
    const char **culprit);
void plan_free(struct plan *);

#endif
