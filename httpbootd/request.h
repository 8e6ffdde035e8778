/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_REQUEST_H
#define HTTPBOOTD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

/* The header fields that change an answer.  Host is none of them. */
enum request_field {
	FIELD_RANGE, FIELD_IF_RANGE, FIELD_IF_MATCH, FIELD_IF_NONE_MATCH,
	FIELD_IF_MODIFIED_SINCE, FIELD_IF_UNMODIFIED_SINCE, FIELD_COUNT
};

struct request {
	const char *method;
	const char *target;	/* as it came, undecoded; NULL: not kept */
	const char *version;	/* "HTTP/1.1"; empty for HTTP/0.9's form */
	const char *field[FIELD_COUNT];	/* NULL: absent */
};

/* "Range", "If-Range", ... */
const char *request_field_name(enum request_field);
/* Methods are case-sensitive: RFC 9110 section 9.1. */
bool request_is_get(const struct request *);
bool request_is_head(const struct request *);
bool request_is_post(const struct request *);

/*
 * Reads a request head (RFC 9112 section 2.1), lines ending with CRLF or LF,
 * up to the empty line or the end.  The octets are cut into strings in place,
 * so `head' must have room for a NUL at head[len], and outlive the request.
 * Of a field that comes twice the first counts.  False where there is no
 * method and target, or a NUL among the octets.
 */
bool request_parse(struct request *, char *head, size_t len);

#endif
