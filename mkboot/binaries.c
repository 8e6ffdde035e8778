/* SPDX-License-Identifier: ISC */
/* Files of a root tree, with what it takes to run them. */
#include "mkboot/binaries.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/dlopen_note.h"
#include "mkboot/process.h"

#define SCRIPTS_MAX 4		/* Linux, exec.c: of scripts that run scripts */
#define SCRIPT_LINE 256		/* BINPRM_BUF_SIZE */

static int take(const struct binaries *, const char *path, int depth,
    struct why *);

static int
fail(int status, struct why *why, const char *path, const char *what)
{
	(void)why_not(why, "%s: %s", path, what);
	return status;
}

static int
fail_errno(struct why *why, const char *path)
{
	return fail(errno == ENOENT || errno == ENOTDIR ? EXIT_USER :
	    EXIT_SYSTEM, why, path, strerror(errno));
}

/* All that the process has come to be. */
static int
put_objects(const struct binaries *b, const struct process *p,
    struct why *why)
{
	const struct object *o;
	size_t i;

	for (i = 0; i < p->n; i++) {
		o = &p->object[i];
		if (b->put(b->context, o->asked, o->real) == -1)
			return fail_errno(why, o->asked);
	}
	return EXIT_OK;
}

/*
 * What only ld.so.cache would lead to is put where the loader looks without
 * one too, as no cache is carried.
 */
static int
put_cached(const struct binaries *b, const struct process *p,
    struct why *why)
{
	const struct strings *dirs = &p->libpath.configured;
	char path[PATH_MAX];
	const struct object *o;
	size_t i, k, len;

	for (i = 1; i < p->n; i++)
		for (k = 0; k < dirs->n && p->libpath.lib != NULL; k++) {
			o = &p->object[i];
			len = strlen(dirs->at[k] + 1);
			if (strncmp(o->asked, dirs->at[k] + 1, len) != 0 ||
			    o->asked[len] != '/' ||
			    strchr(o->asked + len + 1, '/') != NULL)
				continue;
			snprintf(path, sizeof(path), "usr/%s%s",
			    p->libpath.lib, o->asked + len);
			if (b->put(b->context, path, o->real) == -1)
				return fail_errno(why, path);
		}
	return EXIT_OK;
}

static int
need(struct process *p, const char *name, size_t needer, struct why *why)
{
	switch (process_find(p, name, needer)) {
	case PROCESS_OK:
		return EXIT_OK;
	case PROCESS_ERROR:
		return fail_errno(why, name);
	case PROCESS_ABSENT:
	case PROCESS_OTHER:
		break;
	}
	(void)why_not(why, "%s needs %s, which is not in %s/",
	    p->object[needer].asked, name, p->tree->path);
	return EXIT_USER;
}

/* The first of the names that is there; that none is matters if it must. */
static int
need_one(struct process *p, const struct dlopen_need *d, size_t needer,
    struct why *why)
{
	int status = EXIT_OK;
	size_t i;

	if (!d->wanted)
		return EXIT_OK;
	for (i = 0; i < d->soname.n; i++) {
		status = need(p, d->soname.at[i], needer, why);
		if (status == EXIT_OK || status == EXIT_SYSTEM)
			return status;
	}
	return d->required ? status : EXIT_OK;
}

/* A note that is none of UAPI's form says nothing. */
static int
need_noted(struct process *p, size_t needer, struct why *why)
{
	struct dlopen_need d;
	const char *json;
	size_t i, at, len;
	int status = EXIT_OK;

	for (i = 0; status == EXIT_OK && (json = elf_dlopen_note(
	    &p->object[needer].elf, i, &len)) != NULL; i++) {
		at = 0;
		while (status == EXIT_OK &&
		    dlopen_note_next(json, len, &at, &d) == 1) {
			status = need_one(p, &d, needer, why);
			strings_free(&d.soname);
		}
	}
	return status;
}

/* Breadth first, as the loader does; what is found is looked at in turn. */
static int
load_all(struct process *p, struct why *why)
{
	const char *name;
	int status = EXIT_OK;
	size_t i, k;

	for (i = 0; i < p->n && status == EXIT_OK; i++)
		for (k = 0; status == EXIT_OK && (name = elf_needed(
		    &p->object[i].elf, k)) != NULL; k++)
			status = need(p, name, i, why);
	for (i = 0; i < p->n && status == EXIT_OK; i++) {
		status = need_noted(p, i, why);
		for (k = 0; status == EXIT_OK && (name = elf_needed(
		    &p->object[i].elf, k)) != NULL; k++)
			status = need(p, name, i, why);
	}
	return status;
}

/* What has no interpreter is static, or a library that is only carried. */
static int
take_program(const struct binaries *b, struct process *p, struct why *why)
{
	const char *interpreter = p->object[0].elf.interpreter;
	char *real;
	int status;

	if (interpreter == NULL)
		return put_objects(b, p, why);
	if ((real = tree_resolve(b->tree, interpreter)) == NULL) {
		(void)why_not(why, "%s needs %s, which is not in %s/",
		    p->object[0].asked, interpreter, b->tree->path);
		return EXIT_USER;
	}
	status = libpath_read(&p->libpath, b->tree, interpreter, real) == -1 ||
	    b->put(b->context, interpreter + strspn(interpreter, "/"),
	    real) == -1 ? fail_errno(why, interpreter) : EXIT_OK;
	free(real);
	if (status == EXIT_OK && (status = load_all(p, why)) == EXIT_OK &&
	    (status = put_objects(b, p, why)) == EXIT_OK)
		status = put_cached(b, p, why);
	return status;
}

/* "#!/bin/sh -e": the interpreter, in place; NULL for what is no script. */
static char *
script_interpreter(char line[SCRIPT_LINE])
{
	char *name = line + 2;

	if (line[0] != '#' || line[1] != '!')
		return NULL;
	name += strspn(name, " \t");
	name[strcspn(name, " \t\r\n")] = '\0';
	return *name == '/' ? name : NULL;
}

/* No program: a script, or just something to be read. */
static int
take_other(const struct binaries *b, const char *path, int depth,
    struct why *why)
{
	char *real, *name, line[SCRIPT_LINE] = "";
	struct stat st;
	int fd, status = EXIT_OK;

	fd = tree_openat(b->tree, path, O_RDONLY | O_NONBLOCK);
	if (fd == -1 || fstat(fd, &st) == -1 ||
	    read(fd, line, sizeof(line) - 1) == -1)
		status = fail_errno(why, path);
	else if (!S_ISREG(st.st_mode))
		status = fail(EXIT_USER, why, path, "not a file");
	if (fd != -1)
		close(fd);
	if (status != EXIT_OK)
		return status;
	if ((real = tree_resolve(b->tree, path)) == NULL ||
	    b->put(b->context, path + strspn(path, "/"), real) == -1)
		status = fail_errno(why, path);
	free(real);
	name = script_interpreter(line);
	if (status != EXIT_OK || name == NULL || (st.st_mode & 0111) == 0)
		return status;
	return take(b, name, depth + 1, why);
}

static int
take(const struct binaries *b, const char *path, int depth, struct why *why)
{
	struct process p = { .tree = b->tree };
	int status;

	if (depth > SCRIPTS_MAX)
		return fail(EXIT_USER, why, path, "a script's script's ...");
	switch (process_load(&p, path, 0)) {
	case PROCESS_OK:
		status = take_program(b, &p, why);
		break;
	case PROCESS_OTHER:
		status = take_other(b, path, depth, why);
		break;
	default:
		status = fail_errno(why, path);
		break;
	}
	process_free(&p);
	return status;
}

int
binaries_take(const struct binaries *b, const char *path, struct why *why)
{
	return take(b, path, 0, why);
}
