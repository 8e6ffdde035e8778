/* SPDX-License-Identifier: ISC */
/* Finds libraries as a dynamic loader does: ld.so(8). */
#include "mkboot/process.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
free_object(struct object *o)
{
	if (o->map != NULL)
		munmap(o->map, o->len);
	free(o->asked);
	free(o->real);
}

void
process_free(struct process *p)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		free_object(&p->object[i]);
	free(p->object);
	libpath_free(&p->libpath);
	p->object = NULL;
	p->n = 0;
}

/* The file's octets, as long as it is a regular one that is not empty. */
static enum process_found
map(const struct tree *t, struct object *o)
{
	enum process_found found = PROCESS_OTHER;
	struct stat st;
	int fd, error;

	fd = tree_openat(t, o->real, O_RDONLY | O_NONBLOCK);
	if (fd == -1 || fstat(fd, &st) == -1) {
		found = PROCESS_ERROR;
	} else if (S_ISREG(st.st_mode) && st.st_size > 0) {
		o->len = (size_t)st.st_size;
		o->map = mmap(NULL, o->len, PROT_READ, MAP_PRIVATE, fd, 0);
		found = o->map == MAP_FAILED ? PROCESS_ERROR : PROCESS_OK;
	}
	error = errno;
	if (o->map == MAP_FAILED)
		o->map = NULL;
	if (fd != -1)
		close(fd);
	errno = error;
	return found;
}

/*
 * Without slashes in front, `//', `.' and `..': in the initrd, the folders in
 * it are no links.
 */
static char *
normal(const char *path)
{
	const size_t size = strlen(path) + 2;
	char *copy, *rest, *part, *out, *slash;

	if ((copy = rest = strdup(path)) == NULL ||
	    (out = calloc(1, size)) == NULL) {
		free(copy);
		return NULL;
	}
	while ((part = strsep(&rest, "/")) != NULL) {
		if (*part == '\0' || strcmp(part, ".") == 0)
			continue;
		slash = strrchr(out, '/');
		if (strcmp(part, "..") == 0) {
			*(slash == NULL ? out : slash) = '\0';
			continue;
		}
		if (*out != '\0')
			(void)strlcat(out, "/", size);
		(void)strlcat(out, part, size);
	}
	free(copy);
	return out;
}

static enum process_found
open_object(const struct process *p, struct object *o, const char *path)
{
	enum process_found found;

	if ((o->real = tree_resolve(p->tree, path)) == NULL)
		return errno == ENOENT || errno == ENOTDIR ? PROCESS_ABSENT :
		    PROCESS_ERROR;
	if ((o->asked = normal(path)) == NULL)
		return PROCESS_ERROR;
	if ((found = map(p->tree, o)) != PROCESS_OK)
		return found;
	if (elf_parse(&o->elf, o->map, o->len) != ELF_OK)
		return PROCESS_OTHER;
	/* The loader goes past libraries of another machine. */
	if (p->n > 0 && !elf_alike(&o->elf, &p->object[0].elf))
		return PROCESS_OTHER;
	return PROCESS_OK;
}

enum process_found
process_load(struct process *p, const char *path, size_t loader)
{
	struct object o = { .loader = loader }, *grown;
	enum process_found found = open_object(p, &o, path);

	if (found == PROCESS_OK) {
		grown = reallocarray(p->object, p->n + 1, sizeof(*grown));
		if (grown != NULL) {
			p->object = grown;
			p->object[p->n++] = o;
			return PROCESS_OK;
		}
		found = PROCESS_ERROR;
	}
	free_object(&o);
	return found;
}

static enum process_found
find_in(struct process *p, const struct strings *dirs, const char *name,
    size_t needer)
{
	enum process_found found = PROCESS_ABSENT;
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < dirs->n; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", dirs->at[i], name) >=
		    (int)sizeof(path))
			continue;
		found = process_load(p, path, needer);
		if (found == PROCESS_OK || found == PROCESS_ERROR)
			return found;
	}
	return PROCESS_ABSENT;
}

/* RPATH or RUNPATH of one object. */
static enum process_found
find_by(struct process *p, const char *runpath, size_t owner,
    const char *name, size_t needer)
{
	const char *real = p->object[owner].real;
	const char *slash = strrchr(real, '/');
	enum process_found found;
	struct strings dirs = { 0 };
	char *origin;

	origin = strndup(real, slash == NULL ? 0 : (size_t)(slash - real));
	if (origin == NULL)
		return PROCESS_ERROR;
	found = PROCESS_ERROR;
	if (libpath_expand(&p->libpath, runpath, origin, &dirs) == 0)
		found = find_in(p, &dirs, name, needer);
	free(origin);
	strings_free(&dirs);
	return found;
}

/* RPATH counts for all that a file's libraries need in turn. */
static enum process_found
find_by_rpath(struct process *p, const char *name, size_t needer)
{
	enum process_found found;
	size_t i = needer;
	const struct elf *e;

	for (;;) {
		e = &p->object[i].elf;
		if (e->rpath != NULL && e->runpath == NULL) {
			found = find_by(p, e->rpath, i, name, needer);
			if (found != PROCESS_ABSENT)
				return found;
		}
		if (i == 0)
			return PROCESS_ABSENT;
		i = p->object[i].loader;
	}
}

static const char *
last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* A name is loaded once: as it was asked for, or by the file's own name. */
static bool
is_loaded(const struct process *p, const char *name)
{
	const struct object *o;
	size_t i;

	for (i = 1; i < p->n; i++) {
		o = &p->object[i];
		if (strcmp(last_part(o->asked), name) == 0 ||
		    (o->elf.soname != NULL &&
		    strcmp(o->elf.soname, name) == 0))
			return true;
	}
	return false;
}

enum process_found
process_find(struct process *p, const char *name, size_t needer)
{
	const char *runpath = p->object[needer].elf.runpath;
	enum process_found found = PROCESS_ABSENT;

	if (strchr(name, '/') != NULL)
		return process_load(p, name, needer);
	if (is_loaded(p, name))
		return PROCESS_OK;
	if (runpath == NULL)
		found = find_by_rpath(p, name, needer);
	else
		found = find_by(p, runpath, needer, name, needer);
	if (found == PROCESS_ABSENT)
		found = find_in(p, &p->libpath.configured, name, needer);
	if (found == PROCESS_ABSENT)
		found = find_in(p, &p->libpath.usual, name, needer);
	return found;
}
