/* SPDX-License-Identifier: ISC */
/* Looking for a handle's file in an export, when no cache knows it. */
#include "nfsroot-helper/search.h"

#include <dirent.h>
#include <string.h>

#define CANDIDATES 8		/* entries of one folder that are tried */
#define FOLDERS_READ_MAX 512	/* for one handle: a forged one costs no more */

/*
 * What is looked for below a folder: by the hashes in a handle, or by the
 * exact inodes that an index gave.
 */
struct search {
	const struct handle *handle;
	const uint64_t *way;	/* NULL: by hashes */
	size_t levels;		/* folders and the file itself */
	unsigned read;		/* folders so far */
	bool replaced;		/* the inode is there, but another file */
	struct sight sight;	/* of what was found */
};

struct candidate {
	uint64_t ino;
	char name[NFS3_NAME_MAX + 1];
};

struct collect {
	const struct search *search;
	size_t level, n;
	struct candidate *found;
};

static bool
fits(const struct search *s, size_t level, uint64_t ino)
{
	if (s->way != NULL)
		return s->way[level] == ino;
	if (level == s->levels - 1)
		return s->handle->ino == ino;
	return s->handle->level[level] == handle_level(ino);
}

static bool
collect_entry(void *arg, const struct folder_entry *entry)
{
	struct collect *c = arg;
	bool last = c->level == c->search->levels - 1;

	if (folder_is_dots(entry->name) ||
	    !fits(c->search, c->level, entry->ino))
		return true;
	if (!last && entry->type != DT_DIR && entry->type != DT_UNKNOWN)
		return true;
	c->found[c->n].ino = entry->ino;
	strlcpy(c->found[c->n].name, entry->name, sizeof(c->found->name));
	return ++c->n < CANDIDATES;
}

/* Entries of a folder that may be on the way; how many. */
static size_t
collect(struct tree *t, struct search *s, struct node *folder, size_t level,
    struct candidate *found)
{
	struct collect c = { .search = s, .level = level, .found = found };

	if (++s->read <= FOLDERS_READ_MAX)
		place_list(t, folder, 0, collect_entry, &c);
	return c.n;
}

static struct node *
search_below(struct tree *t, struct search *s, struct node *folder,
    size_t level)
{
	struct candidate found[CANDIDATES];
	size_t n = collect(t, s, folder, level, found), i;
	struct node *next;

	for (i = 0; i < n; i++) {
		next = place_adopt(t, folder, found[i].name, found[i].ino,
		    &s->sight);
		if (next == NULL || next->ino != found[i].ino)
			continue;
		if (level + 1 < s->levels)
			next = search_below(t, s, next, level + 1);
		else if (!place_checks_agree(next->check, s->handle->check)) {
			s->replaced = true;
			next = NULL;
		}
		if (next != NULL)
			return next;
	}
	return NULL;
}

static struct node *
search_by_levels(struct tree *t, struct export *e, struct search *s)
{
	s->way = NULL;
	s->levels = handle_levels(s->handle->depth) + 1;
	if (s->levels < s->handle->depth)
		return NULL;	/* deeper than a handle can say */
	return search_below(t, s, e->root, 0);
}

/* *indexed: the inode was there when the index was made. */
static struct node *
search_by_index(struct tree *t, struct export *e, struct search *s,
    bool *indexed)
{
	uint64_t way[INDEX_DEPTH_MAX];
	struct node *found = NULL;
	size_t first, n, i;

	n = index_find(&e->index, s->handle->ino, &first);
	*indexed = n > 0;
	e->index_used = t->now;
	s->way = way;
	for (i = 0; i < n && found == NULL && i < CANDIDATES; i++) {
		s->read = 0;
		s->levels = index_way(&e->index, first + i, e->root->ino,
		    way);
		if (s->levels > 0)
			found = search_below(t, s, e->root, 0);
	}
	s->way = NULL;
	return found;
}

static uint32_t
stale(struct tree *t, const char *why)
{
	t->why = why;
	return NFS3ERR_STALE;
}

uint32_t
search_export(struct tree *t, struct export *e, const struct handle *h,
    unsigned patience, struct node **n, struct sight *sight)
{
	struct search s = { .handle = h };
	bool indexed = false;

	*n = search_by_levels(t, e, &s);
	if (*n == NULL && e->indexed)
		*n = search_by_index(t, e, &s, &indexed);
	if (*n != NULL) {
		*sight = s.sight;
		return NFS3_OK;
	}
	/* Nobody knows yet what is there. */
	if (t->disk.want.kind != DISK_NOTHING)
		return NFS3ERR_JUKEBOX;
	if (s.replaced)
		return stale(t, "another file has that inode now");
	if (patience == 0 || (!indexed && exports_index_fresh(e, t->now)))
		return stale(t, "the file is gone");
	exports_want_scan(e);
	return SEARCH_WAIT;
}
