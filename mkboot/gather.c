/* SPDX-License-Identifier: ISC */
/* Puts together what an initrd's features name. */
#include "mkboot/gather.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "mkboot/binaries.h"
#include "mkboot/feature.h"
#include "mkboot/firmware.h"
#include "mkboot/index.h"
#include "mkboot/microcode.h"

static void add_list(struct gather *, const char *name);

static void __attribute__((noreturn))
fatal_errno(const char *what)
{
	log_fatal(EXIT_SYSTEM, "initrd: %s: %s", what, strerror(errno));
}

/* A path of the initrd, which has no slash in front. */
static const char *
inside(const char *path)
{
	return path + strspn(path, "/");
}

/* A file of the tree stays where it is; by another path, a link leads there. */
static int
put_file(void *context, const char *asked, const char *real)
{
	struct gather *g = context;
	char from[PATH_MAX];
	struct stat st;

	if (snprintf(from, sizeof(from), "%s/%s", g->tree->path, real) >=
	    (int)sizeof(from)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (stat(from, &st) == -1 ||
	    plan_file(&g->plan, real, st.st_mode & 0755, from) == -1)
		return -1;
	return strcmp(asked, real) == 0 ? 0 :
	    plan_link_to(&g->plan, asked, real);
}

static void
add_file(struct gather *g, const char *path)
{
	const struct binaries b = { g->tree, put_file, g };
	struct why why;
	int status;

	if ((status = binaries_take(&b, path, &why)) != EXIT_OK)
		log_fatal(status, "initrd: %s", why.text);
}

/*
 * "/bin/x /usr/bin/x": the first of them that is there, by the first one's
 * name.
 */
static void
add_any_file(struct gather *g, const char *list, const struct feature *f)
{
	char *copy, *rest, *path, *real;
	const char *there = f->what;

	if ((copy = rest = strdup(f->more)) == NULL)
		fatal_errno(f->what);
	real = tree_resolve(g->tree, there);
	while (real == NULL && (path = strsep(&rest, " \t")) != NULL) {
		if (*path == '\0')
			continue;
		there = path;
		real = tree_resolve(g->tree, there);
	}
	if (real != NULL) {
		add_file(g, there);
		if (there != f->what &&
		    plan_link_to(&g->plan, inside(f->what), real) == -1)
			fatal_errno(f->what);
	} else if (!f->optional)
		log_fatal(EXIT_USER, "initrd: %s (feature %s): not in %s/: "
		    "install it there, or name another root with -r", f->what,
		    list, g->tree->path);
	free(real);
	free(copy);
}

static void
add_module(struct gather *g, const char *name, bool optional,
    const char *whence)
{
	switch (modules_add(g->modules, name)) {
	case MODULES_ERROR:
		log_fatal(EXIT_SYSTEM, "initrd: module %s: %s", name,
		    strerror(errno));
	case MODULES_ABSENT:
		if (!optional)
			log_fatal(EXIT_USER, "initrd: module %s (%s): this "
			    "kernel has none of that name", name, whence);
		break;
	case MODULES_BUILTIN:
	case MODULES_TAKEN:
		break;
	}
}

static void
add_pattern(struct gather *g, const struct feature *f)
{
	if (f->condition != NULL && !modules_has(g->modules, f->condition))
		return;
	if (modules_add_matching(g->modules, f->what, f->whole ||
	    f->condition != NULL) == -1)
		fatal_errno(f->what);
}

static void
add_early(struct gather *g, const struct feature *f)
{
	if (microcode_plan(&g->early, g->tree, f->what, f->more,
	    g->request->machine == NULL ? NULL : &g->devices) == -1)
		fatal_errno(f->more);
}

static void
add_line(struct gather *g, const char *list, unsigned number,
    const struct feature *f)
{
	switch (f->kind) {
	case FEATURE_NOTHING:
		break;
	case FEATURE_MODULE:
		add_module(g, f->what, f->optional, list);
		break;
	case FEATURE_PATTERN:
		add_pattern(g, f);
		break;
	case FEATURE_FILE:
		add_any_file(g, list, f);
		break;
	case FEATURE_LINK:
		if (plan_link(&g->plan, inside(f->what), f->more) == -1)
			fatal_errno(f->what);
		break;
	case FEATURE_EARLY:
		add_early(g, f);
		break;
	case FEATURE_LIST:
		add_list(g, f->what);
		break;
	case FEATURE_BAD:
		log_fatal(EXIT_USER, "initrd: feature %s, line %u: neither a "
		    "module, a pattern of paths, a file, a link nor another "
		    "list: %s", list, number, f->what);
	}
}

/* One's own list, BOOT/feature/NAME, goes before the one that came along. */
static FILE *
open_list(const struct request *r, const char *name)
{
	char path[PATH_MAX];
	FILE *list;

	snprintf(path, sizeof(path), "%s/feature/%s", r->bootdir, name);
	if ((list = fopen(path, "re")) != NULL || errno != ENOENT)
		return list;
	snprintf(path, sizeof(path), "%s/%s", r->feature_dir, name);
	return fopen(path, "re");
}

static void __attribute__((noreturn))
no_such_list(const struct request *r, const char *name)
{
	struct strings there = { 0 };
	struct dirent *entry;
	char list[1024];
	int error = errno;
	DIR *dir;

	if (error != ENOENT)
		log_fatal(EXIT_SYSTEM, "initrd: feature %s: %s", name,
		    strerror(error));
	if ((dir = opendir(r->feature_dir)) == NULL)
		log_fatal(EXIT_SYSTEM, "initrd: %s: %s: say where the lists "
		    "of features are with -F DIR", r->feature_dir,
		    strerror(errno));
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			(void)strings_add(&there, entry->d_name);
	closedir(dir);
	strings_sort(&there);
	log_fatal(EXIT_USER, "initrd: no feature %s in %s/feature or %s: "
	    "there are:%s", name, r->bootdir, r->feature_dir,
	    strings_join(&there, list, sizeof(list)));
}

/* A list, unless it was read before: two may name one another. */
static void
add_list(struct gather *g, const char *name)
{
	struct feature f;
	char *line = NULL;
	size_t i, size = 0;
	unsigned number = 0;
	FILE *list;

	if (strchr(name, '/') != NULL || *name == '.')
		log_fatal(EXIT_USER, "initrd: feature %s: a name, not a path; "
		    "-F says where", name);
	for (i = 0; i < g->lists.n; i++)
		if (strcmp(g->lists.at[i], name) == 0)
			return;
	if (strings_add(&g->lists, name) == -1)
		fatal_errno(name);
	if ((list = open_list(g->request, name)) == NULL)
		no_such_list(g->request, name);
	while (getline(&line, &size, list) != -1) {
		feature_parse(&f, line);
		add_line(g, name, ++number, &f);
	}
	if (ferror(list))
		fatal_errno(name);
	free(line);
	fclose(list);
}

/* What /init itself needs before it has mounted anything. */
static int
plan_skeleton(struct plan *p, const char *init)
{
	static const char *const folder[] = {
		"dev", "newroot", "proc", "run", "sys"
	};
	size_t i;

	for (i = 0; i < sizeof(folder) / sizeof(folder[0]); i++)
		if (plan_dir(p, folder[i], 0755) == -1)
			return -1;
	if (plan_device(p, "dev/console", 0600, makedev(5, 1)) == -1 ||
	    plan_device(p, "dev/kmsg", 0600, makedev(1, 11)) == -1 ||
	    plan_file(p, "init", 0755, init) == -1)
		return -1;
	/* The kernel calls it to ask for a module; /init knows by its name. */
	return plan_link(p, "sbin/modprobe", "../init");
}

void
gather_all(struct gather *g)
{
	const struct request *r = g->request;
	size_t i;

	if (access(r->init, R_OK) == -1)
		log_fatal(EXIT_SYSTEM, "initrd: %s: %s: say where /init is "
		    "with -I FILE", r->init, strerror(errno));
	if (plan_skeleton(&g->plan, r->init) == -1)
		fatal_errno("/init");
	if (r->machine != NULL &&
	    modules_only(g->modules, &g->devices) == -1)
		fatal_errno("--for");
	for (i = 0; i < r->feature.n; i++)
		add_list(g, r->feature.at[i]);
	for (i = 0; i < r->module.n; i++)
		add_module(g, r->module.at[i], false, "-m");
	for (i = 0; i < r->binary.n; i++)
		add_file(g, r->binary.at[i]);
	if (index_plan(&g->plan, modules_set(g->modules), g->version) == -1 ||
	    firmware_plan(&g->plan, g->tree, g->version,
	    modules_firmware(g->modules), &g->firmware) == -1)
		fatal_errno(g->tree->path);
}

void
gather_free(struct gather *g)
{
	plan_free(&g->plan);
	plan_free(&g->early);
	strings_free(&g->devices);
	strings_free(&g->lists);
}
