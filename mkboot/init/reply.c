/* SPDX-License-Identifier: ISC */
/* The head of an HTTP/1.1 response. */
#include "mkboot/init/reply.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Digits alone, at least one, no overflow (RFC 9110 section 8.6). */
static bool
take_number(const char **text, const char *end, uint64_t *value)
{
	const char *p = *text;
	uint64_t v = 0;

	for (; p < end && isdigit((unsigned char)*p); p++) {
		if (v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	if (p == *text)
		return false;
	*text = p;
	*value = v;
	return true;
}

static bool
take_octet(const char **text, const char *end, char octet)
{
	if (*text == end || **text != octet)
		return false;
	(*text)++;
	return true;
}

/* "bytes 0-99/100", or an asterisk for the total. */
static bool
take_range(struct reply *r, const char *p, const char *end)
{
	uint64_t last;

	if (end - p < 6 || strncasecmp(p, "bytes ", 6) != 0)
		return false;
	p += 6;
	if (take_octet(&p, end, '*'))	/* with 416: no range at all */
		return true;
	if (!take_number(&p, end, &r->first) || !take_octet(&p, end, '-') ||
	    !take_number(&p, end, &last) || !take_octet(&p, end, '/'))
		return false;
	r->total = UINT64_MAX;
	if (!take_octet(&p, end, '*') && !take_number(&p, end, &r->total))
		return false;
	r->has_range = true;
	return p == end && last >= r->first && last < r->total;
}

/* RFC 9112 section 6.3: two lengths that differ are an attack. */
static bool
take_length(struct reply *r, const char *p, const char *end)
{
	uint64_t length;

	if (!take_number(&p, end, &length) || p != end ||
	    (r->has_length && r->length != length))
		return false;
	r->has_length = true;
	r->length = length;
	return true;
}

/* A weak one (W/"...") says nothing about octets: RFC 9110 section 8.8.1. */
static void
take_tag(struct reply *r, const char *p, const char *end)
{
	const size_t len = (size_t)(end - p);

	if (len < 2 || len >= sizeof(r->tag) || *p != '"' || end[-1] != '"')
		return;
	memcpy(r->tag, p, len);
	r->tag[len] = '\0';
}

static bool
is_name(const char *line, size_t len, const char *name)
{
	return strlen(name) == len && strncasecmp(line, name, len) == 0;
}

static bool
take_field(struct reply *r, const char *line, const char *end)
{
	const char *colon = memchr(line, ':', (size_t)(end - line)), *p;
	size_t len;

	if (colon == NULL || colon == line ||
	    memchr(line, '\0', (size_t)(end - line)) != NULL)
		return false;
	len = (size_t)(colon - line);
	for (p = colon + 1; p < end && (*p == ' ' || *p == '\t'); p++)
		continue;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (is_name(line, len, "Content-Length"))
		return take_length(r, p, end);
	if (is_name(line, len, "Content-Range"))
		return take_range(r, p, end);
	if (is_name(line, len, "Transfer-Encoding"))
		r->coded = true;
	else if (is_name(line, len, "ETag"))
		take_tag(r, p, end);
	return true;
}

/* "HTTP/1.1 206 Partial Content"; the words may be missing. */
static bool
take_status(struct reply *r, const char *line, const char *end)
{
	uint64_t status;

	if (end - line < 12 || strncmp(line, "HTTP/1.", 7) != 0 ||
	    !isdigit((unsigned char)line[7]) || line[8] != ' ')
		return false;
	line += 9;
	if (!take_number(&line, end, &status) || status < 100 || status > 999 ||
	    (line < end && *line != ' '))
		return false;
	r->status = (unsigned)status;
	return true;
}

enum reply_state
reply_parse(struct reply *r, const char *data, size_t len, size_t *head)
{
	const char *line = data, *limit, *feed, *end;
	bool first = true;

	memset(r, 0, sizeof(*r));
	limit = data + (len < REPLY_HEAD_MAX ? len : REPLY_HEAD_MAX);
	for (;; line = feed + 1, first = false) {
		feed = memchr(line, '\n', (size_t)(limit - line));
		if (feed == NULL)
			return len < REPLY_HEAD_MAX ? REPLY_MORE : REPLY_BAD;
		/* A bare line feed is borne: RFC 9112 section 2.2. */
		end = feed > line && feed[-1] == '\r' ? feed - 1 : feed;
		if (end == line)
			break;
		if (first ? !take_status(r, line, end) :
		    !take_field(r, line, end))
			return REPLY_BAD;
	}
	if (first)
		return REPLY_BAD;
	*head = (size_t)(feed + 1 - data);
	return REPLY_OK;
}
