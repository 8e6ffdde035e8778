/* SPDX-License-Identifier: ISC */
/* Conditional requests: entity tags and dates against a file's own. */
#include "httpbootd/condition.h"

#include <string.h>
#include <time.h>

const char *
http_date_format(int64_t seconds, char text[HTTP_DATE])
{
	const time_t t = (time_t)seconds;
	struct tm tm;

	/* No setlocale(3) here, so these are the English names. */
	if (gmtime_r(&t, &tm) == NULL || tm.tm_year > 9999 - 1900 ||
	    strftime(text, HTTP_DATE, "%a, %d %b %Y %H:%M:%S GMT", &tm) == 0)
		text[0] = '\0';
	return text;
}

bool
http_date_parse(const char *text, int64_t *seconds)
{
	static const char *const forms[] = {
		"%a, %d %b %Y %H:%M:%S GMT",
		"%a, %d-%b-%y %H:%M:%S GMT",	/* RFC 850's */
		"%a %b %e %H:%M:%S %Y",		/* asctime(3)'s */
	};
	struct tm tm;
	const char *end;
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		memset(&tm, 0, sizeof(tm));
		end = strptime(text, forms[i], &tm);
		if (end != NULL && *end == '\0') {
			*seconds = timegm(&tm);
			return true;
		}
	}
	return false;
}

/*
 * Is `etag' in this list (RFC 9110 section 13.1.1)?  A weak tag counts only
 * where weak comparison does.  What is no list matches nothing.
 */
static bool
list_has(const char *list, const char *etag, bool weak)
{
	const char *end;
	bool is_weak;

	for (;;) {
		list += strspn(list, ", \t");
		if (*list == '*')
			return true;
		is_weak = strncmp(list, "W/", 2) == 0;
		list += is_weak ? 2 : 0;
		if (*list != '"' || (end = strchr(list + 1, '"')) == NULL)
			return false;
		end++;
		if ((weak || !is_weak) && strlen(etag) == (size_t)(end - list)
		    && strncmp(list, etag, strlen(etag)) == 0)
			return true;
		list = end;
	}
}

/* A date that cannot be read is as if it were not there. */
static bool
is_later(const struct validators *v, const char *date)
{
	int64_t then;

	return http_date_parse(date, &then) && v->mtime > then;
}

static bool
is_no_later(const struct validators *v, const char *date)
{
	int64_t then;

	return http_date_parse(date, &then) && v->mtime <= then;
}

enum condition
condition_check(const struct request *r, const struct validators *v)
{
	const char *match = r->field[FIELD_IF_MATCH];
	const char *none_match = r->field[FIELD_IF_NONE_MATCH];
	const char *since = r->field[FIELD_IF_MODIFIED_SINCE];
	const char *unmodified = r->field[FIELD_IF_UNMODIFIED_SINCE];

	/* Tags are exact; the dates beside them are for older servers. */
	if (match != NULL && !list_has(match, v->etag, false))
		return CONDITION_FAILED;
	if (match == NULL && unmodified != NULL && is_later(v, unmodified))
		return CONDITION_FAILED;
	if (none_match != NULL)
		return list_has(none_match, v->etag, true) ?
		    CONDITION_NOT_MODIFIED : CONDITION_PASS;
	if (since != NULL && is_no_later(v, since))
		return CONDITION_NOT_MODIFIED;
	return CONDITION_PASS;
}

bool
condition_range(const struct request *r, const struct validators *v)
{
	const char *field = r->field[FIELD_IF_RANGE];
	int64_t then;

	if (field == NULL || strcmp(field, v->etag) == 0)
		return true;
	/* Equal, not earlier: RFC 9110 section 13.1.5. */
	return http_date_parse(field, &then) && then == v->mtime;
}
