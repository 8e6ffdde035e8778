/* SPDX-License-Identifier: ISC */
/* A set of kernel modules. */
#include "mkboot/modset.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static void
free_module(struct module *m)
{
	free(m->name);
	free(m->path);
	free(m->file);
	strings_free(&m->before);
	strings_free(&m->after);
	strings_free(&m->alias);
	strings_free(&m->weak);
	free(m);
}

static void
keep(void *unused)
{
	(void)unused;
}

void
modset_free(struct modset *s)
{
	size_t i;

	tdestroy(s->by_name, keep);
	for (i = 0; i < s->n; i++)
		free_module(s->module[i]);
	free(s->module);
	memset(s, 0, sizeof(*s));
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

struct module *
modset_find(struct modset *s, const char *name)
{
	struct module key = { .name = NULL };
	struct module **known;

	/* A copy only to be a key: tfind(3) alters nothing. */
	if ((key.name = strdup(name)) == NULL)
		return NULL;
	known = tfind(&key, &s->by_name, compare);
	free(key.name);
	return known == NULL ? NULL : *known;
}

/* Room for one more, in the array and in the tree. */
static int
insert(struct modset *s, struct module *m)
{
	struct module **grown;

	grown = reallocarray(s->module, s->n + 1,
	    sizeof(struct module *));
	if (grown == NULL)
		return -1;
	s->module = grown;
	if (tsearch(m, &s->by_name, compare) == NULL)
		return -1;
	s->module[s->n++] = m;
	s->sorted = false;
	return 0;
}

struct module *
modset_add(struct modset *s, const char *name, const char *file,
    const char *path, size_t path_length)
{
	struct module *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	if ((m->name = strdup(name)) == NULL ||
	    (m->file = strdup(file)) == NULL ||
	    (m->path = strndup(path, path_length)) == NULL ||
	    insert(s, m) == -1) {
		free_module(m);
		return NULL;
	}
	return m;
}

const struct module *
modset_at(struct modset *s, size_t i)
{
	if (!s->sorted && s->n > 1)
		qsort(s->module, s->n, sizeof(struct module *),
		    compare_slots);
	s->sorted = true;
	return s->module[i];
}
