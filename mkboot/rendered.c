/* SPDX-License-Identifier: ISC */
/* What stands in pub/machine/MAC: put there, compared, taken away. */
#include "mkboot/rendered.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/folder.h"
#include "mkboot/publish.h"

#define PUB_PATH (sizeof("pub/machine//") + NAME_MACHINE_SIZE + PATH_MAX)
/* The names of all that was rendered, so that what is no more can go. */
#define LIST ".rendered"
#define LIST_MAX (1024 * 1024)

/* One machine on its way into pub/. */
struct rendering {
	int bootfd;
	const char *machine;
	gid_t daemons;		/* group of seen/, or -1 */
	bool once;		/* private files are given once a boot */
	struct publish_queue *queue;
	bool changed;
};

static void
pub_path(char path[PUB_PATH], const char *machine, const char *file)
{
	(void)snprintf(path, PUB_PATH, "pub/machine/%s/%s", machine, file);
}

/*
 * What not everybody may read goes to the group of seen/ too: that is the
 * daemons' own, and they hand it to this machine alone, bootdir(7).
 */
static gid_t
daemons_group(int bootfd)
{
	struct stat st;

	return fstatat(bootfd, "seen", &st, 0) == 0 ? st.st_gid : (gid_t)-1;
}

static mode_t
page_mode(const struct rendering *r, const struct page *page)
{
	if (!page->private)
		return 0644;
	return r->once ? S_ISVTX | 0640 : 0640;
}

/* A file to compare with, octet by octet as they come. */
struct comparison {
	int fd;
	off_t at;
	bool same;
};

static int
compare(void *context, const void *data, size_t len)
{
	struct comparison *c = context;
	const char *want = data;
	char piece[4096];
	ssize_t n;

	while (len > 0 && c->same) {
		n = pread(c->fd, piece, len < sizeof(piece) ? len :
		    sizeof(piece), c->at);
		if (n <= 0 || memcmp(piece, want, (size_t)n) != 0) {
			c->same = false;
			break;
		}
		c->at += n;
		want += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Has the file all that was compared, no more, and these permissions? */
static bool
compare_end(const struct comparison *c, const struct rendering *r,
    const struct page *page)
{
	struct stat st;

	return c->same && fstat(c->fd, &st) == 0 && st.st_size == c->at &&
	    (st.st_mode & 07777) == page_mode(r, page) &&
	    (!page->private || r->daemons == (gid_t)-1 ||
	    st.st_gid == r->daemons);
}

static bool
is_current(const struct rendering *r, const struct pages *pages,
    const struct page *page)
{
	struct comparison c = { .same = true };
	const struct overlay_sink sink = { compare, &c };
	struct why why = { "" };
	char path[PUB_PATH];
	bool same;

	pub_path(path, r->machine, page->path);
	c.fd = bootdir_openat(r->bootfd, path, O_RDONLY | O_NONBLOCK);
	if (c.fd == -1)
		return false;
	same = page->write(pages, page, &sink, &why) == 0 &&
	    compare_end(&c, r, page);
	close(c.fd);
	return same;
}

static int
into_file(void *publish, const void *data, size_t len)
{
	return publish_write(publish, data, len);
}

static int
put_page(struct rendering *r, const struct pages *pages,
    const struct page *page, struct why *why)
{
	char path[PUB_PATH];
	struct publish p;
	const struct overlay_sink sink = { into_file, &p };

	if (is_current(r, pages, page))
		return 0;
	pub_path(path, r->machine, page->path);
	if (folder_parents(r->bootfd, "pub/machine", path) == -1 ||
	    publish_begin(&p, r->bootfd, path, page_mode(r, page)) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	if (page->write(pages, page, &sink, why) == -1) {
		publish_abort(&p);
		return -1;
	}
	if (page->private)
		p.group = r->daemons;
	if (publish_later(r->queue, &p) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	r->changed = true;
	return 0;
}

/* The list of what was rendered, to be freed; NULL where there is none. */
static char *
read_list(int bootfd, const char *machine)
{
	char path[PUB_PATH], *list = NULL;
	ssize_t n = -1;
	int fd;

	pub_path(path, machine, LIST);
	if ((fd = bootdir_openat(bootfd, path, O_RDONLY | O_NONBLOCK)) == -1)
		return NULL;
	if ((list = malloc(LIST_MAX)) != NULL)
		n = read(fd, list, LIST_MAX - 1);
	close(fd);
	if (n == -1) {
		free(list);
		return NULL;
	}
	list[n] = '\0';
	return list;
}

static bool
is_page(const struct pages *pages, const char *path)
{
	size_t i;

	for (i = 0; pages != NULL && i < pages->n; i++)
		if (strcmp(pages->at[i].path, path) == 0)
			return true;
	return false;
}

/*
 * Removes a rendered file, what a writer of it left who was killed, and the
 * folders above that are empty then.
 */
static int
remove_file(int bootfd, const char *machine, const char *file)
{
	char path[PUB_PATH], left[PUB_PATH], *slash;
	const size_t top = strlen("pub/machine/") + strlen(machine);

	pub_path(path, machine, file);
	slash = strrchr(path, '/');
	(void)snprintf(left, sizeof(left), "%.*s/.%s.tmp",
	    (int)(slash - path), path, slash + 1);
	if (folder_unlink(bootfd, path) == -1 ||
	    folder_unlink(bootfd, left) == -1)
		return -1;
	while ((slash = strrchr(path, '/')) != NULL &&
	    (size_t)(slash - path) > top) {
		*slash = '\0';
		if (folder_remove(bootfd, path) == -1)
			break;
	}
	return 0;
}

/* Removes what was rendered before and is no page now.  NULL: nothing is. */
static int
remove_others(int bootfd, const char *machine, const struct pages *pages,
    bool *removed, struct why *why)
{
	char *list = read_list(bootfd, machine), *rest = list, *file;
	int result = 0;

	while (result == 0 && (file = strsep(&rest, "\n")) != NULL) {
		if (*file == '\0' || is_page(pages, file))
			continue;
		*removed = true;
		if (remove_file(bootfd, machine, file) == -1)
			result = why_not(why, "pub/machine/%s/%s: %s",
			    machine, file, strerror(errno));
	}
	free(list);
	return result;
}

/* Is there a name in the list that is no page now? */
static bool
has_others(const char *list, const struct pages *pages)
{
	char *copy = list == NULL ? NULL : strdup(list);
	char *rest = copy, *file;
	bool others = false;

	while ((file = strsep(&rest, "\n")) != NULL)
		others = others || (*file != '\0' && !is_page(pages, file));
	free(copy);
	return others;
}

/* The names of all pages, and what else `old' has (may be NULL). */
static int
make_list(const struct pages *pages, const char *old, char **text,
    size_t *len)
{
	FILE *list = open_memstream(text, len);
	char *copy, *rest, *file;
	size_t i;

	if (list == NULL)
		return -1;
	for (i = 0; i < pages->n; i++)
		fprintf(list, "%s\n", pages->at[i].path);
	rest = copy = old == NULL ? NULL : strdup(old);
	while ((file = strsep(&rest, "\n")) != NULL)
		if (*file != '\0' && !is_page(pages, file))
			fprintf(list, "%s\n", file);
	free(copy);
	return fclose(list) == 0 ? 0 : -1;
}

/*
 * The list has all that will be there before any of it is, and all that was
 * there until it is gone: whoever dies in between leaves nothing unlisted.
 */
static int
put_list(struct rendering *r, const struct pages *pages, const char *old,
    struct why *why)
{
	char path[PUB_PATH], *text = NULL;
	struct publish p;
	size_t len = 0;
	int result = make_list(pages, old, &text, &len);

	pub_path(path, r->machine, LIST);
	if (result == 0 && (old == NULL || strcmp(old, text) != 0)) {
		result = publish_begin(&p, r->bootfd, path, 0644);
		if (result == 0 && publish_write(&p, text, len) == -1) {
			publish_abort(&p);
			result = -1;
		} else if (result == 0)
			result = publish_later(r->queue, &p);
	}
	if (result == -1)
		(void)why_not(why, "%s: %s", path, strerror(errno));
	free(text);
	return result;
}

static int
make_folder(int bootfd, const char *name, struct why *why)
{
	char path[PUB_PATH];

	(void)snprintf(path, sizeof(path), "pub/machine/%s", name);
	if (folder_make(bootfd, path, NULL) == -1)
		return why_not(why, "%s: %s", path, strerror(errno));
	return 0;
}

/* All is in place; then what is no page any more goes, then its name. */
static int
end_others(struct rendering *r, const struct pages *pages, struct why *why)
{
	if (publish_flush(r->queue) == -1)
		return why_not(why, "pub/machine/%s: %s", r->machine,
		    strerror(errno));
	if (remove_others(r->bootfd, r->machine, pages, &r->changed,
	    why) == -1)
		return -1;
	return put_list(r, pages, NULL, why);
}

static int
put_pages(struct rendering *r, const struct pages *pages, struct why *why)
{
	char *old;
	int result;
	size_t i;

	if (make_folder(r->bootfd, r->machine, why) == -1)
		return -1;
	old = read_list(r->bootfd, r->machine);
	result = put_list(r, pages, old, why);
	for (i = 0; i < pages->n && result == 0; i++)
		result = put_page(r, pages, &pages->at[i], why);
	if (result == 0 && has_others(old, pages))
		result = end_others(r, pages, why);
	free(old);
	return result;
}

int
rendered_put(int bootfd, const struct pages *pages,
    struct publish_queue *queue, bool *changed, struct why *why)
{
	struct rendering r = { .bootfd = bootfd,
	    .machine = pages->folder, .daemons = daemons_group(bootfd),
	    .once = pages->machine->once, .queue = queue };
	int result = put_pages(&r, pages, why);

	*changed = r.changed;
	return result;
}

bool
rendered_is_current(int bootfd, const struct pages *pages)
{
	const struct rendering r = { .bootfd = bootfd,
	    .machine = pages->folder, .daemons = daemons_group(bootfd),
	    .once = pages->machine->once };
	bool current = true;
	size_t i;

	for (i = 0; i < pages->n && current; i++)
		current = is_current(&r, pages, &pages->at[i]);
	return current;
}

enum rendered_gone
rendered_remove(int bootfd, const char *machine, struct why *why)
{
	char path[PUB_PATH], list[PUB_PATH];
	bool removed = false;

	(void)snprintf(path, sizeof(path), "pub/machine/%s", machine);
	if (!bootdir_exists(bootfd, path))
		return RENDERED_NONE;
	if (remove_others(bootfd, machine, NULL, &removed, why) == -1)
		return RENDERED_FAILED;
	pub_path(list, machine, LIST);
	if (folder_unlink(bootfd, list) == 0 &&
	    folder_remove(bootfd, path) == 0)
		return RENDERED_REMOVED;
	(void)why_not(why, "%s: %s", path, errno == ENOTEMPTY ?
	    "nothing boots from here, but it holds files that mkboot did not "
	    "make; remove them" : strerror(errno));
	return RENDERED_FAILED;
}
