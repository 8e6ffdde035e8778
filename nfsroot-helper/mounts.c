/* SPDX-License-Identifier: ISC */
/* The list of mounts that clients have told us of. */
#include "nfsroot-helper/mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
mounts_init(struct mounts *m)
{
	TAILQ_INIT(&m->list);
	m->n = 0;
}

static struct mount *
find(struct mounts *m, const char *host, const char *path)
{
	struct mount *mount;

	TAILQ_FOREACH(mount, &m->list, link)
		if (strcmp(mount->host, host) == 0 &&
		    strcmp(mount->path, path) == 0)
			return mount;
	return NULL;
}

static void
drop(struct mounts *m, struct mount *mount)
{
	TAILQ_REMOVE(&m->list, mount, link);
	m->n--;
	free(mount->path);
	free(mount);
}

/* NULL where there is no memory: the list is a courtesy. */
static struct mount *
insert(struct mounts *m, const char *host, const char *path)
{
	struct mount *mount = calloc(1, sizeof(*mount));

	if (mount == NULL || (mount->path = strdup(path)) == NULL) {
		free(mount);
		return NULL;
	}
	strlcpy(mount->host, host, sizeof(mount->host));
	if (m->n == MOUNTS_MAX)
		drop(m, TAILQ_LAST(&m->list, mounts_list));
	TAILQ_INSERT_HEAD(&m->list, mount, link);
	m->n++;
	return mount;
}

void
mounts_add(struct mounts *m, const char *host, const char *path)
{
	mounts_remove(m, host, path);
	insert(m, host, path);
}

bool
mounts_remove(struct mounts *m, const char *host, const char *path)
{
	struct mount *mount = find(m, host, path);

	if (mount != NULL)
		drop(m, mount);
	return mount != NULL;
}

size_t
mounts_remove_host(struct mounts *m, const char *host)
{
	struct mount *mount, *next;
	size_t n = 0;

	TAILQ_FOREACH_SAFE(mount, &m->list, link, next)
		if (strcmp(mount->host, host) == 0) {
			drop(m, mount);
			n++;
		}
	return n;
}

/* Is `path' "/EXPORT", or something below it? */
static bool
is_of_export(const char *path, const char *export)
{
	size_t len = strlen(export);

	return strncmp(path + 1, export, len) == 0 &&
	    (path[1 + len] == '\0' || path[1 + len] == '/');
}

bool
mounts_first_read(struct mounts *m, const char *host, const char *export)
{
	char path[MOUNTS_PATH];
	struct mount *mount;
	bool first = true;

	TAILQ_FOREACH(mount, &m->list, link)
		if (strcmp(mount->host, host) == 0 &&
		    is_of_export(mount->path, export))
			break;
	if (mount == NULL) {
		snprintf(path, sizeof(path), "/%s", export);
		mount = insert(m, host, path);
	}
	if (mount != NULL) {
		first = !mount->reading;
		mount->reading = true;
	}
	return first;
}

void
mounts_free(struct mounts *m)
{
	struct mount *mount, *next;

	TAILQ_FOREACH_SAFE(mount, &m->list, link, next)
		drop(m, mount);
}
