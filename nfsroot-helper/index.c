/* SPDX-License-Identifier: ISC */
/* An index from inodes to the folders that they are in. */
#include "nfsroot-helper/index.h"

#include <stdlib.h>
#include <string.h>

void
index_init(struct index *x)
{
	memset(x, 0, sizeof(*x));
}

bool
index_add(struct index *x, uint64_t ino, uint64_t folder)
{
	struct index_entry *entry;
	size_t size = x->size == 0 ? 1024 : x->size * 2;

	if (x->n == INDEX_MAX) {
		x->full = true;
		return true;
	}
	if (x->n == x->size) {
		entry = reallocarray(x->entry, size, sizeof(*entry));
		if (entry == NULL)
			return false;
		x->entry = entry;
		x->size = size;
	}
	x->entry[x->n++] = (struct index_entry){ ino, folder };
	x->sorted = false;
	return true;
}

static int
by_inode(const void *a, const void *b)
{
	const struct index_entry *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->folder > y->folder) - (x->folder < y->folder);
}

void
index_sort(struct index *x)
{
	if (x->n > 0)
		qsort(x->entry, x->n, sizeof(*x->entry), by_inode);
	x->sorted = true;
}

size_t
index_find(const struct index *x, uint64_t ino, size_t *first)
{
	size_t low = 0, high = x->n, middle, n;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (x->entry[middle].ino < ino)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	for (n = 0; low + n < x->n && x->entry[low + n].ino == ino; n++)
		continue;
	return n;
}

size_t
index_way(const struct index *x, size_t at, uint64_t root,
    uint64_t way[INDEX_DEPTH_MAX])
{
	uint64_t back[INDEX_DEPTH_MAX];
	size_t n = 0, i;

	back[n++] = x->entry[at].ino;
	while (x->entry[at].folder != root) {
		if (n == INDEX_DEPTH_MAX ||
		    index_find(x, x->entry[at].folder, &at) == 0)
			return 0;
		back[n++] = x->entry[at].ino;
	}
	for (i = 0; i < n; i++)
		way[i] = back[n - 1 - i];
	return n;
}

void
index_free(struct index *x)
{
	free(x->entry);
	index_init(x);
}
