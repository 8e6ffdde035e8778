/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_CPIO_H
#define MKBOOT_CPIO_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/*
 * Writes a newc archive ("070701"), the form that the kernel unpacks as an
 * initial RAM file system, to a sink.  The same calls give the same bytes:
 * inodes count up from 721, as in the kernel's gen_init_cpio, and there is one
 * time for all.
 *
 * The kernel makes no parent folders: they come before what they hold.
 * Paths have no leading slash.  The order is the caller's business.
 *
 * Errors are sticky: after the first one nothing more is written and every
 * call returns -1 with that errno, so it is enough to look at cpio_end().
 * EFBIG: a size, time, owner or number of inodes beyond 32 bits;
 * ENAMETOOLONG: a path or link target beyond PATH_MAX; EINVAL: an empty path
 * or target, or a leading slash; EIO: a file that shrank while it was read;
 * else whatever the sink or read(2) said.
 */
struct cpio {
	/* Takes all `len' octets: 0, or -1 with errno. */
	int (*write)(void *context, const void *, size_t len);
	void *context;
	uint32_t mtime;
	uint32_t inode;		/* of the next member */
	uint64_t written;	/* octets so far */
	int error;		/* errno of the first failure */
	void *folders;		/* those written: a tsearch(3) tree of paths */
};

struct cpio_attr {
	mode_t mode;		/* permission bits alone */
	uid_t uid;
	gid_t gid;
};
#define CPIO_ROOT(mode) ((struct cpio_attr){ (mode), 0, 0 })

/* mtime: seconds since the epoch. */
void cpio_begin(struct cpio *,
    int (*write)(void *context, const void *, size_t len), void *context,
    int64_t mtime);
/* A folder; one that was written before is not written again. */
int cpio_dir(struct cpio *, const char *path, struct cpio_attr);
/* The folders above `path' that are not written yet, root's and 0755. */
int cpio_parents(struct cpio *, const char *path);
int cpio_file(struct cpio *, const char *path, struct cpio_attr,
    const void *, size_t len);
/* `size' octets read from where `fd' stands. */
int cpio_file_fd(struct cpio *, const char *path, struct cpio_attr, int fd,
    off_t size);
int cpio_symlink(struct cpio *, const char *path, struct cpio_attr,
    const char *target);
/* type: S_IFCHR, S_IFBLK, S_IFIFO or S_IFSOCK; device: 0 for the last two. */
int cpio_node(struct cpio *, const char *path, struct cpio_attr, mode_t type,
    dev_t device);
/* Writes the end and zeros up to 512; always to be called, as it frees. */
int cpio_end(struct cpio *);

#endif
