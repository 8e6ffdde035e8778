/* SPDX-License-Identifier: ISC */
/* A closed set of kernel modules, through libkmod. */
#include "mkboot/modules.h"

#include <errno.h>
#include <fnmatch.h>
#include <libkmod.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mkboot/modfolder.h"

struct modules {
	struct kmod_ctx *kmod;
	char *folder;		/* ROOT/lib/modules/VERSION */
	struct strings path;	/* every module of this kernel */
	struct strings builtin;	/* and those in the kernel itself */
	struct strings shunned;	/* sorted */
	struct strings wanted;	/* sorted; see modules_only() */
	bool only_wanted;
	struct modset set;
	struct strings firmware;
};

/*
 * The tree's own modprobe.d counts too: soft dependencies, and what it keeps
 * from being loaded by an alias.
 */
static struct kmod_ctx *
new_context(const struct tree *t, const char *folder)
{
	static const char *const place[] = {
		"etc/modprobe.d", "run/modprobe.d", "usr/lib/modprobe.d",
		"lib/modprobe.d"
	};
	const size_t n = sizeof(place) / sizeof(place[0]);
	const char *list[sizeof(place) / sizeof(place[0]) + 1] = { NULL };
	char *config[sizeof(place) / sizeof(place[0])];
	struct kmod_ctx *kmod;
	size_t i, found = 0;

	for (i = 0; i < n; i++)
		if ((config[found] = tree_host_path(t, place[i])) != NULL) {
			list[found] = config[found];
			found++;
		}
	kmod = kmod_new(folder, list);
	if (kmod != NULL)
		(void)kmod_load_resources(kmod);
	for (i = 0; i < found; i++)
		free(config[i]);
	return kmod;
}

/* Names that modprobe.d(5)'s blacklist keeps from being loaded by alias. */
static int
read_blacklist(struct modules *ms)
{
	struct kmod_config_iter *iter;
	int result = 0;

	if ((iter = kmod_config_get_blacklists(ms->kmod)) == NULL)
		return -1;
	while (result == 0 && kmod_config_iter_next(iter))
		result = strings_add(&ms->shunned,
		    kmod_config_iter_get_key(iter));
	kmod_config_iter_free_iter(iter);
	strings_sort(&ms->shunned);
	return result;
}

struct modules *
modules_open(const struct tree *t, const char *version)
{
	struct modules *ms;
	int error;

	if ((ms = calloc(1, sizeof(*ms))) == NULL)
		return NULL;
	if ((ms->folder = modfolder_find(t, version)) == NULL ||
	    modfolder_paths(ms->folder, &ms->path, &ms->builtin) == -1 ||
	    (ms->kmod = new_context(t, ms->folder)) == NULL ||
	    read_blacklist(ms) == -1) {
		error = errno;
		modules_close(ms);
		errno = error;
		return NULL;
	}
	return ms;
}

void
modules_close(struct modules *ms)
{
	if (ms == NULL)
		return;
	modset_free(&ms->set);
	strings_free(&ms->path);
	strings_free(&ms->builtin);
	strings_free(&ms->shunned);
	strings_free(&ms->wanted);
	strings_free(&ms->firmware);
	free(ms->folder);
	kmod_unref(ms->kmod);
	free(ms);
}

/* A file's path below the folder, as it will be once decoded. */
static struct module *
new_module(struct modules *ms, const char *name, const char *file)
{
	const size_t folder = strlen(ms->folder);
	const char *path;

	/* depmod may list a module that lies outside by its whole path. */
	path = strncmp(file, ms->folder, folder) == 0 ? file + folder : file;
	path += strspn(path, "/");
	return modset_add(&ms->set, name, file, path, modfolder_plain(path));
}

static enum modules_found take(struct modules *, struct kmod_module *,
    struct module **);
static enum modules_found look_up(struct modules *, const char *name,
    bool insert);

/* Takes each module of a list; names in list order go to `names'. */
static int
take_list(struct modules *ms, struct kmod_list *list, struct strings *names)
{
	struct kmod_list *entry;
	struct kmod_module *mod;
	struct module *m;
	int result = 0;

	kmod_list_foreach(entry, list) {
		mod = kmod_module_get_module(entry);
		switch (take(ms, mod, &m)) {
		case MODULES_ERROR:
			result = -1;
			break;
		case MODULES_TAKEN:
			if (strings_add(names, m->name) == -1)
				result = -1;
			break;
		case MODULES_ABSENT:
		case MODULES_BUILTIN:
			break;
		}
		kmod_module_unref(mod);
	}
	return result;
}

/*
 * What modinfo(8) shows of it: the firmware it will ask for and, unless it is
 * built in (m is NULL), its aliases and its weak dependencies.
 */
static int
take_info(struct modules *ms, struct kmod_module *mod, struct module *m)
{
	struct kmod_list *list = NULL, *entry;
	const char *key, *value;
	int error, result = 0;

	if ((error = kmod_module_get_info(mod, &list)) < 0) {
		errno = -error;
		return m == NULL ? 0 : -1;
	}
	kmod_list_foreach(entry, list) {
		key = kmod_module_info_get_key(entry);
		value = kmod_module_info_get_value(entry);
		if (strcmp(key, "firmware") == 0)
			result |= strings_add(&ms->firmware, value);
		else if (m != NULL && strcmp(key, "alias") == 0)
			result |= strings_add(&m->alias, value);
		else if (m != NULL && strcmp(key, "weakdep") == 0)
			result |= strings_add(&m->weak, value);
	}
	kmod_module_info_free_list(list);
	if (m != NULL && strings_has(&ms->shunned, m->name))
		strings_free(&m->alias);
	if (m != NULL)
		strings_sort(&m->alias);
	return result;
}

/*
 * MODULE_WEAKDEP(): what it may ask the kernel for later on is carried, and
 * not loaded with it.  One text is one name, or several with blanks between.
 */
static int
take_weak(struct modules *ms, const struct module *m)
{
	char *copy, *rest, *name;
	size_t i;
	int result = 0;

	for (i = 0; i < m->weak.n && result == 0; i++) {
		if ((copy = rest = strdup(m->weak.at[i])) == NULL)
			return -1;
		while (result == 0 && (name = strsep(&rest, " \t")) != NULL)
			if (*name != '\0' &&
			    look_up(ms, name, false) == MODULES_ERROR)
				result = -1;
		free(copy);
	}
	return result;
}

static int
take_dependencies(struct modules *ms, struct kmod_module *mod,
    struct module *m)
{
	struct kmod_list *pre = NULL, *post = NULL, *hard;
	int result = -1;

	if (kmod_module_get_softdeps(mod, &pre, &post) < 0)
		return -1;
	hard = kmod_module_get_dependencies(mod);
	if (take_list(ms, hard, &m->before) == 0 &&
	    take_list(ms, pre, &m->before) == 0 &&
	    take_list(ms, post, &m->after) == 0)
		result = 0;
	kmod_module_unref_list(pre);
	kmod_module_unref_list(hard);
	kmod_module_unref_list(post);
	return result;
}

/* Takes one module and, unless it was there, all that it needs. */
static enum modules_found
take(struct modules *ms, struct kmod_module *mod, struct module **m)
{
	const char *file = kmod_module_get_path(mod);
	const char *name = kmod_module_get_name(mod);

	if (file == NULL)
		return take_info(ms, mod, NULL) == -1 ? MODULES_ERROR :
		    MODULES_BUILTIN;
	if ((*m = modset_find(&ms->set, name)) != NULL)
		return MODULES_TAKEN;
	if ((*m = new_module(ms, name, file)) == NULL ||
	    take_info(ms, mod, *m) == -1 ||
	    take_dependencies(ms, mod, *m) == -1 || take_weak(ms, *m) == -1)
		return MODULES_ERROR;
	return MODULES_TAKEN;
}

/* All that a name or an alias stands for. */
static enum modules_found
look_up(struct modules *ms, const char *name, bool insert)
{
	enum modules_found found = MODULES_ABSENT, one;
	struct kmod_list *list = NULL, *entry;
	struct kmod_module *mod;
	struct module *m;
	int error;

	if ((error = kmod_module_new_from_lookup(ms->kmod, name, &list)) < 0) {
		errno = -error;
		return MODULES_ERROR;
	}
	kmod_list_foreach(entry, list) {
		mod = kmod_module_get_module(entry);
		one = take(ms, mod, &m);
		kmod_module_unref(mod);
		if (one == MODULES_TAKEN && insert)
			m->insert = true;
		if (one == MODULES_ERROR || one > found)
			found = one;
		if (found == MODULES_ERROR)
			break;
	}
	kmod_module_unref_list(list);
	return found;
}

enum modules_found
modules_add(struct modules *ms, const char *name)
{
	return look_up(ms, name, true);
}

int
modules_only(struct modules *ms, const struct strings *devices)
{
	struct kmod_list *list, *entry;
	struct kmod_module *mod;
	int result = 0;
	size_t i;

	for (i = 0; i < devices->n && result == 0; i++) {
		list = NULL;
		if (kmod_module_new_from_lookup(ms->kmod, devices->at[i],
		    &list) < 0)
			continue;	/* nothing that the kernel could say */
		kmod_list_foreach(entry, list) {
			mod = kmod_module_get_module(entry);
			if (strings_add(&ms->wanted,
			    kmod_module_get_name(mod)) == -1)
				result = -1;
			kmod_module_unref(mod);
		}
		kmod_module_unref_list(list);
	}
	strings_sort(&ms->wanted);
	ms->only_wanted = true;
	return result;
}

/* A module's name by its path: as far as the first dot, `-' being `_'. */
static void
name_of(const char *path, char *name, size_t size)
{
	const char *base = strrchr(path, '/');

	base = base == NULL ? path : base + 1;
	snprintf(name, size, "%.*s", (int)strcspn(base, "."), base);
	for (; *name != '\0'; name++)
		if (*name == '-')
			*name = '_';
}

/* Takes the module whose path it is, below the folder. */
static enum modules_found
take_path(struct modules *ms, const char *path, bool whole)
{
	char name[PATH_MAX];
	struct kmod_module *mod;
	struct module *m;
	enum modules_found found;
	int error;

	name_of(path, name, sizeof(name));
	if (!whole && ms->only_wanted && !strings_has(&ms->wanted, name))
		return MODULES_ABSENT;
	if ((error = kmod_module_new_from_name(ms->kmod, name, &mod)) < 0) {
		errno = -error;
		return MODULES_ERROR;
	}
	found = take(ms, mod, &m);
	kmod_module_unref(mod);
	return found;
}

static int
take_matching(struct modules *ms, const struct strings *path,
    const char *pattern, bool whole)
{
	char plain[PATH_MAX];
	size_t i;

	for (i = 0; i < path->n; i++) {
		snprintf(plain, sizeof(plain), "%.*s",
		    (int)modfolder_plain(path->at[i]), path->at[i]);
		if (fnmatch(pattern, plain, 0) == 0 &&
		    take_path(ms, path->at[i], whole) == MODULES_ERROR)
			return -1;
	}
	return 0;
}

int
modules_add_matching(struct modules *ms, const char *pattern, bool whole)
{
	if (take_matching(ms, &ms->path, pattern, whole) == -1)
		return -1;
	return take_matching(ms, &ms->builtin, pattern, whole);
}

bool
modules_has(struct modules *ms, const char *name)
{
	char builtin[PATH_MAX];
	size_t i;

	if (modset_find(&ms->set, name) != NULL)
		return true;
	for (i = 0; i < ms->builtin.n; i++) {
		name_of(ms->builtin.at[i], builtin, sizeof(builtin));
		if (strcmp(builtin, name) == 0)
			return true;
	}
	return false;
}

struct modset *
modules_set(struct modules *ms)
{
	return &ms->set;
}

const struct strings *
modules_firmware(struct modules *ms)
{
	strings_sort(&ms->firmware);
	return &ms->firmware;
}
