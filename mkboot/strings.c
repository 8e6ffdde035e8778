/* SPDX-License-Identifier: ISC */
/* A growing list of texts. */
#include "mkboot/strings.h"

#include <stdlib.h>
#include <string.h>

int
strings_add(struct strings *s, const char *text)
{
	char **grown, *copy;

	if ((copy = strdup(text)) == NULL)
		return -1;
	/* The room is n rounded up to a power of two, or more. */
	if ((s->n & (s->n - 1)) == 0) {
		grown = reallocarray(s->at, s->n == 0 ? 1 : 2 * s->n,
		    sizeof(*s->at));
		if (grown == NULL) {
			free(copy);
			return -1;
		}
		s->at = grown;
	}
	s->at[s->n++] = copy;
	return 0;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
strings_sort(struct strings *s)
{
	size_t i, kept = 0;

	if (s->n > 1)
		qsort(s->at, s->n, sizeof(*s->at), compare);
	for (i = 0; i < s->n; i++) {
		if (kept > 0 && strcmp(s->at[kept - 1], s->at[i]) == 0)
			free(s->at[i]);
		else
			s->at[kept++] = s->at[i];
	}
	s->n = kept;
}

bool
strings_has(const struct strings *s, const char *text)
{
	return s->n > 0 && bsearch(&text, s->at, s->n, sizeof(*s->at),
	    compare) != NULL;
}

const char *
strings_join(const struct strings *s, char *text, size_t size)
{
	size_t i;

	text[0] = '\0';
	for (i = 0; i < s->n; i++) {
		(void)strlcat(text, " ", size);
		(void)strlcat(text, s->at[i], size);
	}
	return text;
}

void
strings_free(struct strings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->at[i]);
	free(s->at);
	memset(s, 0, sizeof(*s));
}
