/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_HANDLE_H
#define NFSROOT_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * A file handle: what a client keeps for days and what must still find the
 * file after a restart of the daemon, a reboot of the server and a rename of
 * the file, with no table on disk and no privilege.
 *
 *  0: version(1) depth(1) view(2)   4: export(8)  12: inode(8)  20: check(4)
 * 24: level(2) for each folder between the export's root and the file
 *
 * - depth: 0 is the export's root, 1 what lies in it, ... and 255 stands for
 *   all deeper ones.  The root's handle names no inode, so that it outlives
 *   the replacement of the whole tree.
 * - view is zero: room for trees that differ by machine.
 * - export: a hash of the export's name.  Not st_dev, which a reboot changes.
 * - check: a hash of the time of birth and the type, where the file system
 *   tells a time of birth; else 0, which agrees with everything.  It tells a
 *   file from a younger one that was given the same inode.
 * - level: 16 bits of a hash of each folder's inode, the outermost first, at
 *   most HANDLE_LEVELS of them.
 *
 * How a handle is resolved (search.c): by the cache of nodes; else by a walk
 * that at each level reads one folder and enters what has the level's hash,
 * which a rename of any folder on the way does not disturb; else, after a
 * move to another folder, by an index of the whole export (scan.c); else the
 * file is gone: NFS3ERR_STALE.  A handle holds no path and no descriptor,
 * and whatever numbers are in it, it is searched for from the export's root
 * downwards: a forged one can find only what a LOOKUP would also find.
 */
#define HANDLE_MAX 64		/* NFS3_FHSIZE, RFC 1813 section 2.4 */
#define HANDLE_HEAD 24
#define HANDLE_LEVELS ((HANDLE_MAX - HANDLE_HEAD) / 2)
#define HANDLE_DEPTH_MAX 255

struct handle {
	uint64_t export;
	uint64_t ino;
	uint32_t check;
	unsigned depth;
	uint16_t level[HANDLE_LEVELS];
};

/* How many levels a handle of this depth has. */
size_t handle_levels(unsigned depth);
/* False for anything that handle_format() never wrote. */
bool handle_parse(struct handle *, const void *, size_t len);
/* Returns the octets written, at most HANDLE_MAX. */
size_t handle_format(const struct handle *, uint8_t octets[HANDLE_MAX]);

uint64_t handle_export_id(const char *name);
uint16_t handle_level(uint64_t ino);
/* Never 0.  `type' is the S_IFMT part of a mode. */
uint32_t handle_check(int64_t birth_seconds, uint32_t birth_ns, uint32_t type);

#endif
