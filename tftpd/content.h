/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_CONTENT_H
#define TFTPD_CONTENT_H

#include <sys/queue.h>
#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a file holds, in memory: mapped, so that it is the page cache's one
 * copy, and once for all the transfers that hand it out.  Only the kernel may
 * read `data', as a packet's octets: where the file has shrunk, it then says
 * EFAULT, and we would die of SIGBUS.
 */
struct content {
	LIST_ENTRY(content) by_inode;
	const uint8_t *data;	/* NULL where there are no octets */
	uint64_t size;		/* octets of data */
	unsigned users;
	int fd;			/* -1: not from a file */
	struct stat st;		/* when it was opened */
	bool netascii;
};

#define CONTENT_BUCKETS 256
#define CONTENT_NETASCII_MAX (1024 * 1024)	/* octets of a text file */
#define CONTENT_HELD_MAX (4 * 1024 * 1024)	/* octets in our own memory */
#define CONTENT_RESIDENT_MAX (4 * 1024 * 1024)	/* octets mapped and read */
#define CONTENT_SEED 512	/* octets of etc/random.seed: OpenBSD's */

LIST_HEAD(content_list, content);

struct contents {
	struct content_list bucket[CONTENT_BUCKETS];	/* by inode */
	size_t held;		/* octets of converted text */
	uint64_t mapped;	/* octets of files */
};

void contents_open(struct contents *);
/*
 * The content of the file that was opened as `fd' with this status; the
 * descriptor is taken over.  NULL with errno: EFBIG for a text that is too
 * large for netascii, ENOBUFS when too many are held.
 */
struct content *content_open(struct contents *, int fd, const struct stat *,
    bool netascii);
/* CONTENT_SEED octets of the kernel's randomness.  NULL with errno. */
struct content *content_seed(struct contents *);
void content_close(struct contents *, struct content *);
/* Was the file written to, since it was opened? */
bool content_changed(const struct content *);
/*
 * Gives up the pages that are mapped, where they may have become too many;
 * they come back when they are needed.  Called now and then, it keeps our
 * resident memory from growing with what passes through.
 */
void contents_trim(struct contents *);

#endif
