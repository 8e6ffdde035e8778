/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_INDEX_H
#define NFSROOT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which folder each inode of an export is in: what one scan of it yields.
 * It holds no names, 16 octets a file, and answers with the inodes on the
 * way from the export's root to a file.
 */
#define INDEX_MAX (4u << 20)	/* entries: 64 MiB */
#define INDEX_DEPTH_MAX 256	/* folders on the way to a file */

struct index_entry {
	uint64_t ino, folder;
};

struct index {
	struct index_entry *entry;
	size_t n, size;
	bool sorted, full;	/* full: there were more than INDEX_MAX */
};

void index_init(struct index *);
/* False when there is no memory; what was added stays. */
bool index_add(struct index *, uint64_t ino, uint64_t folder);
void index_sort(struct index *);
/* How many names the inode has, and the first of its entries. */
size_t index_find(const struct index *, uint64_t ino, size_t *first);
/*
 * Writes the inodes on the way to entry `at', from the export's root (left
 * out) to the file itself, and returns their number; 0 when the way is lost.
 */
size_t index_way(const struct index *, size_t at, uint64_t root,
    uint64_t way[INDEX_DEPTH_MAX]);
void index_free(struct index *);

#endif
