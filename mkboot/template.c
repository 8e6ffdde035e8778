/* SPDX-License-Identifier: ISC */
/* Text with @NAME@ in it, to the same with values. */
#include "mkboot/template.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool
template_is_text(const char *octets, size_t len)
{
	return memchr(octets, '\0', len) == NULL;
}

/* The length of the name after an `@', when another `@' ends it; else 0. */
static size_t
name_length(const char *p, size_t len)
{
	size_t n = 0;

	if (len == 0 || !isupper((unsigned char)*p))
		return 0;
	while (n < len && n < TEMPLATE_NAME_SIZE &&
	    (isupper((unsigned char)p[n]) || isdigit((unsigned char)p[n]) ||
	    p[n] == '_'))
		n++;
	return n < len && n < TEMPLATE_NAME_SIZE && p[n] == '@' ? n : 0;
}

/* A growing text. */
struct output {
	char *text;
	size_t len, room;
};

static bool
append(struct output *o, const char *octets, size_t len)
{
	size_t room = o->room;
	char *text;

	if (len > o->room - o->len) {
		while (len > room - o->len)
			room = room == 0 ? 256 : room * 2;
		if ((text = realloc(o->text, room)) == NULL)
			return false;
		o->text = text;
		o->room = room;
	}
	if (len > 0)
		memcpy(o->text + o->len, octets, len);
	o->len += len;
	return true;
}

static size_t
count_lines(const char *text, size_t len)
{
	size_t lines = 0;

	while (len-- > 0)
		lines += *text++ == '\n';
	return lines;
}

/* The value of the name of `n' octets at `name', into the output. */
static enum template_result
append_value(struct output *o, const struct template_values *values,
    const char *name, size_t n, char unknown[TEMPLATE_NAME_SIZE])
{
	char value[TEMPLATE_VALUE_SIZE];

	memcpy(unknown, name, n);
	unknown[n] = '\0';
	if (strcmp(unknown, "AT") == 0)
		strlcpy(value, "@", sizeof(value));
	else if (!values->value(values->context, unknown, value))
		return TEMPLATE_UNKNOWN;
	unknown[0] = '\0';
	return append(o, value, strlen(value)) ? TEMPLATE_OK :
	    TEMPLATE_NO_MEMORY;
}

enum template_result
template_expand(const char *text, size_t len,
    const struct template_values *values, struct template_text *made)
{
	enum template_result result = TEMPLATE_OK;
	struct output o = { NULL, 0, 0 };
	size_t at = 0, n;
	const char *mark;

	memset(made, 0, sizeof(*made));
	while (result == TEMPLATE_OK && at < len) {
		mark = memchr(text + at, '@', len - at);
		n = mark == NULL ? len - at : (size_t)(mark - text) - at;
		if (!append(&o, text + at, n))
			result = TEMPLATE_NO_MEMORY;
		at += n;
		if (mark == NULL || result != TEMPLATE_OK)
			break;
		if ((n = name_length(mark + 1, len - at - 1)) == 0) {
			if (!append(&o, mark, 1))
				result = TEMPLATE_NO_MEMORY;
			at++;
			continue;
		}
		result = append_value(&o, values, mark + 1, n, made->unknown);
		if (result != TEMPLATE_UNKNOWN)
			at += n + 2;
	}
	if (result != TEMPLATE_OK) {
		free(o.text);
		made->line = 1 + count_lines(text, at);
		return result;
	}
	made->text = o.text;
	made->len = o.len;
	return TEMPLATE_OK;
}
