/* SPDX-License-Identifier: ISC */
/* A text that grows in a buffer of a fixed size. */
#include "mkboot/text.h"

#include <stdarg.h>
#include <stdio.h>

void
text_add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->start + t->len, t->size - t->len, format, args);
	va_end(args);
	if (n >= 0 && (size_t)n < t->size - t->len) {
		t->len += (size_t)n;
		return;
	}
	t->start[t->len] = '\0';
	t->full = true;
}
