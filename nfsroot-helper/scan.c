/* SPDX-License-Identifier: ISC */
/* One pass over all folders of an export, in small steps. */
#include "nfsroot-helper/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder that is being read, or whose subfolders are. */
struct level {
	struct layers folder;
	uint64_t ino;
	bool listed;
	char **subfolder;	/* names still to be entered */
	size_t n, size;
};

struct scan {
	struct level level[INDEX_DEPTH_MAX];
	size_t depth;		/* levels in use */
	struct index index;
	int error;
};

static void
close_both(struct layers *l)
{
	if (l->lower != -1)
		close(l->lower);
	if (l->upper != -1)
		close(l->upper);
}

static void
leave(struct scan *s)
{
	struct level *l = &s->level[--s->depth];

	while (l->n > 0)
		free(l->subfolder[--l->n]);
	free(l->subfolder);
	close_both(&l->folder);
}

/* Opens a folder in both layers, as far as it is there; -1 with errno. */
static int
open_both(const struct layers *in, const char *name, const struct sight *s,
    struct layers *l)
{
	const bool upper = (s->ino & LAYERS_UPPER) != 0;

	*l = *in;
	l->lower = l->upper = -1;
	if (!upper && (l->lower = folder_open(in->lower, name,
	    O_DIRECTORY)) == -1)
		return -1;
	if (upper || s->over != 0)
		l->upper = folder_open(in->upper, name, O_DIRECTORY);
	return l->lower == -1 && l->upper == -1 ? -1 : 0;
}

static void
enter(struct scan *s, const struct layers *folder, uint64_t ino)
{
	s->level[s->depth++] = (struct level){ .folder = *folder, .ino = ino };
}

struct scan *
scan_begin(const struct layers *root, uint64_t ino)
{
	struct scan *s = calloc(1, sizeof(*s));
	struct sight sight = { .ino = ino, .over = root->upper != -1 };
	struct layers folder;

	if (s == NULL || open_both(root, ".", &sight, &folder) == -1) {
		free(s);
		return NULL;
	}
	index_init(&s->index);
	enter(s, &folder, ino);
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

/* The type by statx, where getdents64 does not say it. */
static bool
ask_type(const struct level *l, struct folder_entry *entry)
{
	struct sight sight;

	if (layers_look(&l->folder, entry->name, &sight) == -1)
		return false;
	entry->type = S_ISDIR(sight.st.stx_mode) ? DT_DIR : DT_REG;
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
	if (entry.type == DT_UNKNOWN && !ask_type(l, &entry))
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
	struct layers folder;
	struct sight sight;
	enum scan_state state = SCAN_MORE;

	if (s->depth < INDEX_DEPTH_MAX) {
		if (layers_look(&l->folder, name, &sight) == -1 ||
		    (!sight.covered &&
		    open_both(&l->folder, name, &sight, &folder) == -1))
			state = may_skip(errno) ? SCAN_MORE : SCAN_FAILED;
		else if (!sight.covered)
			enter(s, &folder, sight.ino);
	}
	free(name);
	return state;
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
		end = layers_each(&l->folder, 0, visit, s);
		if (s->error != 0)
			errno = s->error;
		if (end == -1 || s->error != 0)
			return SCAN_FAILED;
		l->listed = true;
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
