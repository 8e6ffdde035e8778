/* SPDX-License-Identifier: ISC */
/* Where the cached nodes are: their folders, and what is in them. */
#include "nfsroot-helper/place.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool
place_checks_agree(uint32_t a, uint32_t b)
{
	return a == b || a == 0 || b == 0;
}

/* The layers that a node's descriptors are of. */
static void
layers_of(struct tree *t, const struct node *n, struct layers *l)
{
	const bool upper = (n->ino & LAYERS_UPPER) != 0;

	*l = n->export->layers;
	l->disk = &t->disk;
	l->lower = upper ? -1 : n->fd;
	l->upper = upper ? n->fd : n->over;
}

/* Is what was found the file that the node stands for? */
static int
recognise(struct node *n, const struct sight *s)
{
	n->covered = s->covered;
	if (n->covered || (s->ino == n->ino &&
	    place_checks_agree(n->check, s->check)))
		return 0;
	errno = ESTALE;
	return -1;
}

/* Looks at the node's name in its folder.  ESTALE when it is not there. */
int
place_confirm(struct tree *t, struct node *n, struct sight *s)
{
	struct layers l;

	if (n->parent == NULL) {
		layers_of(t, n, &l);
		return layers_look_self(&l, s);
	}
	if (place_folder(t, n->parent, &l) == -1)
		return -1;
	if (layers_look(&l, n->name, s) == -1) {
		if (errno == ENOENT)
			errno = ESTALE;
		return -1;
	}
	return recognise(n, s);
}

/* A name of one layer, if it still is that inode.  -1 with errno. */
static int
open_inode(int folder, const char *name, int flags, uint64_t ino)
{
	struct statx st;
	int fd, error = ESTALE;

	if (folder == -1) {
		errno = ESTALE;
		return -1;
	}
	if ((fd = folder_open(folder, name, flags)) == -1)
		return -1;
	/* Another file may have taken the name since. */
	if (folder_stat(fd, "", &st) == -1)
		error = errno;
	else if (st.stx_ino == ino)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

/* Opens a file or folder that was confirmed. */
int
place_open(struct tree *t, struct node *n, int flags)
{
	const bool upper = (n->ino & LAYERS_UPPER) != 0;
	struct layers l;
	int fd;

	if (place_folder(t, n->parent, &l) == -1)
		return -1;
	fd = open_inode(upper ? l.upper : l.lower, n->name, flags,
	    n->ino & ~LAYERS_UPPER);
	if (fd != -1)
		nodes_hold(&t->nodes, n, fd);
	return fd == -1 ? -1 : 0;
}

/* Opens what is laid over a folder, where that changed; closes what was. */
static int
open_over(struct tree *t, struct node *n, uint64_t over)
{
	struct layers l;

	if (n->over != -1 && n->over_ino == over)
		return 0;
	if (n->over != -1)
		close(n->over);
	n->over = -1;
	n->over_ino = over;
	if (over == 0)
		return 0;
	if (place_folder(t, n->parent, &l) == -1)
		return -1;
	n->over = open_inode(l.upper, n->name, O_DIRECTORY, over);
	return n->over == -1 ? -1 : 0;
}

/*
 * Descriptors for a folder, whose place in the export was confirmed within
 * the last second, and those of all folders above it.
 */
int
place_folder(struct tree *t, struct node *n, struct layers *l)
{
	struct sight s;

	if (n->parent != NULL && (n->fd == -1 || n->confirmed == 0 ||
	    t->now - n->confirmed >= PLACE_CONFIRM_MS)) {
		if (place_confirm(t, n, &s) == -1)
			return -1;
		if (n->covered || !S_ISDIR(s.st.stx_mode)) {
			errno = ESTALE;
			return -1;
		}
		if (n->fd == -1 && place_open(t, n, O_DIRECTORY) == -1)
			return -1;
		if (open_over(t, n, s.over) == -1)
			return -1;
		n->confirmed = t->now;
	}
	layers_of(t, n, l);
	return 0;
}

/* Makes a node of what was seen at a name; NULL with errno. */
struct node *
place_keep(struct tree *t, struct node *folder, const char *name, uint64_t ino,
    const struct sight *s)
{
	return nodes_put(&t->nodes, folder, name, s->covered ? ino : s->ino,
	    s->check, s->covered);
}

/* Looks at a name and makes a node of it; NULL with errno. */
struct node *
place_adopt(struct tree *t, struct node *folder, const char *name, uint64_t ino,
    struct sight *s)
{
	struct layers l;

	if (place_folder(t, folder, &l) == -1 ||
	    layers_look(&l, name, s) == -1)
		return NULL;
	return place_keep(t, folder, name, ino, s);
}

int
place_list(struct tree *t, struct node *folder, uint64_t cookie,
    folder_visit *visit, void *arg)
{
	struct layers l;

	if (place_folder(t, folder, &l) == -1)
		return -1;
	if (l.lower != -1 && disk_may_list(&t->disk, l.lower, &folder->listed,
	    t->now) == -1)
		return -1;
	return layers_each(&l, cookie, visit, arg);
}
