/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_MOUNT3_H
#define NFSROOT_MOUNT3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/handle.h"
#include "nfsroot-helper/xdr.h"

/*
 * The MOUNT protocol, version 3 (RFC 1813 section 5) and version 1 (RFC 1094
 * appendix A), whose procedures have the same numbers.  Version 2 is version
 * 1 with one more, which we have not.
 */
#define MOUNT3_PROGRAM 100005
#define MOUNT3_VERSION 3
#define MOUNT1_VERSION 1
#define MOUNT3_PATH_MAX 1024	/* MNTPATHLEN, octets */

enum mount3_proc {
	MOUNT3_NULL, MOUNT3_MNT, MOUNT3_DUMP, MOUNT3_UMNT, MOUNT3_UMNTALL,
	MOUNT3_EXPORT, MOUNT3_NPROCS
};

enum mount3_status {
	MNT3_OK = 0, MNT3ERR_PERM = 1, MNT3ERR_NOENT = 2, MNT3ERR_IO = 5,
	MNT3ERR_ACCES = 13, MNT3ERR_NOTDIR = 20, MNT3ERR_INVAL = 22,
	MNT3ERR_NAMETOOLONG = 63, MNT3ERR_NOTSUPP = 10004,
	MNT3ERR_SERVERFAULT = 10006
};

const char *mount3_proc_name(enum mount3_proc);
const char *mount3_status_name(uint32_t);

/* False when the octets are no arguments; `path' is for MNT and UMNT. */
bool mount3_parse(struct xdr_span *path, enum mount3_proc, const void *,
    size_t);

/* "/NAME/a/b" taken apart. */
struct mount3_path {
	char export[256];		/* "NAME" */
	char below[MOUNT3_PATH_MAX + 1];	/* "a/b", or "" */
};
/*
 * Blank parts ("//", a slash at the end) do not count.  On failure *why says
 * in words what is wrong with the path.
 */
enum mount3_status mount3_split(struct mount3_path *, struct xdr_span,
    const char **why);

/* The results of MNT, by version; a v1 handle has no room for ours. */
void mount3_put_mounted(struct wire_out *, const struct handle *);
void mount3_put_refused(struct wire_out *, enum mount3_status);
/* DUMP and EXPORT are lists: items, then the end. */
void mount3_put_mount(struct wire_out *, const char *host, const char *path);
void mount3_put_export(struct wire_out *, const char *name);
void mount3_put_end(struct wire_out *);

#endif
