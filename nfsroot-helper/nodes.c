/* SPDX-License-Identifier: ISC */
/* The cache of nodes.  Its one system call is close(2). */
#include "nfsroot-helper/nodes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUCKETS 32768		/* a power of two */
#define DEPTH_MAX 1000		/* deeper than any path that can be used */

static struct nodes_bucket *
bucket_of(struct nodes *c, const struct export *export, uint64_t ino)
{
	uint64_t key = (ino ^ (uintptr_t)export >> 4) *
	    UINT64_C(0x9e3779b97f4a7c15);

	return &c->bucket[key >> 32 & (BUCKETS - 1)];
}

bool
nodes_init(struct nodes *c, size_t max, size_t max_open)
{
	memset(c, 0, sizeof(*c));
	TAILQ_INIT(&c->used);
	TAILQ_INIT(&c->open);
	c->max = max;
	c->max_open = max_open;
	c->bucket = calloc(BUCKETS, sizeof(*c->bucket));
	return c->bucket != NULL;
}

static void
touch(struct nodes *c, struct node *n)
{
	TAILQ_REMOVE(&c->used, n, used);
	TAILQ_INSERT_HEAD(&c->used, n, used);
	if (n->fd != -1 && n->parent != NULL) {
		TAILQ_REMOVE(&c->open, n, open);
		TAILQ_INSERT_HEAD(&c->open, n, open);
	}
}

struct node *
nodes_find(struct nodes *c, struct export *export, uint64_t ino)
{
	struct node *n;

	LIST_FOREACH(n, bucket_of(c, export, ino), bucket)
		if (n->ino == ino && n->export == export) {
			touch(c, n);
			return n;
		}
	return NULL;
}

void
nodes_hold(struct nodes *c, struct node *n, int fd)
{
	struct node *oldest;

	if (n->fd != -1) {
		TAILQ_REMOVE(&c->open, n, open);
		c->nopen--;
		close(n->fd);
	}
	if (n->over != -1)
		close(n->over);
	n->over = -1;
	n->fd = fd;
	if (fd == -1)
		return;
	TAILQ_INSERT_HEAD(&c->open, n, open);
	if (++c->nopen > c->max_open) {
		oldest = TAILQ_LAST(&c->open, nodes_list);
		nodes_hold(c, oldest, -1);
	}
}

/* Takes a node out that has no children. */
static void
drop(struct nodes *c, struct node *n)
{
	if (n->parent != NULL) {
		nodes_hold(c, n, -1);
		n->parent->children--;
	}
	LIST_REMOVE(n, bucket);
	TAILQ_REMOVE(&c->used, n, used);
	c->n--;
	free(n->name);
	free(n);
}

/*
 * Makes room for one more.  Folders with children move to the front: they
 * were used when the children were.
 */
static void
evict(struct nodes *c)
{
	struct node *n;
	size_t looked;

	for (looked = 0; looked < c->n && c->n >= c->max; looked++) {
		n = TAILQ_LAST(&c->used, nodes_list);
		if (n->children > 0 || n->parent == NULL)
			touch(c, n);
		else
			drop(c, n);
	}
}

static struct node *
insert(struct nodes *c, struct export *export, uint64_t ino)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->export = export;
	n->ino = ino;
	n->fd = n->over = -1;
	LIST_INSERT_HEAD(bucket_of(c, export, ino), n, bucket);
	TAILQ_INSERT_HEAD(&c->used, n, used);
	c->n++;
	return n;
}

struct node *
nodes_root(struct nodes *c, struct export *export, uint64_t ino)
{
	return insert(c, export, ino);
}

/* May `n' hang below `parent'?  Not when it is one of its ancestors. */
static bool
may_hang(const struct node *n, const struct node *parent)
{
	unsigned depth;

	for (depth = 0; parent != NULL; parent = parent->parent)
		if (parent == n || ++depth > DEPTH_MAX)
			return false;
	return true;
}

/*
 * Whatever changed place or identity is confirmed anew before it is used; a
 * descriptor of the inode's former owner is of no use.
 */
static bool
move(struct nodes *c, struct node *n, struct node *parent, const char *name,
    uint32_t check)
{
	char *copy;

	if (n->check != check)
		nodes_hold(c, n, -1);
	n->check = check;
	if (n->parent == parent && strcmp(n->name, name) == 0)
		return true;
	if ((copy = strdup(name)) == NULL)
		return false;
	free(n->name);
	n->name = copy;
	n->confirmed = 0;
	if (n->parent != NULL)
		n->parent->children--;
	n->parent = parent;
	parent->children++;
	return true;
}

struct node *
nodes_put(struct nodes *c, struct node *parent, const char *name, uint64_t ino,
    uint32_t check, bool covered)
{
	struct node *n = nodes_find(c, parent->export, ino);

	if (!may_hang(n, parent)) {
		errno = ELOOP;
		return NULL;
	}
	if (n == NULL) {
		parent->children++;	/* it must outlive the eviction */
		evict(c);
		n = insert(c, parent->export, ino);
		parent->children--;
	}
	if (n == NULL)
		return NULL;
	if (!move(c, n, parent, name, check)) {
		if (n->parent == NULL)
			drop(c, n);
		errno = ENOMEM;
		return NULL;
	}
	n->covered = covered;
	return n;
}

void
nodes_handle(const struct node *n, struct handle *h)
{
	const struct node *up;
	unsigned at;

	memset(h, 0, sizeof(*h));
	for (up = n; up->parent != NULL; up = up->parent)
		h->depth++;
	if (h->depth == 0)
		return;
	h->ino = n->ino;
	h->check = n->check;
	at = h->depth - 1;
	for (up = n->parent; up != NULL && at > 0; up = up->parent, at--)
		if (at <= HANDLE_LEVELS)
			h->level[at - 1] = handle_level(up->ino);
	if (h->depth > HANDLE_DEPTH_MAX)
		h->depth = HANDLE_DEPTH_MAX;
}

void
nodes_drop_export(struct nodes *c, const struct export *export)
{
	struct node *n, *next;

	/* Children and parents go together, so that no order is needed. */
	TAILQ_FOREACH(n, &c->used, used)
		if (n->export == export && n->parent != NULL) {
			nodes_hold(c, n, -1);
			n->parent = NULL;
		}
	TAILQ_FOREACH_SAFE(n, &c->used, used, next)
		if (n->export == export)
			drop(c, n);
}

void
nodes_free(struct nodes *c)
{
	free(c->bucket);
}
