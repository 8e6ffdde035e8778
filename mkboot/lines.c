/* SPDX-License-Identifier: ISC */
/* A text that grows. */
#include "mkboot/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_STEP 4096

static bool
make_room(struct lines *l, size_t more)
{
	char *text;
	size_t size = l->size;

	while (size < l->len + more)
		size += size / 2 + LINES_STEP;
	if (size == l->size)
		return true;
	if ((text = realloc(l->text, size)) == NULL)
		return false;
	l->text = text;
	l->size = size;
	return true;
}

void
lines_add(struct lines *l, const char *format, ...)
{
	va_list args, again;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	if (n < 0 || l->failed || !make_room(l, (size_t)n + 1))
		l->failed = true;
	else
		l->len += (size_t)vsnprintf(l->text + l->len,
		    l->size - l->len, format, again);
	va_end(again);
	va_end(args);
}

void
lines_free(struct lines *l)
{
	free(l->text);
	memset(l, 0, sizeof(*l));
}
