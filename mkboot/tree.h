/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_TREE_H
#define MKBOOT_TREE_H

#include <limits.h>
#include <stddef.h>

/*
 * A root tree, perhaps another system's.  Paths in it, with or without a
 * slash in front, are what they are to a program that has it as its root:
 * absolute links and `..' stay inside (openat2, RESOLVE_IN_ROOT).
 */
struct tree {
	int fd;
	char path[PATH_MAX];	/* without a slash at its end: "/" is "" */
};

/* 0, or -1 with errno. */
int tree_open(struct tree *, const char *path);
void tree_close(struct tree *);

/* A descriptor (O_CLOEXEC, O_NOCTTY are added), or -1 with errno. */
int tree_openat(const struct tree *, const char *path, int flags);
/*
 * Where a path leads once all links are followed, without a slash in front;
 * to be freed.  NULL with errno: ENOENT when there is nothing.
 */
char *tree_resolve(const struct tree *, const char *path);
/* The same as this system sees it: with the tree's own path in front. */
char *tree_host_path(const struct tree *, const char *path);
/*
 * A small text file, to be freed, with a NUL behind it; NULL with errno,
 * EFBIG beyond `max' octets.
 */
char *tree_text(const struct tree *, const char *path, size_t max);

#endif
