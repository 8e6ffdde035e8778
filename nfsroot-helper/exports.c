/* SPDX-License-Identifier: ISC */
/* The exports: openat2 and getdents64 on root/, and scans. */
#include "nfsroot-helper/exports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "nfsroot-helper/folder.h"

#define SCAN_STEPS 8	/* folders at a time */
#define PROBE_ENTRIES 64

void
exports_init(struct exports *x, int bootfd, struct nodes *nodes)
{
	TAILQ_INIT(&x->list);
	x->asker = NULL;
	x->all_views = false;
	x->n = 0;
	x->bootfd = bootfd;
	x->nodes = nodes;
}

static void
stop_scan(struct export *e)
{
	scan_free(e->scan);
	e->scan = NULL;
	e->wanted = false;
}

static void
close_export(struct exports *x, struct export *e)
{
	TAILQ_REMOVE(&x->list, e, link);
	x->n--;
	stop_scan(e);
	index_free(&e->index);
	nodes_drop_export(x->nodes, e);
	origin_close(&e->origin);
	free(e);
}

struct probe {
	int fd;
	const struct statx *root;
	unsigned seen;
	bool differs;
};

static bool
probe_entry(void *arg, const struct folder_entry *entry)
{
	struct probe *p = arg;
	struct statx st;

	if (folder_is_dots(entry->name) ||
	    folder_stat(p->fd, entry->name, &st) == -1 ||
	    folder_is_other(&st, p->root))
		return true;
	p->differs = st.stx_ino != entry->ino;
	return !p->differs && ++p->seen < PROBE_ENTRIES;
}

/* overlayfs over several file systems makes up numbers that do not agree. */
static bool
inodes_differ(int fd, const struct statx *root)
{
	struct probe p = { .fd = fd, .root = root };

	folder_each(fd, 0, probe_entry, &p);
	return p.differs;
}

static void
set_layers(struct export *e)
{
	const struct origin *o = &e->origin;

	e->root->fd = o->lower_fd;
	e->root->over = o->upper_fd;
	e->layers = (struct layers){ .lower = o->lower_fd,
	    .upper = o->upper_fd, .lower_root = &o->lower_st,
	    .upper_root = &o->upper_st };
	e->layers.ask = inodes_differ(o->lower_fd, &o->lower_st);
}

/* Takes the descriptors over. */
static struct export *
insert(struct exports *x, const char *name, const struct origin *o)
{
	struct export *e = calloc(1, sizeof(*e));

	if (x->n == EXPORTS_OPEN_MAX)
		close_export(x, TAILQ_LAST(&x->list, exports_list));
	if (e == NULL || (e->root = nodes_root(x->nodes, e,
	    o->lower_st.stx_ino)) == NULL) {
		free(e);
		origin_close(o);
		errno = ENOMEM;
		return NULL;
	}
	strlcpy(e->name, name, sizeof(e->name));
	e->id = handle_export_id(name);
	e->origin = *o;
	set_layers(e);
	index_init(&e->index);
	TAILQ_INSERT_HEAD(&x->list, e, link);
	x->n++;
	return e;
}

/* The export if it is still what lies there, else that, or NULL. */
static struct export *
confirm(struct exports *x, struct export *e, int64_t now)
{
	char name[EXPORTS_NAME];
	struct origin o;
	int error;

	if (now - e->confirmed < EXPORTS_CONFIRM_MS)
		return e;
	if (origin_open(x->bootfd, e->name, &o) == -1) {
		error = errno;
		close_export(x, e);
		errno = error;
		return NULL;
	}
	if (origin_is_same(&o, &e->origin))
		origin_close(&o);
	else {
		strlcpy(name, e->name, sizeof(name));
		close_export(x, e);
		e = insert(x, name, &o);
	}
	if (e != NULL)
		e->confirmed = now;
	return e;
}

static void
touch(struct exports *x, struct export *e)
{
	if (e == TAILQ_FIRST(&x->list))
		return;
	TAILQ_REMOVE(&x->list, e, link);
	TAILQ_INSERT_HEAD(&x->list, e, link);
}

struct export *
exports_named(struct exports *x, const char *name, int64_t now)
{
	struct export *e;
	struct origin o;

	TAILQ_FOREACH(e, &x->list, link)
		if (strcmp(e->name, name) == 0) {
			touch(x, e);
			return confirm(x, e, now);
		}
	if (origin_open(x->bootfd, name, &o) == -1)
		return NULL;
	if ((e = insert(x, name, &o)) != NULL)
		e->confirmed = now;
	return e;
}

struct wanted {
	uint64_t id;
	char name[EXPORTS_NAME];
};

static void
match_id(void *arg, const char *name)
{
	struct wanted *w = arg;

	if (handle_export_id(name) == w->id)
		strlcpy(w->name, name, sizeof(w->name));
}

/* A handle of a view comes from the machine that has it. */
static void
match_view(const struct mac *machine, struct wanted *w)
{
	char name[EXPORTS_NAME], text[MAC_TEXT];

	snprintf(name, sizeof(name), "machine/%s", mac_format(machine, text));
	match_id(w, name);
}

static bool
match_entry(void *arg, const struct folder_entry *entry)
{
	struct mac machine;

	if (mac_parse(entry->name, &machine))
		match_view(&machine, arg);
	return true;
}

static void
match_all_views(struct exports *x, struct wanted *w)
{
	int fd = bootdir_openat(x->bootfd, "machine", O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return;
	folder_each(fd, 0, match_entry, w);
	close(fd);
}

/* The name of an export by its number; "" where there is none. */
static int
find_name(struct exports *x, struct wanted *w)
{
	if (x->asker != NULL)
		match_view(x->asker, w);
	if (w->name[0] == '\0' && exports_each(x, match_id, w) == -1)
		return -1;
	if (w->name[0] == '\0' && x->all_views)
		match_all_views(x, w);
	return 0;
}

struct export *
exports_numbered(struct exports *x, uint64_t id, int64_t now)
{
	struct wanted wanted = { .id = id };
	struct export *e;

	TAILQ_FOREACH(e, &x->list, link)
		if (e->id == id) {
			touch(x, e);
			return confirm(x, e, now);
		}
	if (find_name(x, &wanted) == -1)
		return NULL;
	if (wanted.name[0] == '\0') {
		errno = ENOENT;
		return NULL;
	}
	return exports_named(x, wanted.name, now);
}

struct each {
	void (*visit)(void *, const char *);
	void *arg;
	int root;
};

static bool
visit_name(void *arg, const struct folder_entry *entry)
{
	struct each *each = arg;
	int fd;

	if (entry->name[0] == '.')
		return true;
	fd = bootdir_openat(each->root, entry->name, O_PATH | O_DIRECTORY);
	if (fd == -1)
		return true;
	close(fd);
	each->visit(each->arg, entry->name);
	return true;
}

int
exports_each(struct exports *x, void (*visit)(void *, const char *), void *arg)
{
	struct each each = { .visit = visit, .arg = arg };
	int result;

	each.root = bootdir_openat(x->bootfd, "root", O_RDONLY | O_DIRECTORY);
	if (each.root == -1)
		return -1;
	result = folder_each(each.root, 0, visit_name, &each);
	close(each.root);
	return result == -1 ? -1 : 0;
}

void
exports_want_scan(struct export *e)
{
	e->wanted = true;
}

bool
exports_index_fresh(const struct export *e, int64_t now)
{
	int64_t cost = e->scan_ended - e->scan_begun;

	return e->indexed && !e->index.full && now - e->index_begun <
	    EXPORTS_FRESH_MS + 2 * EXPORTS_SCAN_PAUSE * cost;
}

/* Ms until a scan may begin. */
static int64_t
scan_pause(const struct export *e, int64_t now)
{
	int64_t next = e->scan_ended +
	    EXPORTS_SCAN_PAUSE * (e->scan_ended - e->scan_begun);

	return next > now ? next - now : 0;
}

static void
end_scan(struct export *e, enum scan_state state, int64_t now)
{
	if (state == SCAN_DONE) {
		index_free(&e->index);
		scan_take(e->scan, &e->index);
		e->indexed = true;
		e->index_begun = e->scan_begun;
		e->index_used = now;
	}
	e->scan_ended = now;
	stop_scan(e);
}

/* Some steps of a scan that is wanted; true when it ended. */
static bool
scan_some(struct export *e, int64_t now)
{
	enum scan_state state = SCAN_MORE;
	unsigned steps;

	if (e->scan == NULL) {
		e->scan_begun = e->scan_ended = now;
		e->scan = scan_begin(&e->layers, e->root->ino);
	}
	if (e->scan == NULL)
		state = SCAN_FAILED;
	for (steps = 0; steps < SCAN_STEPS && state == SCAN_MORE; steps++)
		state = scan_step(e->scan);
	if (state != SCAN_MORE)
		end_scan(e, state, now);
	return state != SCAN_MORE;
}

int
exports_work(struct exports *x, int64_t now, bool *finished)
{
	struct export *e;
	int64_t pause, wait = -1;

	*finished = false;
	TAILQ_FOREACH(e, &x->list, link) {
		if (e->indexed && now - e->index_used > EXPORTS_IDLE_MS) {
			index_free(&e->index);
			e->indexed = false;
		}
		if (!e->wanted)
			continue;
		pause = e->scan == NULL ? scan_pause(e, now) : 0;
		if (pause == 0 && scan_some(e, now))
			*finished = true;
		else if (wait == -1 || pause < wait)
			wait = pause;
	}
	return (int)wait;
}

void
exports_free(struct exports *x)
{
	struct export *e, *next;

	TAILQ_FOREACH_SAFE(e, &x->list, link, next)
		close_export(x, e);
}
