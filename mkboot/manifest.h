/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_MANIFEST_H
#define MKBOOT_MANIFEST_H

#include <sys/types.h>

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "mkboot/newc.h"

#define MANIFEST_DIGEST_SIZE 65	/* SHA-256 in hex, with its NUL */

struct manifest_entry {
	char *path;
	uint32_t mode, uid, gid, size, rmajor, rminor;
	char digest[MANIFEST_DIGEST_SIZE];	/* of a file; else "" */
	char *target;		/* of a link; else NULL */
};

/* What is in an archive, by reading it: a newc reader's calls. */
struct manifest {
	struct manifest_entry *entry;
	size_t n;
	struct manifest_digest *digest;	/* of the member being read */
	char target[NEWC_NAME_MAX];
	size_t target_len;
};
extern const struct newc_calls manifest_calls;	/* context: a manifest */

/* NULL pointers and zeros; -1 with errno. */
int manifest_begin(struct manifest *);
/* Sorts by paths; of what is there twice the last stays, as it would boot. */
void manifest_settle(struct manifest *);
/*
 * A line each: type, mode, owner:group, size (a device's numbers), SHA-256 (a
 * link's target) and path, with tabs between.
 */
void manifest_write(const struct manifest *, FILE *);
/*
 * What is different, a line each: "- path", "+ path", "~ path: what".
 * Returns how many.  Both must be settled.
 */
size_t manifest_diff(const struct manifest *, const struct manifest *,
    FILE *);
void manifest_free(struct manifest *);

#endif
