/* SPDX-License-Identifier: ISC */
/* Extended attributes from a text. */
#include "mkboot/init/restore.h"

#include <ctype.h>
#include <string.h>

static bool
is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* The path of a "# file: " line; empty when it is no good. */
static void
take_path(struct restore *r, const char *p, const char *end)
{
	unsigned octet;
	size_t n = 0;

	while (p < end && n + 1 < sizeof(r->path)) {
		octet = (unsigned char)*p++;
		if (octet == '\\') {
			if (end - p < 3 || !is_octal(p[0]) ||
			    !is_octal(p[1]) || !is_octal(p[2]))
				break;
			octet = (unsigned)((p[0] - '0') << 6 |
			    (p[1] - '0') << 3 | (p[2] - '0')) & 0xff;
			p += 3;
		}
		if (octet == '\0')
			break;
		r->path[n++] = (char)octet;
	}
	r->path[p == end && n + 1 < sizeof(r->path) ? n : 0] = '\0';
}

static int
nibble(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
take_value(struct restore *r, const char *p, const char *end)
{
	int high, low;

	if (end - p < 2 || p[0] != '0' || p[1] != 'x' || (end - p) % 2 != 0 ||
	    (size_t)(end - p - 2) / 2 > sizeof(r->value))
		return false;
	for (p += 2, r->len = 0; p < end; p += 2) {
		if ((high = nibble(p[0])) == -1 || (low = nibble(p[1])) == -1)
			return false;
		r->value[r->len++] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
take_attribute(struct restore *r, const char *line, const char *end)
{
	const char *equals = memchr(line, '=', (size_t)(end - line));
	size_t len;

	if (equals == NULL || r->path[0] == '\0')
		return false;
	len = (size_t)(equals - line);
	if (len == 0 || len >= sizeof(r->name))
		return false;
	memcpy(r->name, line, len);
	r->name[len] = '\0';
	return take_value(r, equals + 1, end);
}

bool
restore_next(struct restore *r)
{
	static const char file[] = "# file: ";
	const char *line, *end;

	while (*r->text != '\0') {
		line = r->text;
		end = line + strcspn(line, "\n");
		r->text = *end == '\n' ? end + 1 : end;
		if (strncmp(line, file, sizeof(file) - 1) == 0)
			take_path(r, line + sizeof(file) - 1, end);
		else if (take_attribute(r, line, end))
			return true;
	}
	return false;
}
