/* SPDX-License-Identifier: ISC */
/* Request targets to names below pub/. */
#include "httpbootd/target.h"

#include <string.h>
#include <strings.h>

/* Past the scheme and host of a whole URL, which is what a proxy is sent. */
const char *
target_path(const char *target)
{
	static const char *const schemes[] = { "http://", "https://" };
	size_t i, len;

	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		len = strlen(schemes[i]);
		if (strncasecmp(target, schemes[i], len) == 0)
			return target + len + strcspn(target + len, "/?#");
	}
	return *target == '/' ? target : NULL;
}

/* The value of a hex digit, or -1. */
static int
nibble(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *p = c == '\0' ? NULL : strchr(digits, c);

	return p == NULL ? -1 : (int)((p - digits) % 16);
}

/* The octet of "%41", 3 characters, or a reason why there is none. */
static enum reason
unescape_one(const char *p, const char *end, char *octet)
{
	int high, low;

	if (end - p < 3 || (high = nibble(p[1])) < 0 ||
	    (low = nibble(p[2])) < 0)
		return REASON_BAD_ESCAPE;
	*octet = (char)(high << 4 | low);
	return *octet == '\0' ? REASON_NUL : REASON_WHOLE;
}

/* Percent-decodes the path up to its query: RFC 3986 section 2.1. */
static enum reason
unescape(const char *path, char *text, size_t size)
{
	const char *end = path + strcspn(path, "?#");
	enum reason reason = REASON_WHOLE;
	size_t n = 0;

	for (; path < end && reason == REASON_WHOLE; path++, n++) {
		if (n + 1 >= size)
			return REASON_TOO_LONG;
		text[n] = *path;
		if (*path != '%')
			continue;
		reason = unescape_one(path, end, &text[n]);
		path += 2;
	}
	text[n] = '\0';
	return reason;
}

bool
query_decode(const char *value, size_t len, char *text, size_t size)
{
	const char *end = value + len;
	size_t n = 0;
	char octet;

	for (; value < end; value++) {
		octet = *value == '+' ? ' ' : *value;
		if (*value == '%') {
			if (unescape_one(value, end, &octet) != REASON_WHOLE)
				return false;
			value += 2;
		}
		if (n + 1 < size)
			text[n++] = octet;
	}
	text[n] = '\0';
	return true;
}

/* Appends one segment of the path; `name' has room for all of them. */
static enum reason
append(char *name, const char *segment)
{
	if (*segment == '\0' || strcmp(segment, ".") == 0)
		return REASON_WHOLE;
	if (strcmp(segment, "..") == 0)
		return REASON_DOT_DOT;
	/* Temporary names of files that are being replaced: bootdir(7). */
	if (*segment == '.')
		return REASON_HIDDEN;
	if (*name != '\0')
		strlcat(name, "/", BOOTDIR_PATH_MAX);
	strlcat(name, segment, BOOTDIR_PATH_MAX);
	return REASON_WHOLE;
}

enum reason
target_decode(const char *target, char name[BOOTDIR_PATH_MAX])
{
	char text[BOOTDIR_PATH_MAX + 1], *rest = text, *segment, *last;
	enum reason reason;

	name[0] = '\0';
	target = target_path(target);
	if (target == NULL)
		return REASON_TARGET_FORM;
	reason = unescape(target, text, sizeof(text));
	/* Decoded first and split then, so that %2e%2e and %2f hide nothing. */
	last = text;
	while (reason == REASON_WHOLE && (segment = strsep(&rest, "/")) != NULL)
		reason = append(name, last = segment);
	if (reason == REASON_WHOLE && (*last == '\0' || strcmp(last, ".") == 0))
		reason = REASON_FOLDER;
	if (reason != REASON_WHOLE)
		name[0] = '\0';
	return reason;
}
