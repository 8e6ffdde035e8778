/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_ARCHIVE_H
#define MKBOOT_ARCHIVE_H

#include <stdint.h>

#include "mkboot/compress.h"
#include "mkboot/manifest.h"
#include "mkboot/plan.h"

/*
 * Writes an initrd to a descriptor: what is early, as it is, and the rest
 * behind it in a stream of this kind.  All times are `mtime'.  `step' (may be
 * NULL) is called as plan_write() does; `list' (may be NULL) learns what is
 * in it.  -1 with errno; then *culprit is the file that could not be read, or
 * NULL when it was the initrd.
 */
struct archive_order {
	struct plan *early, *plan;
	enum compress_kind kind;
	int64_t mtime;
	void (*step)(size_t, size_t);
	struct manifest *list;
};
int archive_write(const struct archive_order *, int fd, const char **culprit);

/*
 * What is in an initrd: archives plain and compressed, one behind the other.
 * -1 with errno: EINVAL when it is no such file.
 */
int archive_list(struct manifest *, const char *path);

#endif
