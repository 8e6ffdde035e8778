/* SPDX-License-Identifier: ISC */
/* The JSON of .note.dlopen: an array of objects of texts and their arrays. */
#include "mkboot/dlopen_note.h"

#include <errno.h>
#include <string.h>

#define TEXT_SIZE 256		/* of one soname, with its NUL */

struct cursor {
	const char *json;
	size_t len, at;
};

/* The next octet that is no blank, not taken; NUL at the end. */
static char
peek(struct cursor *c)
{
	while (c->at < c->len && c->json[c->at] != '\0' &&
	    strchr(" \t\r\n", c->json[c->at]) != NULL)
		c->at++;
	return c->at < c->len ? c->json[c->at] : '\0';
}

static bool
take(struct cursor *c, char wanted)
{
	if (wanted == '\0' || peek(c) != wanted)
		return false;
	c->at++;
	return true;
}

/* A text; of its escapes \" and \\ and \/ are known.  Cut to fit. */
static bool
take_text(struct cursor *c, char text[TEXT_SIZE])
{
	size_t n = 0;
	char octet;

	if (!take(c, '"'))
		return false;
	while (c->at < c->len && (octet = c->json[c->at++]) != '"') {
		if (octet == '\\' && c->at < c->len)
			octet = c->json[c->at++];
		if (n < TEXT_SIZE - 1)
			text[n++] = octet;
	}
	text[n] = '\0';
	return c->at > 0 && c->json[c->at - 1] == '"';
}

static int
take_array(struct cursor *c, struct strings *s)
{
	char text[TEXT_SIZE];

	if (!take(c, '['))
		return -1;
	do {
		if (!take_text(c, text))
			return -1;
		if (s != NULL && strings_add(s, text) == -1)
			return -1;
	} while (take(c, ','));
	return take(c, ']') ? 0 : -1;
}

/* "key": value */
static int
take_member(struct cursor *c, struct dlopen_need *need)
{
	char key[TEXT_SIZE], value[TEXT_SIZE];

	if (!take_text(c, key) || !take(c, ':'))
		return -1;
	if (peek(c) == '[')
		return take_array(c, strcmp(key, "soname") == 0 ?
		    &need->soname : NULL);
	if (!take_text(c, value))
		return -1;
	if (strcmp(key, "priority") == 0) {
		need->required = strcmp(value, "required") == 0;
		need->wanted = strcmp(value, "suggested") != 0;
	}
	return 0;
}

static int
take_object(struct cursor *c, struct dlopen_need *need)
{
	do
		if (take_member(c, need) == -1)
			return -1;
	while (take(c, ','));
	return take(c, '}') ? 1 : -1;
}

int
dlopen_note_next(const char *json, size_t len, size_t *at,
    struct dlopen_need *need)
{
	struct cursor c = { json, len, *at };
	int result;

	/* Without a priority, it is "recommended". */
	*need = (struct dlopen_need){ .wanted = true };
	if (*at == 0 && !take(&c, '['))
		goto bad;
	if (take(&c, ']'))
		return 0;
	if (*at != 0 && !take(&c, ','))
		goto bad;
	if (!take(&c, '{'))
		goto bad;
	errno = EINVAL;
	if ((result = take_object(&c, need)) == -1)
		strings_free(&need->soname);
	*at = c.at;
	return result;
bad:
	errno = EINVAL;
	return -1;
}
