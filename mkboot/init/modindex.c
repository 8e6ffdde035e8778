/* SPDX-License-Identifier: ISC */
/* The index of an initrd's modules: which one answers, what goes before. */
#include "mkboot/init/modindex.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 64		/* MODULE_NAME_LEN is 64 less a word */
#define DEPTH_MAX 64		/* of dependencies below one another */

/* Cuts the next line off; NULL at the end. */
static char *
next_line(char **rest)
{
	char *line = *rest, *end;

	if (*line == '\0')
		return NULL;
	end = strchr(line, '\n');
	if (end != NULL)
		*end = '\0';
	*rest = end != NULL ? end + 1 : line + strlen(line);
	return line;
}

/* Cuts the next word off; an empty text when there is no more. */
static char *
next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	size_t len = strcspn(word, " ");

	*rest = word[len] == ' ' ? word + len + 1 : word + len;
	word[len] = '\0';
	return word;
}

/* A path that stays below the folder, a name that stands in order. */
static bool
take_module(struct modindex *x, char *rest)
{
	struct modindex_module *m = &x->module[x->modules];

	m->name = next_word(&rest);
	m->path = next_word(&rest);
	m->before = rest;
	m->after = "";
	if (*m->name == '\0' || strlen(m->name) >= NAME_SIZE ||
	    *m->path == '\0' || *m->path == '/' ||
	    strstr(m->path, "..") != NULL)
		return false;
	if (x->modules > 0 &&
	    strcmp(x->module[x->modules - 1].name, m->name) >= 0)
		return false;
	x->modules++;
	return true;
}

static bool
take_line(struct modindex *x, char *line)
{
	struct modindex_module *last;

	if (line[0] == 'm' && line[1] == ' ')
		return take_module(x, line + 2);
	if (x->modules == 0)
		return false;
	last = &x->module[x->modules - 1];
	if (line[0] == 'i' && line[1] == '\0')
		last->insert = true;
	else if (line[0] == 'p' && line[1] == ' ')
		last->after = line + 2;
	else if (line[0] == 'a' && line[1] == ' ')
		x->alias[x->aliases++] = (struct modindex_alias){
			.pattern = line + 2,
			.module = x->modules - 1
		};
	else
		return false;
	return true;
}

/* Room for as many modules and aliases as there are such lines. */
static bool
make_room(struct modindex *x, const char *text)
{
	size_t modules = 1, aliases = 1;

	for (; text != NULL; text = strchr(text, '\n')) {
		text += *text == '\n';
		modules += *text == 'm';
		aliases += *text == 'a';
	}
	x->module = calloc(modules, sizeof(*x->module));
	x->alias = calloc(aliases, sizeof(*x->alias));
	return x->module != NULL && x->alias != NULL;
}

bool
modindex_parse(struct modindex *x, char *text, size_t len)
{
	static const char head[] = "pixie-modules 1 ";
	char *line;

	memset(x, 0, sizeof(*x));
	if (strlen(text) == len && len <= MODINDEX_MAX &&
	    !make_room(x, text))
		goto fail;
	x->bad_line = 1;
	if (x->module == NULL || (line = next_line(&text)) == NULL ||
	    strncmp(line, head, sizeof(head) - 1) != 0)
		goto fail;
	x->version = line + sizeof(head) - 1;
	while ((line = next_line(&text)) != NULL) {
		x->bad_line++;
		if (!take_line(x, line))
			goto fail;
	}
	x->bad_line = 0;
	return true;
fail:
	modindex_free(x);
	return false;
}

void
modindex_free(struct modindex *x)
{
	free(x->module);
	free(x->alias);
	x->module = NULL;
	x->alias = NULL;
	x->modules = x->aliases = 0;
}

static int
compare(const void *key, const void *element)
{
	const struct modindex_module *m = element;

	return strcmp(key, m->name);
}

int
modindex_find(const struct modindex *x, const char *name)
{
	const struct modindex_module *m;
	char key[NAME_SIZE];
	size_t i;

	if (strlcpy(key, name, sizeof(key)) >= sizeof(key))
		return -1;
	for (i = 0; key[i] != '\0'; i++)
		if (key[i] == '-')
			key[i] = '_';
	m = bsearch(key, x->module, x->modules, sizeof(*m), compare);
	return m == NULL ? -1 : (int)(m - x->module);
}

int
modindex_match(const struct modindex *x, const char *alias, size_t *at)
{
	const struct modindex_alias *a;

	while (*at < x->aliases) {
		a = &x->alias[(*at)++];
		if (fnmatch(a->pattern, alias, 0) == 0)
			return (int)a->module;
	}
	return -1;
}

struct order {
	const struct modindex *index;
	bool *done;
	size_t *at;
	size_t n;
};

static void add_module(struct order *, size_t module, unsigned depth);

static void
add_names(struct order *o, const char *names, unsigned depth)
{
	char name[NAME_SIZE];
	size_t len;
	int module;

	for (;;) {
		names += strspn(names, " ");
		if ((len = strcspn(names, " ")) == 0)
			return;
		if (len < sizeof(name)) {
			memcpy(name, names, len);
			name[len] = '\0';
			module = modindex_find(o->index, name);
			if (module != -1)
				add_module(o, (size_t)module, depth);
		}
		names += len;
	}
}

static void
add_module(struct order *o, size_t module, unsigned depth)
{
	const struct modindex_module *m = &o->index->module[module];

	/* Marked before what it needs, so that a circle comes to an end. */
	if (o->done[module] || depth == DEPTH_MAX)
		return;
	o->done[module] = true;
	add_names(o, m->before, depth + 1);
	o->at[o->n++] = module;
	add_names(o, m->after, depth + 1);
}

size_t
modindex_order(const struct modindex *x, size_t module, bool *done,
    size_t *order)
{
	struct order o = { .index = x, .done = done, .at = order };

	add_module(&o, module, 0);
	return o.n;
}
