/* SPDX-License-Identifier: ISC */
/* A machine's own files, and the archive of them for its kernel. */
#include "mkboot/overlay.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "mkboot/cpio.h"
#include "mkboot/identity.h"
#include "mkboot/values.h"
#include "mkboot/xattrs.h"

#define TREE_PATH (sizeof("machine//files") + NAME_IMAGE_SIZE)

/* One tree, where there is one. */
static int
add_tree(struct layers *l, int bootfd, const char *path,
    const struct template_values *values, struct why *why)
{
	int fd = bootdir_openat(bootfd, path, O_RDONLY | O_DIRECTORY);
	int result;

	if (fd == -1 && errno == ENOENT)
		return 0;
	if (fd == -1)
		return why_not(why, "%s: %s", path, errno == EXDEV ?
		    "leads out of the boot directory" : strerror(errno));
	result = layers_add_tree(l, fd, path, values, why);
	close(fd);
	return result;
}

int
overlay_layers(struct layers *l, int bootfd, const struct machine_facts *m,
    struct why *why)
{
	struct values of = { bootfd, m };
	const struct template_values values = { values_value, &of };
	char path[TREE_PATH];
	size_t files;

	if (identity_add(l, bootfd, m->name, why) == -1)
		return -1;
	(void)snprintf(path, sizeof(path), "image/%s/template",
	    facts_boots(m));
	if (add_tree(l, bootfd, path, &values, why) == -1)
		return -1;
	(void)snprintf(path, sizeof(path), "machine/%s/group", m->name);
	if (add_tree(l, bootfd, path, &values, why) == -1)
		return -1;
	files = l->trees;
	(void)snprintf(path, sizeof(path), "machine/%s/files", m->name);
	if (add_tree(l, bootfd, path, NULL, why) == -1)
		return -1;
	layers_merge(l);
	/* In its view they are there already, and as they will be then. */
	if (m->view)
		layers_drop_tree(l, files);
	return 0;
}

bool
overlay_has_private(const struct layers *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->at[i].hidden)
			return true;
	return false;
}

static int
write_file(struct cpio *cpio, const char *path, struct cpio_attr attr,
    const struct layers *l, const struct layers_entry *e)
{
	struct stat st;
	int fd, result;

	if (e->text != NULL)
		return cpio_file(cpio, path, attr, e->text, e->len);
	if ((fd = layers_open(l, e)) == -1)
		return -1;
	result = fstat(fd, &st) == -1 ? -1 :
	    cpio_file_fd(cpio, path, attr, fd, st.st_size);
	close(fd);
	return result;
}

/* What the archive cannot carry of a file or folder. */
static int
note_xattrs(struct xattrs *x, const struct layers *l,
    const struct layers_entry *e)
{
	int fd, result;

	if (e->tree == LAYERS_MADE ||
	    (!S_ISREG(e->mode) && !S_ISDIR(e->mode)))
		return 0;
	if ((fd = layers_open(l, e)) == -1)
		return -1;
	result = xattrs_add(x, fd, e->path);
	close(fd);
	return result;
}

static int
write_entry(struct cpio *cpio, const struct layers *l,
    const struct layers_entry *e)
{
	const struct cpio_attr attr = { e->mode & 07777, e->uid, e->gid };
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "machine/files/%s", e->path) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	switch (e->mode & S_IFMT) {
	case S_IFDIR:
		return cpio_dir(cpio, path, attr);
	case S_IFREG:
		return write_file(cpio, path, attr, l, e);
	case S_IFLNK:
		return cpio_symlink(cpio, path, attr, e->text);
	default:
		return cpio_node(cpio, path, attr, e->mode & S_IFMT,
		    e->device);
	}
}

static bool
is_above(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	return strncmp(folder, path, len) == 0 && path[len] == '/';
}

/* Belongs the i-th entry to this one of the two archives? */
static bool
belongs(const struct layers *l, size_t i, bool private)
{
	const struct layers_entry *e = &l->at[i];

	if (!private)
		return !e->hidden;
	if (!S_ISDIR(e->mode))
		return e->hidden;
	for (i++; i < l->n && is_above(e->path, l->at[i].path); i++)
		if (l->at[i].hidden)
			return true;
	return false;
}

static int
write_xattrs(struct cpio *cpio, const struct xattrs *x, bool private)
{
	if (x->len == 0)
		return 0;
	return cpio_file(cpio, private ? "machine/xattrs.private" :
	    "machine/xattrs", CPIO_ROOT(0600), x->text, x->len);
}

static int
write_entries(struct cpio *cpio, const struct layers *l, bool private,
    struct why *why)
{
	struct xattrs xattrs = { NULL, 0 };
	int result = 0;
	size_t i;

	/* Its own mode is no matter: /init lays what is in it over the root. */
	if (l->n > 0 && cpio_dir(cpio, "machine/files",
	    CPIO_ROOT(0755)) == -1)
		return why_not(why, "machine/files: %s", strerror(errno));
	for (i = 0; i < l->n && result == 0; i++)
		if (belongs(l, i, private) &&
		    (write_entry(cpio, l, &l->at[i]) == -1 ||
		    note_xattrs(&xattrs, l, &l->at[i]) == -1))
			result = why_not(why, "%s: %s", l->at[i].path,
			    strerror(errno));
	if (result == 0 && write_xattrs(cpio, &xattrs, private) == -1)
		result = why_not(why, "machine/xattrs: %s", strerror(errno));
	xattrs_free(&xattrs);
	return result;
}

static int
write_hostname(struct cpio *cpio, const char *hostname, struct why *why)
{
	char line[NAME_HOST_SIZE + 1];

	if (*hostname == '\0')
		return 0;
	(void)snprintf(line, sizeof(line), "%s\n", hostname);
	return cpio_file(cpio, "machine/hostname", CPIO_ROOT(0644), line,
	    strlen(line)) == -1 ?
	    why_not(why, "machine/hostname: %s", strerror(errno)) : 0;
}

int
overlay_write(const struct overlay_sink *sink, const struct layers *l,
    const struct machine_facts *m, bool private, struct why *why)
{
	struct cpio cpio;
	int result;

	cpio_begin(&cpio, sink->write, sink->context, 0);
	result = cpio_dir(&cpio, "machine", CPIO_ROOT(0755));
	if (result == 0)
		result = write_entries(&cpio, l, private, why);
	if (result == 0 && !private)
		result = write_hostname(&cpio, m->hostname, why);
	if (cpio_end(&cpio) == -1 && result == 0)
		result = why_not(why, "machine.cpio: %s", strerror(errno));
	return result;
}
