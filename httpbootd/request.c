/* SPDX-License-Identifier: ISC */
/* A request head: text to method, target and the fields that matter. */
#include "httpbootd/request.h"

#include <string.h>
#include <strings.h>

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_RANGE] = "Range",
	[FIELD_IF_RANGE] = "If-Range",
	[FIELD_IF_MATCH] = "If-Match",
	[FIELD_IF_NONE_MATCH] = "If-None-Match",
	[FIELD_IF_MODIFIED_SINCE] = "If-Modified-Since",
	[FIELD_IF_UNMODIFIED_SINCE] = "If-Unmodified-Since",
};

const char *
request_field_name(enum request_field field)
{
	return field_names[field];
}

bool
request_is_get(const struct request *r)
{
	return strcmp(r->method, "GET") == 0;
}

bool
request_is_head(const struct request *r)
{
	return strcmp(r->method, "HEAD") == 0;
}

bool
request_is_post(const struct request *r)
{
	return strcmp(r->method, "POST") == 0;
}

/* Cuts the next line off; NULL when none is left. */
static char *
next_line(char **rest)
{
	char *line = strsep(rest, "\n");
	size_t len;

	if (line == NULL)
		return NULL;
	len = strlen(line);
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	return line;
}

/*
 * The version is what follows the last blank: clients exist that leave a
 * blank in the path unescaped.
 */
static bool
parse_request_line(struct request *r, char *line)
{
	char *blank;

	r->method = strsep(&line, " ");
	if (line == NULL || *r->method == '\0')
		return false;
	r->target = line;
	r->version = "";
	blank = strrchr(line, ' ');
	if (blank != NULL) {
		*blank = '\0';
		r->version = blank + 1;
	}
	return *r->target != '\0';
}

static void
parse_field(struct request *r, char *line)
{
	char *value = line, *name = strsep(&value, ":"), *end;
	size_t i;

	if (value == NULL)
		return;
	value += strspn(value, " \t");
	for (end = value + strlen(value); end > value; end--)
		if (end[-1] != ' ' && end[-1] != '\t')
			break;
	*end = '\0';
	for (i = 0; i < FIELD_COUNT; i++)
		if (r->field[i] == NULL &&
		    strcasecmp(name, field_names[i]) == 0)
			r->field[i] = value;
}

bool
request_parse(struct request *r, char *head, size_t len)
{
	char *rest = head, *line;

	memset(r, 0, sizeof(*r));
	head[len] = '\0';
	if (strlen(head) != len)
		return false;
	/* Empty lines before a request are skipped: RFC 9112 section 2.2. */
	do {
		line = next_line(&rest);
	} while (line != NULL && *line == '\0');
	if (line == NULL || !parse_request_line(r, line))
		return false;
	while ((line = next_line(&rest)) != NULL && *line != '\0')
		parse_field(r, line);
	return true;
}
