/* SPDX-License-Identifier: ISC */
/* What an archive will hold, gathered in any order and written sorted. */
#include "mkboot/plan.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/decompress.h"

#define DECODED_MAX ((size_t)512 * 1024 * 1024)

enum kind { PLAN_DIR, PLAN_FILE, PLAN_DECODED, PLAN_BYTES, PLAN_LINK,
	PLAN_DEVICE };

struct plan_member {
	enum kind kind;
	char *path;
	mode_t mode;
	char *data;		/* host path, bytes or link target */
	size_t len;
	dev_t device;
	size_t number;		/* in the order of asking */
};

static int
add(struct plan *p, struct plan_member m, const char *path, const void *data)
{
	struct plan_member *grown;

	grown = reallocarray(p->member, p->n + 1, sizeof(*grown));
	if (grown == NULL)
		return -1;
	p->member = grown;
	if ((m.path = strdup(path)) == NULL)
		return -1;
	if ((m.data = malloc(m.len + 1)) == NULL) {
		free(m.path);
		return -1;
	}
	memcpy(m.data, data, m.len);
	m.data[m.len] = '\0';
	m.number = p->n;
	p->member[p->n++] = m;
	return 0;
}

int
plan_dir(struct plan *p, const char *path, mode_t mode)
{
	const struct plan_member m = { .kind = PLAN_DIR, .mode = mode };

	return add(p, m, path, "");
}

int
plan_file(struct plan *p, const char *path, mode_t mode, const char *from)
{
	const struct plan_member m = { .kind = PLAN_FILE, .mode = mode,
	    .len = strlen(from) };

	return add(p, m, path, from);
}

int
plan_decoded(struct plan *p, const char *path, mode_t mode, const char *from)
{
	const struct plan_member m = { .kind = PLAN_DECODED, .mode = mode,
	    .len = strlen(from) };

	return add(p, m, path, from);
}

int
plan_bytes(struct plan *p, const char *path, mode_t mode, const void *data,
    size_t len)
{
	const struct plan_member m = { .kind = PLAN_BYTES, .mode = mode,
	    .len = len };

	return add(p, m, path, data);
}

int
plan_link(struct plan *p, const char *path, const char *target)
{
	const struct plan_member m = { .kind = PLAN_LINK, .mode = 0777,
	    .len = strlen(target) };

	return add(p, m, path, target);
}

int
plan_link_to(struct plan *p, const char *path, const char *member)
{
	char target[PATH_MAX] = "";
	size_t i, shared = 0;
	const char *slash;

	for (i = 0; path[i] != '\0' && path[i] == member[i]; i++)
		if (path[i] == '/')
			shared = i + 1;
	for (slash = strchr(path + shared, '/'); slash != NULL;
	    slash = strchr(slash + 1, '/'))
		(void)strlcat(target, "../", sizeof(target));
	if (strlcat(target, member + shared, sizeof(target)) >=
	    sizeof(target)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return plan_link(p, path, target);
}

int
plan_device(struct plan *p, const char *path, mode_t mode, dev_t device)
{
	const struct plan_member m = { .kind = PLAN_DEVICE, .mode = mode,
	    .device = device };

	return add(p, m, path, "");
}

static int
compare(const void *a, const void *b)
{
	const struct plan_member *m = a, *n = b;
	int order = strcmp(m->path, n->path);

	if (order != 0)
		return order;
	return m->number < n->number ? -1 : m->number > n->number;
}

static void
free_member(struct plan_member *m)
{
	free(m->path);
	free(m->data);
}

/* In order, and of what was asked for twice the first. */
static void
settle(struct plan *p)
{
	size_t i, kept = 0;

	if (p->n > 1)
		qsort(p->member, p->n, sizeof(*p->member), compare);
	for (i = 0; i < p->n; i++) {
		if (kept > 0 && strcmp(p->member[kept - 1].path,
		    p->member[i].path) == 0)
			free_member(&p->member[i]);
		else
			p->member[kept++] = p->member[i];
	}
	p->n = kept;
}

static int
write_file(const struct plan_member *m, struct cpio *c, const char **culprit)
{
	struct stat st;
	int fd, result = -1;

	*culprit = m->data;
	if ((fd = open(m->data, O_RDONLY | O_CLOEXEC | O_NOCTTY)) == -1)
		return -1;
	if (fstat(fd, &st) == -1)
		goto out;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		goto out;
	}
	result = cpio_file_fd(c, m->path, CPIO_ROOT(m->mode), fd, st.st_size);
out:
	close(fd);
	return result;
}

static int
write_decoded(const struct plan_member *m, struct cpio *c,
    const char **culprit)
{
	void *data;
	size_t len;
	int result;

	*culprit = m->data;
	if (decompress_file(m->data, DECODED_MAX, &data, &len) == -1)
		return -1;
	*culprit = NULL;
	result = cpio_file(c, m->path, CPIO_ROOT(m->mode), data, len);
	free(data);
	return result;
}

static int
write_member(const struct plan_member *m, struct cpio *c,
    const char **culprit)
{
	const struct cpio_attr attr = CPIO_ROOT(m->mode);

	if (cpio_parents(c, m->path) == -1)
		return -1;
	switch (m->kind) {
	case PLAN_DIR:
		return cpio_dir(c, m->path, attr);
	case PLAN_FILE:
		return write_file(m, c, culprit);
	case PLAN_DECODED:
		return write_decoded(m, c, culprit);
	case PLAN_BYTES:
		return cpio_file(c, m->path, attr, m->data, m->len);
	case PLAN_LINK:
		return cpio_symlink(c, m->path, attr, m->data);
	case PLAN_DEVICE:
		return cpio_node(c, m->path, attr, S_IFCHR, m->device);
	}
	return -1;
}

int
plan_write(struct plan *p, struct cpio *c, void (*step)(size_t, size_t),
    const char **culprit)
{
	size_t i;

	settle(p);
	for (i = 0; i < p->n; i++) {
		*culprit = NULL;
		if (step != NULL)
			step(i, p->n);
		if (write_member(&p->member[i], c, culprit) == -1)
			return -1;
	}
	return 0;
}

void
plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free_member(&p->member[i]);
	free(p->member);
	memset(p, 0, sizeof(*p));
}
