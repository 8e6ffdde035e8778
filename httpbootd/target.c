/* SPDX-License-Identifier: ISC */
/* Request targets to names below pub/. */
#include "httpbootd/target.h"

#include <string.h>
#include <strings.h>

/* Past the scheme and host of a whole URL, which is what a proxy is sent. */
static const char *
skip_authority(const char *target)
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

/* Percent-decodes the path up to its query: RFC 3986 section 2.1. */
static enum reason
unescape(const char *path, char *text, size_t size)
{
	const char *end = path + strcspn(path, "?#");
	int high, low;
	size_t n = 0;

	for (; path < end; path++) {
		if (n + 1 >= size)
			return REASON_TOO_LONG;
		if (*path != '%') {
			text[n++] = *path;
			continue;
		}
		if ((high = nibble(path[1])) < 0 || (low = nibble(path[2])) < 0)
			return REASON_BAD_ESCAPE;
		if (high == 0 && low == 0)
			return REASON_NUL;
		text[n++] = (char)(high << 4 | low);
		path += 2;
	}
	text[n] = '\0';
	return REASON_WHOLE;
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
	target = skip_authority(target);
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
