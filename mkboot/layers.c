/* SPDX-License-Identifier: ISC */
/* Trees of files laid over one another. */
#include "mkboot/layers.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/facts.h"
#include "mkboot/strings.h"

/* A template is read into memory; what is larger is none, and copied. */
#define TEMPLATE_MAX (4 * 1024 * 1024)

/* One tree on its way in. */
struct walk {
	struct layers *layers;
	const char *label;
	const struct template_values *values;
	struct why *why;
	int tree;		/* index in layers->tree */
};

static int
cannot(const struct walk *w, const char *path)
{
	return why_not(w->why, "%s%s%s: %s", w->label,
	    *path == '\0' ? "" : "/", path, strerror(errno));
}

/* A new entry, with a copy of the path; NULL without memory. */
static struct layers_entry *
new_entry(struct layers *l, const char *path)
{
	size_t room = l->room == 0 ? 64 : l->room * 2;
	struct layers_entry *e;

	if (l->n == l->room) {
		e = reallocarray(l->at, room, sizeof(*e));
		if (e == NULL)
			return NULL;
		l->at = e;
		l->room = room;
	}
	e = &l->at[l->n];
	memset(e, 0, sizeof(*e));
	if ((e->path = strdup(path)) == NULL)
		return NULL;
	e->order = l->n++;
	return e;
}

/* The octets become the entry's own. */
static void
own_text(struct layers_entry *e, char *text, size_t len)
{
	static char empty[1];

	e->text = text == NULL ? empty : text;
	e->len = len;
}

static void
free_text(struct layers_entry *e)
{
	if (e->len > 0)
		free(e->text);
	e->text = NULL;
}

/* Whose it is: the files of a user who keeps a boot directory are root's. */
static void
take_owner(struct layers_entry *e, const struct stat *st)
{
	const uid_t me = geteuid();

	e->uid = me != 0 && st->st_uid == me ? 0 : st->st_uid;
	e->gid = me != 0 && st->st_gid == getegid() ? 0 : st->st_gid;
}

static char *
read_octets(int fd, size_t size)
{
	char *octets = malloc(size);
	size_t len = 0;
	ssize_t n = 1;

	while (octets != NULL && len < size && n > 0) {
		n = read(fd, octets + len, size - len);
		if (n > 0)
			len += (size_t)n;
	}
	if (octets != NULL && len == size)
		return octets;
	if (octets != NULL && n == 0)
		errno = EIO;		/* it shrank meanwhile */
	free(octets);
	return NULL;
}

static int
expand(const struct walk *w, struct layers_entry *e, const char *octets,
    size_t size)
{
	struct template_text made;

	switch (template_expand(octets, size, w->values, &made)) {
	case TEMPLATE_OK:
		own_text(e, made.text, made.len);
		return 0;
	case TEMPLATE_UNKNOWN:
		return why_not(w->why, "%s/%s: line %zu: no value for @%s@: "
		    "a file var/%s of the machine or the image gives one",
		    w->label, e->path, made.line, made.unknown, made.unknown);
	case TEMPLATE_NO_MEMORY:
		break;
	}
	errno = ENOMEM;
	return cannot(w, e->path);
}

/* A template's text; a binary file stays where it is. */
static int
take_template(struct walk *w, struct layers_entry *e, off_t size)
{
	char *octets = NULL;
	int result = 0, fd = layers_open(w->layers, e);

	if (fd == -1)
		return cannot(w, e->path);
	if (size > 0 && size <= TEMPLATE_MAX &&
	    (octets = read_octets(fd, (size_t)size)) == NULL)
		result = cannot(w, e->path);
	if (octets != NULL && template_is_text(octets, (size_t)size))
		result = expand(w, e, octets, (size_t)size);
	free(octets);
	close(fd);
	return result;
}

static int
take_link(struct walk *w, struct layers_entry *e, int folder,
    const char *name)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(folder, name, target, sizeof(target));
	char *copy;

	if (n == sizeof(target))
		errno = ENAMETOOLONG;
	if (n <= 0 || n == sizeof(target) ||
	    (copy = malloc((size_t)n + 1)) == NULL)
		return cannot(w, e->path);
	memcpy(copy, target, (size_t)n);
	copy[n] = '\0';
	own_text(e, copy, (size_t)n);
	return 0;
}

static int walk_folder(struct walk *, int, const char *, bool);

static int
walk_below(struct walk *w, int folder, const char *name, const char *path,
    bool hidden)
{
	int below, result;

	below = openat(folder, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (below == -1)
		return cannot(w, path);
	result = walk_folder(w, below, path, hidden);
	close(below);
	return result;
}

/* hidden: others may not look into its folder. */
static int
take(struct walk *w, int folder, const char *name, const char *path,
    bool hidden)
{
	struct layers_entry *e;
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    (e = new_entry(w->layers, path)) == NULL)
		return cannot(w, path);
	e->mode = st.st_mode;
	e->device = st.st_rdev;
	e->tree = w->tree;
	take_owner(e, &st);
	switch (st.st_mode & S_IFMT) {
	case S_IFDIR:
		return walk_below(w, folder, name, path,
		    hidden || (st.st_mode & S_IXOTH) == 0);
	case S_IFREG:
		e->hidden = hidden || (st.st_mode & S_IROTH) == 0;
		return w->values == NULL ? 0 :
		    take_template(w, e, st.st_size);
	case S_IFLNK:
		return take_link(w, e, folder, name);
	default:
		return 0;
	}
}

static int
walk_folder(struct walk *w, int folder, const char *path, bool hidden)
{
	struct strings names = { NULL, 0 };
	char below[PATH_MAX];
	int result = 0;
	size_t i;

	if (facts_names(folder, &names) == -1)
		result = cannot(w, path);
	for (i = 0; i < names.n && result == 0; i++) {
		if (snprintf(below, sizeof(below), "%s%s%s", path,
		    *path == '\0' ? "" : "/", names.at[i]) >=
		    (int)sizeof(below)) {
			errno = ENAMETOOLONG;
			result = cannot(w, path);
		} else
			result = take(w, folder, names.at[i], below, hidden);
	}
	strings_free(&names);
	return result;
}

int
layers_add_tree(struct layers *l, int folder, const char *label,
    const struct template_values *values, struct why *why)
{
	struct walk w = { .layers = l, .label = label, .values = values,
	    .why = why, .tree = (int)l->trees };
	struct stat st;
	int copy;

	if (l->trees == LAYERS_MAX) {
		errno = EMLINK;
		return cannot(&w, "");
	}
	copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	if (copy == -1)
		return cannot(&w, "");
	l->tree[l->trees++] = copy;
	if (fstat(folder, &st) == -1)
		return cannot(&w, "");
	return walk_folder(&w, folder, "", (st.st_mode & S_IXOTH) == 0);
}

/* Folders above `path' of root's; a tree's own, added before, stay. */
static int
add_parents(struct layers *l, const char *path)
{
	char parent[PATH_MAX];
	struct layers_entry *e;
	const char *slash = path;
	size_t i;

	while ((slash = strchr(slash, '/')) != NULL) {
		(void)snprintf(parent, sizeof(parent), "%.*s",
		    (int)(slash++ - path), path);
		for (i = 0; i < l->n; i++)
			if (strcmp(l->at[i].path, parent) == 0 &&
			    S_ISDIR(l->at[i].mode))
				break;
		if (i < l->n)
			continue;
		if ((e = new_entry(l, parent)) == NULL)
			return -1;
		e->mode = S_IFDIR | 0755;
		e->tree = LAYERS_MADE;
	}
	return 0;
}

static int
add_octets(struct layers *l, const char *path, mode_t mode,
    const void *octets, size_t len, bool hidden, struct why *why)
{
	struct layers_entry *e = NULL;
	char *copy = len > 0 ? malloc(len + 1) : NULL;

	if ((len == 0 || copy != NULL) && add_parents(l, path) == 0)
		e = new_entry(l, path);
	if (e == NULL) {
		free(copy);
		return why_not(why, "%s: %s", path, strerror(errno));
	}
	if (copy != NULL) {
		memcpy(copy, octets, len);
		copy[len] = '\0';
	}
	e->mode = mode;
	e->tree = LAYERS_MADE;
	e->hidden = hidden;
	own_text(e, copy, len);
	return 0;
}

int
layers_add_file(struct layers *l, const char *path, mode_t mode,
    const void *octets, size_t len, bool hidden, struct why *why)
{
	return add_octets(l, path, S_IFREG | mode, octets, len, hidden, why);
}

int
layers_add_link(struct layers *l, const char *path, const char *target,
    struct why *why)
{
	return add_octets(l, path, S_IFLNK | 0777, target, strlen(target),
	    false, why);
}

/* A slash before all else, so that what is below a folder follows it. */
static int
rank(char c)
{
	return c == '\0' ? 0 : c == '/' ? 1 : 2 + (unsigned char)c;
}

static int
by_path_and_order(const void *one, const void *two)
{
	const struct layers_entry *a = one, *b = two;
	size_t i = 0;

	while (a->path[i] != '\0' && a->path[i] == b->path[i])
		i++;
	if (a->path[i] != b->path[i])
		return rank(a->path[i]) - rank(b->path[i]);
	return a->order < b->order ? -1 : 1;
}

/* Is `path' below the folder or what was put in its place? */
static bool
is_below(const char *path, const char *above)
{
	size_t len = strlen(above);

	return strncmp(path, above, len) == 0 && path[len] == '/';
}

/*
 * Is this entry covered?  By one of the same path that follows; or as its
 * folder became something else in a later tree: a later tree that has
 * anything below that has the folder too.
 */
static bool
is_covered(const struct layers *l, size_t i, const struct layers_entry *solid)
{
	return (i + 1 < l->n &&
	    strcmp(l->at[i].path, l->at[i + 1].path) == 0) ||
	    (solid != NULL && is_below(l->at[i].path, solid->path));
}

void
layers_merge(struct layers *l)
{
	struct layers_entry *solid = NULL, *kept = l->at;
	size_t i;

	if (l->n == 0)
		return;
	qsort(l->at, l->n, sizeof(l->at[0]), by_path_and_order);
	for (i = 0; i < l->n; i++) {
		if (is_covered(l, i, solid)) {
			free_text(&l->at[i]);
			free(l->at[i].path);
			continue;
		}
		*kept = l->at[i];
		if (!S_ISDIR(kept->mode) && (solid == NULL ||
		    !is_below(kept->path, solid->path)))
			solid = kept;
		kept++;
	}
	l->n = (size_t)(kept - l->at);
}

void
layers_drop_tree(struct layers *l, size_t nth)
{
	struct layers_entry *kept = l->at;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->at[i].tree == (int)nth && !S_ISDIR(l->at[i].mode)) {
			free_text(&l->at[i]);
			free(l->at[i].path);
		} else
			*kept++ = l->at[i];
	}
	l->n = (size_t)(kept - l->at);
}

int
layers_open(const struct layers *l, const struct layers_entry *e)
{
	int fd = bootdir_openat(l->tree[e->tree], e->path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd == -1 || (fstat(fd, &st) == 0 &&
	    (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

void
layers_free(struct layers *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free_text(&l->at[i]);
		free(l->at[i].path);
	}
	free(l->at);
	for (i = 0; i < l->trees; i++)
		close(l->tree[i]);
	memset(l, 0, sizeof(*l));
}
