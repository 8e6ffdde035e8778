/* SPDX-License-Identifier: ISC */
/* A closed set of kernel modules, through libkmod. */
#include "mkboot/modules.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <libkmod.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct modules {
	struct kmod_ctx *kmod;
	char *folder;		/* ROOT/lib/modules/VERSION */
	struct strings path;	/* every module of this kernel */
	struct module **module;	/* the set */
	size_t n;
	bool sorted;
	void *by_name;		/* the set as a tsearch(3) tree */
	struct strings firmware;
};

/* Without the slashes at its end, so that "/" is "". */
static int
root_length(const char *root)
{
	size_t len = strlen(root);

	while (len > 0 && root[len - 1] == '/')
		len--;
	return (int)len;
}

/* Merged-/usr roots have both; others have lib alone, NixOS-like ones usr. */
static char *
find_folder(const char *root, const char *version)
{
	static const char *const place[] = { "", "/usr" };
	char *folder, *index;
	size_t i;
	bool there;

	for (i = 0; i < sizeof(place) / sizeof(place[0]); i++) {
		if (asprintf(&folder, "%.*s%s/lib/modules/%s",
		    root_length(root), root, place[i], version) == -1)
			return NULL;
		if (asprintf(&index, "%s/modules.dep.bin", folder) == -1) {
			free(folder);
			return NULL;
		}
		there = access(index, R_OK) == 0;
		free(index);
		if (there)
			return folder;
		free(folder);
	}
	errno = ENOENT;
	return NULL;
}

int
modules_versions(const char *root, struct strings *versions)
{
	char *path = NULL, *folder;
	struct dirent *entry;
	DIR *dir = NULL;
	int result = -1;

	if (asprintf(&path, "%.*s/lib/modules", root_length(root), root) == -1)
		return -1;
	if ((dir = opendir(path)) == NULL)
		goto out;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if ((folder = find_folder(root, entry->d_name)) == NULL)
			continue;
		free(folder);
		if (strings_add(versions, entry->d_name) == -1)
			goto out;
	}
	strings_sort(versions);
	result = 0;
out:
	if (dir != NULL)
		closedir(dir);
	free(path);
	return result;
}

/* The first words of modules.dep's lines, which are all modules there are. */
static int
read_paths(struct modules *ms)
{
	char *name, *line = NULL, *colon;
	size_t size = 0;
	FILE *dep = NULL;
	int result = -1;

	if (asprintf(&name, "%s/modules.dep", ms->folder) == -1)
		return -1;
	if ((dep = fopen(name, "re")) == NULL)
		goto out;
	while (getline(&line, &size, dep) != -1) {
		if ((colon = strchr(line, ':')) == NULL)
			continue;
		*colon = '\0';
		if (strings_add(&ms->path, line) == -1)
			goto out;
	}
	result = ferror(dep) ? -1 : 0;
out:
	if (dep != NULL)
		fclose(dep);
	free(line);
	free(name);
	return result;
}

/* The soft dependencies that the root's own modprobe.d asks for count too. */
static struct kmod_ctx *
new_context(const char *root, const char *folder)
{
	static const char *const place[] = {
		"/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d",
		"/lib/modprobe.d"
	};
	char *config[sizeof(place) / sizeof(place[0]) + 1] = { NULL };
	const size_t n = sizeof(place) / sizeof(place[0]);
	const char *list[sizeof(place) / sizeof(place[0]) + 1] = { NULL };
	struct kmod_ctx *kmod = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (asprintf(&config[i], "%.*s%s", root_length(root), root,
		    place[i]) == -1) {
			config[i] = NULL;
			goto out;
		}
		list[i] = config[i];
	}
	kmod = kmod_new(folder, list);
	if (kmod != NULL)
		(void)kmod_load_resources(kmod);
out:
	for (i = 0; i < n; i++)
		free(config[i]);
	return kmod;
}

struct modules *
modules_open(const char *root, const char *version)
{
	struct modules *ms;
	int error;

	if ((ms = calloc(1, sizeof(*ms))) == NULL)
		return NULL;
	if ((ms->folder = find_folder(root, version)) == NULL ||
	    read_paths(ms) == -1)
		goto fail;
	if ((ms->kmod = new_context(root, ms->folder)) == NULL)
		goto fail;
	return ms;
fail:
	error = errno;
	modules_close(ms);
	errno = error;
	return NULL;
}

static void
free_module(struct module *m)
{
	free(m->name);
	free(m->path);
	free(m->file);
	strings_free(&m->before);
	strings_free(&m->after);
	strings_free(&m->alias);
	free(m);
}

static void
keep(void *unused)
{
	(void)unused;
}

void
modules_close(struct modules *ms)
{
	size_t i;

	if (ms == NULL)
		return;
	tdestroy(ms->by_name, keep);
	for (i = 0; i < ms->n; i++)
		free_module(ms->module[i]);
	free(ms->module);
	strings_free(&ms->path);
	strings_free(&ms->firmware);
	free(ms->folder);
	kmod_unref(ms->kmod);
	free(ms);
}

static int
compare(const void *a, const void *b)
{
	const struct module *m = a, *n = b;

	return strcmp(m->name, n->name);
}

static int
compare_slots(const void *a, const void *b)
{
	return compare(*(struct module *const *)a, *(struct module *const *)b);
}

/* How long a path is without what says that the file is compressed. */
static size_t
plain_length(const char *path)
{
	static const char *const suffix[] = { ".gz", ".xz", ".zst" };
	size_t i, n, len = strlen(path);

	for (i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		n = strlen(suffix[i]);
		if (len > n && strcmp(path + len - n, suffix[i]) == 0)
			return len - n;
	}
	return len;
}

/* Room for one more, in the array and in the tree. */
static int
insert(struct modules *ms, struct module *m)
{
	struct module **grown;

	grown = reallocarray(ms->module, ms->n + 1,
	    sizeof(struct module *));
	if (grown == NULL)
		return -1;
	ms->module = grown;
	if (tsearch(m, &ms->by_name, compare) == NULL)
		return -1;
	ms->module[ms->n++] = m;
	ms->sorted = false;
	return 0;
}

static struct module *
new_module(struct modules *ms, const char *name, const char *file)
{
	const size_t folder = strlen(ms->folder);
	struct module *m;
	const char *path;

	/* depmod may list a module that lies outside by its whole path. */
	path = strncmp(file, ms->folder, folder) == 0 ? file + folder : file;
	path += strspn(path, "/");
	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	if ((m->name = strdup(name)) == NULL ||
	    (m->file = strdup(file)) == NULL ||
	    (m->path = strndup(path, plain_length(path))) == NULL ||
	    insert(ms, m) == -1) {
		free_module(m);
		return NULL;
	}
	return m;
}

static enum modules_found take(struct modules *, struct kmod_module *,
    struct module **);

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

/* What it says of itself: aliases, and the firmware that it will ask for. */
static int
take_info(struct modules *ms, struct kmod_module *mod, struct module *m)
{
	struct kmod_list *list = NULL, *entry;
	const char *key, *value;
	int error, result = 0;

	if ((error = kmod_module_get_info(mod, &list)) < 0) {
		errno = -error;
		return -1;
	}
	kmod_list_foreach(entry, list) {
		key = kmod_module_info_get_key(entry);
		value = kmod_module_info_get_value(entry);
		if (strcmp(key, "alias") == 0)
			result |= strings_add(&m->alias, value);
		else if (strcmp(key, "firmware") == 0)
			result |= strings_add(&ms->firmware, value);
	}
	kmod_module_info_free_list(list);
	strings_sort(&m->alias);
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
	/* strdup'ed only to be a key: tfind(3) alters nothing. */
	struct module key = { .name = NULL };
	const char *file = kmod_module_get_path(mod);
	struct module **known;

	if (file == NULL)
		return MODULES_BUILTIN;
	if ((key.name = strdup(kmod_module_get_name(mod))) == NULL)
		return MODULES_ERROR;
	known = tfind(&key, &ms->by_name, compare);
	if (known != NULL)
		*m = *known;
	else
		*m = new_module(ms, key.name, file);
	free(key.name);
	if (*m == NULL)
		return MODULES_ERROR;
	if (known == NULL && (take_info(ms, mod, *m) == -1 ||
	    take_dependencies(ms, mod, *m) == -1))
		return MODULES_ERROR;
	return MODULES_TAKEN;
}

enum modules_found
modules_add(struct modules *ms, const char *name)
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
		if (one == MODULES_TAKEN)
			m->insert = true;
		if (one == MODULES_ERROR || one > found)
			found = one;
		if (found == MODULES_ERROR)
			break;
	}
	kmod_module_unref_list(list);
	return found;
}

/* Takes the module whose path it is, below the folder. */
static enum modules_found
take_path(struct modules *ms, const char *path)
{
	const char *base = strrchr(path, '/');
	char name[PATH_MAX];
	struct kmod_module *mod;
	struct module *m;
	enum modules_found found;
	int error;

	base = base == NULL ? path : base + 1;
	/* libkmod takes the name as it stands before the first dot. */
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(base, "."), base);
	if ((error = kmod_module_new_from_name(ms->kmod, name, &mod)) < 0) {
		errno = -error;
		return MODULES_ERROR;
	}
	found = take(ms, mod, &m);
	kmod_module_unref(mod);
	return found;
}

int
modules_add_matching(struct modules *ms, const char *pattern)
{
	char plain[PATH_MAX];
	size_t i;
	int n = 0;

	for (i = 0; i < ms->path.n; i++) {
		snprintf(plain, sizeof(plain), "%.*s",
		    (int)plain_length(ms->path.at[i]), ms->path.at[i]);
		if (fnmatch(pattern, plain, 0) != 0)
			continue;
		if (take_path(ms, ms->path.at[i]) == MODULES_ERROR)
			return -1;
		n++;
	}
	return n;
}

size_t
modules_count(const struct modules *ms)
{
	return ms->n;
}

const struct module *
modules_at(struct modules *ms, size_t i)
{
	if (!ms->sorted && ms->n > 1)
		qsort(ms->module, ms->n, sizeof(struct module *),
		    compare_slots);
	ms->sorted = true;
	return ms->module[i];
}

const struct strings *
modules_firmware(struct modules *ms)
{
	strings_sort(&ms->firmware);
	return &ms->firmware;
}
