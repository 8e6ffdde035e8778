/* SPDX-License-Identifier: ISC */
/* Two folders shown as one.  Its system calls are those of folder.c. */
#include "nfsroot-helper/layers.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "nfsroot-helper/handle.h"
#include "nfsroot-helper/nfs3.h"

#define MARKER ".wh."
#define MARKER_LEN 4
#define OPAQUE ".wh..wh..opq"

static uint32_t
check_of(const struct statx *st)
{
	if ((st->stx_mask & STATX_BTIME) == 0)
		return 0;
	return handle_check(st->stx_btime.tv_sec, st->stx_btime.tv_nsec,
	    st->stx_mode & S_IFMT);
}

static void
see(struct sight *s, const struct statx *st, uint64_t tag,
    const struct statx *root)
{
	s->st = *st;
	s->ino = st->stx_ino | tag;
	s->over = 0;
	s->covered = folder_is_other(st, root);
	s->check = s->covered ? 0 : check_of(st);
}

static bool
is_later(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec :
	    a->tv_nsec > b->tv_nsec;
}

/*
 * A folder of both layers has the attributes of the upper one.  It changed
 * when either did; how many folders are in it is not known, which is nlink 1
 * for find(1) and others.
 */
static void
merge(struct sight *s, const struct statx *upper)
{
	s->over = upper->stx_ino;
	s->st.stx_mode = upper->stx_mode;
	s->st.stx_uid = upper->stx_uid;
	s->st.stx_gid = upper->stx_gid;
	s->st.stx_nlink = 1;
	if (is_later(&upper->stx_mtime, &s->st.stx_mtime))
		s->st.stx_mtime = upper->stx_mtime;
	if (is_later(&upper->stx_ctime, &s->st.stx_ctime))
		s->st.stx_ctime = upper->stx_ctime;
}

static bool
is_whiteout(const struct statx *st)
{
	return S_ISCHR(st->stx_mode) && st->stx_rdev_major == 0 &&
	    st->stx_rdev_minor == 0;
}

static bool
is_marker(const char *name)
{
	return strncmp(name, MARKER, MARKER_LEN) == 0;
}

static bool
has_marker(int upper, const char *name)
{
	char marker[MARKER_LEN + NFS3_NAME_MAX + 1];
	struct statx st;

	if (strlen(name) > NFS3_NAME_MAX - MARKER_LEN)
		return false;
	snprintf(marker, sizeof(marker), MARKER "%s", name);
	return folder_stat(upper, marker, &st) == 0;
}

static bool
is_opaque(int upper, const char *name)
{
	char marker[NFS3_NAME_MAX + 1 + sizeof(OPAQUE)];
	struct statx st;

	snprintf(marker, sizeof(marker), "%s/" OPAQUE, name);
	return folder_stat(upper, marker, &st) == 0;
}

/* 1: it is there; 0: the lower layer shows through; -1 with errno: hidden. */
static int
look_upper(const struct layers *l, const char *name, struct statx *st)
{
	const bool marker = is_marker(name);

	if (!marker && folder_stat(l->upper, name, st) == 0) {
		if (!is_whiteout(st) && !folder_is_other(st, l->upper_root))
			return 1;
		errno = ENOENT;
		return -1;
	}
	if (!marker && errno != ENOENT)
		return -1;
	if (!has_marker(l->upper, name))
		return 0;
	errno = ENOENT;
	return -1;
}

static int
look_lower(const struct layers *l, const char *name, struct sight *s)
{
	struct statx st;

	if (l->lower == -1) {
		errno = ENOENT;
		return -1;
	}
	if (disk_stat(l->disk, l->lower, name, &st) == -1)
		return -1;
	see(s, &st, 0, l->lower_root);
	return 0;
}

int
layers_look(const struct layers *l, const char *name, struct sight *s)
{
	struct statx st;
	int found;

	if (l->upper == -1)
		return look_lower(l, name, s);
	if ((found = look_upper(l, name, &st)) == -1)
		return -1;
	if (found == 0)
		return look_lower(l, name, s);
	if (S_ISDIR(st.stx_mode) && !is_opaque(l->upper, name) &&
	    look_lower(l, name, s) == 0 && S_ISDIR(s->st.stx_mode) &&
	    !s->covered)
		merge(s, &st);
	else
		see(s, &st, LAYERS_UPPER, l->upper_root);
	return 0;
}

int
layers_look_self(const struct layers *l, struct sight *s)
{
	const int own = l->lower != -1 ? l->lower : l->upper;
	struct statx st;

	if (folder_stat(own, "", &st) == -1)
		return -1;
	see(s, &st, l->lower != -1 ? 0 : LAYERS_UPPER, &st);
	s->covered = false;	/* an export may itself be a mount point */
	s->check = check_of(&st);
	if (l->lower == -1 || l->upper == -1)
		return 0;
	if (folder_stat(l->upper, "", &st) == -1)
		return -1;
	merge(s, &st);
	return 0;
}

/* A listing of the two, as it goes through one of them. */
struct pass {
	const struct layers *layers;
	folder_visit *visit;
	void *arg;
	bool upper;
};

/* Is the entry shown?  And with which number? */
static bool
shows(const struct pass *p, struct folder_entry *entry)
{
	const struct layers *l = p->layers;
	struct sight s;
	struct statx st;

	if (folder_is_dots(entry->name))
		return !p->upper || l->lower == -1;
	if (p->upper) {
		if (is_marker(entry->name) ||
		    layers_look(l, entry->name, &s) == -1)
			return false;
		entry->ino = s.ino;
		return true;
	}
	if (l->upper != -1 && look_upper(l, entry->name, &st) != 0)
		return false;
	if (l->ask && look_lower(l, entry->name, &s) == 0 && !s.covered)
		entry->ino = s.ino;
	return true;
}

static bool
pass_on(void *arg, const struct folder_entry *seen)
{
	const struct pass *p = arg;
	struct folder_entry entry = *seen;

	if (!shows(p, &entry))
		return true;
	if (p->upper)
		entry.cookie |= LAYERS_UPPER;
	return p->visit(p->arg, &entry);
}

int
layers_each(const struct layers *l, uint64_t cookie, folder_visit *visit,
    void *arg)
{
	struct pass p = { .layers = l, .visit = visit, .arg = arg };
	int end;

	if (l->upper == -1 || (l->lower != -1 && cookie < LAYERS_UPPER)) {
		end = folder_each(l->lower, cookie, pass_on, &p);
		if (end != 1 || l->upper == -1)
			return end;
		cookie = 0;
	}
	p.upper = true;
	return folder_each(l->upper, cookie & ~LAYERS_UPPER, pass_on, &p);
}
