/* SPDX-License-Identifier: ISC */
/* One pass over all folders of an export, in small steps. */
#include "nfsroot-helper/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nfsroot-helper/folder.h"

/* A folder that is being read, or whose subfolders are. */
struct level {
	int fd;
	uint64_t ino;
	bool listed;
	char **subfolder;	/* names still to be entered */
	size_t n, size;
};

struct scan {
	struct level level[INDEX_DEPTH_MAX];
	size_t depth;		/* levels in use */
	struct statx root;
	struct index index;
	bool ask;
	int error;
};

static void
leave(struct scan *s)
{
	struct level *l = &s->level[--s->depth];

	while (l->n > 0)
		free(l->subfolder[--l->n]);
	free(l->subfolder);
	close(l->fd);
}

static void
enter(struct scan *s, int fd, uint64_t ino)
{
	s->level[s->depth++] = (struct level){ .fd = fd, .ino = ino };
}

struct scan *
scan_begin(int root, const struct statx *st, bool ask)
{
	struct scan *s = calloc(1, sizeof(*s));
	int fd = folder_open(root, ".", O_DIRECTORY);

	if (s == NULL || fd == -1) {
		free(s);
		if (fd != -1)
			close(fd);
		return NULL;
	}
	s->root = *st;
	s->ask = ask;
	index_init(&s->index);
	enter(s, fd, st->stx_ino);
	return s;
}

static bool
note_subfolder(struct level *l, const char *name)
{
	size_t size = l->size == 0 ? 16 : l->size * 2;
	char **list;

	if (l->n == l->size) {
		list = reallocarray(l->subfolder, size, sizeof(*list));
		if (list == NULL)
			return false;
		l->subfolder = list;
		l->size = size;
	}
	if ((l->subfolder[l->n] = strdup(name)) == NULL)
		return false;
	l->n++;
	return true;
}

/* Inode and type by statx, where getdents64 does not say them. */
static bool
ask(struct scan *s, const struct level *l, struct folder_entry *entry)
{
	struct statx st;

	if (folder_stat(l->fd, entry->name, &st) == -1)
		return false;
	entry->type = S_ISDIR(st.stx_mode) ? DT_DIR : DT_REG;
	if (!folder_is_other(&st, &s->root))
		entry->ino = st.stx_ino;
	return true;
}

static bool
visit(void *arg, const struct folder_entry *seen)
{
	struct scan *s = arg;
	struct level *l = &s->level[s->depth - 1];
	struct folder_entry entry = *seen;

	if (folder_is_dots(entry.name))
		return true;
	if ((s->ask || entry.type == DT_UNKNOWN) && !ask(s, l, &entry))
		return true;	/* it went away */
	if (!index_add(&s->index, entry.ino, l->ino) ||
	    (entry.type == DT_DIR && !note_subfolder(l, entry.name))) {
		s->error = ENOMEM;
		return false;
	}
	return true;
}

/* Not there any more, or not ours to enter; all else fails the scan. */
static bool
may_skip(int error)
{
	return error == ENOENT || error == ENOTDIR || error == ELOOP ||
	    error == EXDEV || error == EACCES;
}

static enum scan_state
enter_next(struct scan *s)
{
	struct level *l = &s->level[s->depth - 1];
	char *name = l->subfolder[--l->n];
	struct statx st;
	int fd;

	if (s->depth == INDEX_DEPTH_MAX) {
		free(name);
		return SCAN_MORE;
	}
	fd = folder_open(l->fd, name, O_DIRECTORY);
	free(name);
	if (fd == -1)
		return may_skip(errno) ? SCAN_MORE : SCAN_FAILED;
	if (folder_stat(fd, "", &st) == -1 || folder_is_other(&st, &s->root))
		close(fd);
	else
		enter(s, fd, st.stx_ino);
	return SCAN_MORE;
}

enum scan_state
scan_step(struct scan *s)
{
	struct level *l;
	int end;

	if (s->depth == 0) {
		index_sort(&s->index);
		return SCAN_DONE;
	}
	l = &s->level[s->depth - 1];
	if (!l->listed) {
		end = folder_chunk(l->fd, visit, s);
		if (s->error != 0)
			errno = s->error;
		if (end == -1 || s->error != 0)
			return SCAN_FAILED;
		l->listed = end == 1;
		return SCAN_MORE;
	}
	if (l->n > 0)
		return enter_next(s);
	leave(s);
	return SCAN_MORE;
}

void
scan_take(struct scan *s, struct index *index)
{
	*index = s->index;
	index_init(&s->index);
}

void
scan_free(struct scan *s)
{
	if (s == NULL)
		return;
	while (s->depth > 0)
		leave(s);
	index_free(&s->index);
	free(s);
}
