/* SPDX-License-Identifier: ISC */
/* Where the cached nodes are: statx, openat2. */
#include "nfsroot-helper/place.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static uint32_t
check_of(const struct statx *st)
{
	if ((st->stx_mask & STATX_BTIME) == 0)
		return 0;
	return handle_check(st->stx_btime.tv_sec, st->stx_btime.tv_nsec,
	    st->stx_mode & S_IFMT);
}

bool
place_checks_agree(uint32_t a, uint32_t b)
{
	return a == b || a == 0 || b == 0;
}

/* Is what was found the file that the node stands for? */
static int
recognise(struct node *n, const struct statx *st)
{
	n->covered = folder_is_other(st, &n->export->st);
	if (n->covered || (st->stx_ino == n->ino &&
	    place_checks_agree(n->check, check_of(st))))
		return 0;
	errno = ESTALE;
	return -1;
}

/* Looks at the node's name in its folder.  ESTALE when it is not there. */
int
place_confirm(struct tree *t, struct node *n, struct statx *st)
{
	int folder;

	if (n->parent == NULL)
		return folder_stat(n->fd, "", st);
	if ((folder = place_folder(t, n->parent)) == -1)
		return -1;
	if (folder_stat(folder, n->name, st) == -1) {
		if (errno == ENOENT)
			errno = ESTALE;
		return -1;
	}
	return recognise(n, st);
}

/* Opens a file or folder that was confirmed. */
int
place_open(struct tree *t, struct node *n, int flags)
{
	int folder, fd, error;
	struct statx st;

	if ((folder = place_folder(t, n->parent)) == -1)
		return -1;
	if ((fd = folder_open(folder, n->name, flags)) == -1)
		return -1;
	/* Another file may have taken the name since. */
	if (folder_stat(fd, "", &st) == -1 || recognise(n, &st) == -1) {
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
	nodes_hold(&t->nodes, n, fd);
	return 0;
}

/*
 * A descriptor for a folder, whose place in the export was confirmed within
 * the last second, and those of all folders above it.
 */
int
place_folder(struct tree *t, struct node *n)
{
	struct statx st;

	if (n->parent == NULL)
		return n->fd;
	if (n->fd != -1 && n->confirmed != 0 &&
	    t->now - n->confirmed < PLACE_CONFIRM_MS)
		return n->fd;
	if (place_confirm(t, n, &st) == -1)
		return -1;
	if (n->covered || !S_ISDIR(st.stx_mode)) {
		errno = ESTALE;
		return -1;
	}
	if (n->fd == -1 && place_open(t, n, O_DIRECTORY) == -1)
		return -1;
	n->confirmed = t->now;
	return n->fd;
}

/* The number that an entry goes by. */
uint64_t
place_inode(const struct export *e, int folder,
    const struct folder_entry *entry)
{
	struct statx st;

	if (e->ask && folder_stat(folder, entry->name, &st) == 0 &&
	    !folder_is_other(&st, &e->st))
		return st.stx_ino;
	return entry->ino;
}

/* Looks at a name and makes a node of it; NULL with errno. */
struct node *
place_adopt(struct tree *t, struct node *folder, const char *name, uint64_t ino,
    struct statx *st)
{
	int fd;
	bool covered;

	if ((fd = place_folder(t, folder)) == -1 ||
	    folder_stat(fd, name, st) == -1)
		return NULL;
	covered = folder_is_other(st, &folder->export->st);
	return nodes_put(&t->nodes, folder, name, covered ? ino : st->stx_ino,
	    covered ? 0 : check_of(st), covered);
}
