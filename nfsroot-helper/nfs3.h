/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_NFS3_H
#define NFSROOT_NFS3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/handle.h"
#include "nfsroot-helper/xdr.h"

/* The NFS version 3 protocol, RFC 1813: arguments in, results out. */
#define NFS3_PROGRAM 100003
#define NFS3_VERSION 3
#define NFS3_NAME_MAX 255	/* octets in a name of a Linux file system */

enum nfs3_proc {
	NFS3_NULL, NFS3_GETATTR, NFS3_SETATTR, NFS3_LOOKUP, NFS3_ACCESS,
	NFS3_READLINK, NFS3_READ, NFS3_WRITE, NFS3_CREATE, NFS3_MKDIR,
	NFS3_SYMLINK, NFS3_MKNOD, NFS3_REMOVE, NFS3_RMDIR, NFS3_RENAME,
	NFS3_LINK, NFS3_READDIR, NFS3_READDIRPLUS, NFS3_FSSTAT, NFS3_FSINFO,
	NFS3_PATHCONF, NFS3_COMMIT, NFS3_NPROCS
};

enum nfs3_status {
	NFS3_OK = 0, NFS3ERR_PERM = 1, NFS3ERR_NOENT = 2, NFS3ERR_IO = 5,
	NFS3ERR_ACCES = 13, NFS3ERR_NOTDIR = 20, NFS3ERR_ISDIR = 21,
	NFS3ERR_INVAL = 22, NFS3ERR_ROFS = 30, NFS3ERR_NAMETOOLONG = 63,
	NFS3ERR_STALE = 70, NFS3ERR_BADHANDLE = 10001,
	NFS3ERR_BAD_COOKIE = 10003, NFS3ERR_NOTSUPP = 10004,
	NFS3ERR_TOOSMALL = 10005, NFS3ERR_SERVERFAULT = 10006,
	NFS3ERR_JUKEBOX = 10008
};

enum nfs3_type {
	NFS3_REG = 1, NFS3_DIR, NFS3_BLK, NFS3_CHR, NFS3_LNK, NFS3_SOCK,
	NFS3_FIFO
};

enum nfs3_access {
	NFS3_ACCESS_READ = 0x01, NFS3_ACCESS_LOOKUP = 0x02,
	NFS3_ACCESS_MODIFY = 0x04, NFS3_ACCESS_EXTEND = 0x08,
	NFS3_ACCESS_DELETE = 0x10, NFS3_ACCESS_EXECUTE = 0x20
};

/* What the procedures take; a member is 0 where a procedure has none. */
struct nfs3_args {
	struct xdr_span object;		/* the handle that comes first */
	struct xdr_span name;
	struct xdr_span to_object, to_name;	/* RENAME, LINK */
	uint32_t access;		/* ACCESS: bits of enum nfs3_access */
	uint64_t offset;		/* READ, WRITE, COMMIT; a cookie */
	uint32_t count;			/* octets; READDIR*: of the results */
	uint32_t dircount;		/* READDIRPLUS: of names and cookies */
};

/* Nanoseconds beside seconds, both unsigned: RFC 1813 section 2.5. */
struct nfs3_time {
	uint32_t seconds, ns;
};

struct nfs3_attr {
	enum nfs3_type type;
	uint32_t mode, nlink, uid, gid;		/* mode without the type */
	uint64_t size, used;
	uint32_t rdev_major, rdev_minor;
	uint64_t fsid, fileid;
	struct nfs3_time atime, mtime, ctime;
};

/* False when the octets are no arguments of this procedure. */
bool nfs3_parse(struct nfs3_args *, enum nfs3_proc, const void *, size_t);
const char *nfs3_proc_name(enum nfs3_proc);
/* "NFS3ERR_STALE" ...; "unknown" for a number that we never send. */
const char *nfs3_status_name(uint32_t);

#define NFS3_ATTR_LEN 84	/* octets of a fattr3 */
void nfs3_put_attr(struct wire_out *, const struct nfs3_attr *);
/* post_op_attr and post_op_fh3; NULL: there is none. */
void nfs3_put_post_op(struct wire_out *, const struct nfs3_attr *);
void nfs3_put_post_op_handle(struct wire_out *, const struct handle *);
/*
 * The whole result of a call that failed: the status, and then the
 * attributes in the form that the procedure has for them.  `to' is the
 * second object of RENAME and LINK.  Any of the two may be NULL.
 */
void nfs3_put_failure(struct wire_out *, enum nfs3_proc, enum nfs3_status,
    const struct nfs3_attr *, const struct nfs3_attr *to);

#endif
