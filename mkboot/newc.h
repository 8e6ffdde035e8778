/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_NEWC_H
#define MKBOOT_NEWC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads newc archives ("070701", "070702") as they come, piece by piece, with
 * zeros between them and several in a row, as the kernel takes them
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 */
#define NEWC_NAME_MAX 4096	/* with its NUL: PATH_MAX */

struct newc_member {
	const char *path;	/* without "./" or slashes in front */
	uint32_t mode, uid, gid, mtime, size, rmajor, rminor;
};

struct newc;
struct newc_calls {
	/* A member begins, has data (perhaps often), and ends. */
	int (*begin)(void *context, const struct newc_member *);
	int (*data)(void *context, const void *, size_t len);
	int (*end)(void *context);
};

enum newc_state { NEWC_BETWEEN, NEWC_HEADER, NEWC_NAME, NEWC_DATA, NEWC_PAD };

struct newc {
	const struct newc_calls *calls;
	void *context;
	enum newc_state state;
	uint64_t at;		/* octets so far */
	size_t have;		/* of the header or the name */
	uint64_t left;		/* of the data or the padding */
	bool padding_name;	/* what is padded: else the data */
	uint32_t name_size;
	struct newc_member member;
	char header[110 + 1];
	char name[NEWC_NAME_MAX];
};

void newc_begin(struct newc *, const struct newc_calls *, void *context);
/*
 * Takes octets as far as they are archives.  How many that were: fewer than
 * `len' where, between two members, something else begins (a compressed
 * part).  -1: EINVAL for what is no archive, or what a call returned.
 */
int64_t newc_feed(struct newc *, const void *, size_t len);
/* Is it at the end of a member, so that it may end here? */
bool newc_complete(const struct newc *);

#endif
