/* SPDX-License-Identifier: ISC */
/* Kernel modules in the initrd, and the index that /init reads. */
#include "mkboot/index.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
put_words(FILE *out, const struct strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		fprintf(out, " %s", s->at[i]);
	fputc('\n', out);
}

static void
put_module(FILE *out, const struct module *m)
{
	size_t i;

	fprintf(out, "m %s %s", m->name, m->path);
	put_words(out, &m->before);
	if (m->after.n > 0) {
		fputc('p', out);
		put_words(out, &m->after);
	}
	if (m->insert)
		fputs("i\n", out);
	for (i = 0; i < m->alias.n; i++)
		fprintf(out, "a %s\n", m->alias.at[i]);
}

static int
plan_index(struct plan *p, struct modset *set, const char *version)
{
	char *text = NULL;
	size_t i, len = 0;
	FILE *out;
	int result;

	if ((out = open_memstream(&text, &len)) == NULL)
		return -1;
	fprintf(out, "pixie-modules 1 %s\n", version);
	for (i = 0; i < set->n; i++)
		put_module(out, modset_at(set, i));
	result = fclose(out) == 0 ?
	    plan_bytes(p, "lib/modules/pixie.index", 0644, text, len) : -1;
	free(text);
	return result;
}

static int
plan_module(struct plan *p, const struct module *m, const char *version)
{
	const size_t len = strlen(m->file);
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "lib/modules/%s/%s", version, m->path);
	/* What is plain already need not go through memory. */
	if (len > 3 && strcmp(m->file + len - 3, ".ko") == 0)
		return plan_file(p, path, 0644, m->file);
	return plan_decoded(p, path, 0644, m->file);
}

int
index_plan(struct plan *p, struct modset *set, const char *version)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (plan_module(p, modset_at(set, i), version) == -1)
			return -1;
	return plan_index(p, set, version);
}
