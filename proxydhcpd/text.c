/* SPDX-License-Identifier: ISC */
/* Lines for people, in a buffer of their own. */
#include "proxydhcpd/text.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "common/log.h"

#define ESCAPED_MAX 4096	/* a thousand octets, each escaped */

void
text_init(struct text *t, char *start, size_t size)
{
	t->start = start;
	t->size = size;
	t->len = 0;
	start[0] = '\0';
}

void
text_put(struct text *t, const char *format, ...)
{
	size_t left = t->size - t->len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->start + t->len, left, format, args);
	va_end(args);
	if (n > 0)
		t->len += (size_t)n < left ? (size_t)n : left - 1;
}

void
text_put_hex(struct text *t, const void *data, size_t len)
{
	const uint8_t *octets = data;
	size_t i;

	for (i = 0; i < len; i++)
		text_put(t, "%02x", octets[i]);
}

void
text_put_quoted(struct text *t, const void *data, size_t len)
{
	char escaped[ESCAPED_MAX];

	text_put(t, "\"%s\"", log_escape(escaped, sizeof(escaped), data, len));
}
