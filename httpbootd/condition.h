/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_CONDITION_H
#define HTTPBOOTD_CONDITION_H

#include <stdbool.h>
#include <stdint.h>

#include "httpbootd/request.h"

/* What tells one state of a file from another: RFC 9110 section 8.8. */
struct validators {
	const char *etag;	/* a strong one, in its quotes */
	int64_t mtime;		/* seconds since the epoch */
};

enum condition {
	CONDITION_PASS,
	CONDITION_NOT_MODIFIED,
	CONDITION_FAILED
};

/* The fields' preconditions, in the order of RFC 9110 section 13.2.2. */
enum condition condition_check(const struct request *,
    const struct validators *);
/* May Range be honoured: no If-Range, or one that names this very file? */
bool condition_range(const struct request *, const struct validators *);

#define HTTP_DATE 32	/* "Sun, 06 Nov 1994 08:49:37 GMT" and its NUL */

/* RFC 9110 section 5.6.7.  Empty for a time past the year 9999. */
const char *http_date_format(int64_t seconds, char text[HTTP_DATE]);
/* Reads any of its three forms; false for anything else. */
bool http_date_parse(const char *text, int64_t *seconds);

#endif
