/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_SCAN_H
#define NFSROOT_SCAN_H

#include <sys/stat.h>

#include <stdbool.h>

#include "nfsroot-helper/index.h"
#include "nfsroot-helper/layers.h"

/*
 * Reads all folders of an export into an index, one at a time, so that others
 * are served in between.  It crosses no mount and follows no link.
 */
enum scan_state { SCAN_MORE, SCAN_DONE, SCAN_FAILED };

struct scan;

/* Of the tree below a root, whose inode is `ino'.  NULL with errno. */
struct scan *scan_begin(const struct layers *root, uint64_t ino);
/* Reads or enters one folder.  SCAN_FAILED with errno. */
enum scan_state scan_step(struct scan *);
/* Moves the sorted index out; once, after SCAN_DONE. */
void scan_take(struct scan *, struct index *);
void scan_free(struct scan *);

#endif
