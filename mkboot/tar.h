/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_TAR_H
#define MKBOOT_TAR_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>

/*
 * Headers of a tar archive (POSIX.1-1988 ustar; a path or target beyond 100
 * octets as GNU tar and busybox have it), with no user names and no time: the
 * same calls give the same octets.
 */
#define TAR_BLOCK 512
/* Of one member: a long target and a long path each take up to ten. */
#define TAR_HEADER_MAX (24 * TAR_BLOCK)

struct tar_member {
	const char *path;	/* no leading slash, below 4096 octets */
	mode_t mode;		/* type and permissions; not S_IFSOCK */
	uid_t uid;
	gid_t gid;
	const char *target;	/* of a symbolic link */
	uint64_t size;		/* of a file, below 8 GiB */
	unsigned major, minor;	/* of a device */
};

/*
 * Writes what stands before a member's octets; its length, or 0 for what the
 * format cannot say: a number too large, a socket.
 */
size_t tar_header(const struct tar_member *, uint8_t header[TAR_HEADER_MAX]);
/* How many zeros follow `size' octets. */
size_t tar_padding(uint64_t size);

#endif
