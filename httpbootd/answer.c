/* SPDX-License-Identifier: ISC */
/* The decision: a request and what it found to status, headers and octets. */
#include "httpbootd/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/log.h"
#include "httpbootd/condition.h"

#define ETAG_TEXT 80

/*
 * By the end of a name.  EDK2 compares these types whole, so none may have a
 * parameter (EDK2 HttpBootSupport.c: HttpBootCheckImageType); text/plain with
 * a charset would do no harm, but no client of ours asks for it.
 */
static const struct {
	const char *ending, *type;
} types[] = {
	{ ".efi", "application/efi" },
	{ ".iso", "application/vnd.efi-iso" },
	{ ".img", "application/vnd.efi-img" },
	{ ".ipxe", "text/plain" },
	{ ".cfg", "text/plain" },
	{ ".conf", "text/plain" },
	{ ".txt", "text/plain" },
};

static const char *
type_of_name(const char *name)
{
	const char *dot = name == NULL ? NULL : strrchr(name, '.');
	size_t i;

	for (i = 0; dot != NULL && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(dot, types[i].ending) == 0)
			return types[i].type;
	return NULL;
}

/* loader/16 has no ending; the loader/snponly.efi that it links to has. */
static const char *
type_of(const struct found *f)
{
	const char *type = type_of_name(f->name);

	if (type == NULL)
		type = type_of_name(f->real);
	return type == NULL ? "application/octet-stream" : type;
}

static void put_header(struct answer *, const char *, const char *, ...)
    __attribute__((format(printf, 3, 4)));

static void
put_header(struct answer *a, const char *name, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	a->header[a->nheaders].name = name;
	vsnprintf(a->header[a->nheaders].value, ANSWER_VALUE, format, args);
	a->nheaders++;
	va_end(args);
}

/*
 * Strong: a file that is written anew has another inode, size or time in
 * nanoseconds (RFC 9110 section 8.8.1).
 */
static const char *
format_etag(const struct file *file, char etag[ETAG_TEXT])
{
	snprintf(etag, ETAG_TEXT, "\"%jx-%jx-%jx-%jx.%jx\"",
	    (uintmax_t)file->dev, (uintmax_t)file->ino,
	    (uintmax_t)file->size, (uintmax_t)file->mtime,
	    (uintmax_t)file->mtime_ns);
	return etag;
}

static void
put_validators(struct answer *a, const struct validators *v)
{
	char date[HTTP_DATE];

	if (*http_date_format(v->mtime, date) != '\0')
		put_header(a, "Last-Modified", "%s", date);
	put_header(a, "ETag", "%s", v->etag);
}

/* Words for a person, as short as a firmware's screen. */
static void
refuse(struct answer *a, enum reason reason, const struct found *f)
{
	char name[NAME_TEXT];

	a->reason = reason;
	put_header(a, "Content-Type", "text/plain");
	if (reason == REASON_METHOD)
		put_header(a, "Allow", "GET, HEAD");
	if (reason == REASON_BUSY || reason == REASON_OFTEN)
		put_header(a, "Retry-After", "2");
	if (reason == REASON_RANGE)
		put_header(a, "Content-Range", "bytes */%ju",
		    (uintmax_t)f->file.size);
	snprintf(a->words, sizeof(a->words), "%s: %s\n", log_escape(name,
	    sizeof(name), f->name, strlen(f->name)), reason_words(reason));
}

/* The file, or the range of it that GET asked for. */
static void
give(struct answer *a, const struct request *r, const struct found *f,
    const struct validators *v)
{
	const uint64_t size = f->file.size;
	const char *field = r->field[FIELD_RANGE];
	enum range range = RANGE_WHOLE;

	/* Range is defined for GET alone: RFC 9110 section 14.2. */
	if (field != NULL && request_is_get(r) && condition_range(r, v))
		range = range_parse(field, size, &a->span);
	if (range == RANGE_UNSATISFIABLE) {
		refuse(a, REASON_RANGE, f);
		return;
	}
	a->has_file = true;
	put_header(a, "Content-Type", "%s", type_of(f));
	put_header(a, "Accept-Ranges", "bytes");
	put_validators(a, v);
	if (range == RANGE_WHOLE) {
		a->span.length = size;
		return;
	}
	a->reason = REASON_PART;
	put_header(a, "Content-Range", "bytes %ju-%ju/%ju",
	    (uintmax_t)a->span.first,
	    (uintmax_t)(a->span.first + a->span.length - 1), (uintmax_t)size);
}

static void
answer_file(struct answer *a, const struct request *r, const struct found *f)
{
	char etag[ETAG_TEXT];
	const struct validators v = {
		.etag = format_etag(&f->file, etag),
		.mtime = f->file.mtime,
	};

	switch (condition_check(r, &v)) {
	case CONDITION_FAILED:
		refuse(a, REASON_PRECONDITION, f);
		break;
	case CONDITION_NOT_MODIFIED:
		a->reason = REASON_NOT_MODIFIED;
		a->has_file = true;
		a->span.length = f->file.size;
		put_validators(a, &v);
		break;
	case CONDITION_PASS:
		give(a, r, f, &v);
		break;
	}
}

/* Words for a machine that reports; a cache must not answer for us. */
static void
thank(struct answer *a)
{
	a->reason = REASON_NOTED;
	put_header(a, "Content-Type", "text/plain");
	put_header(a, "Cache-Control", "no-store");
	strlcpy(a->words, "noted\n", sizeof(a->words));
}

void
answer_make(struct answer *a, const struct request *r, const struct found *f)
{
	memset(a, 0, sizeof(*a));
	if (f->reason == REASON_NOTED)
		thank(a);
	else if (!request_is_get(r) && !request_is_head(r) &&
	    !reason_is_report(f->reason))
		refuse(a, REASON_METHOD, f);
	else if (f->reason != REASON_WHOLE)
		refuse(a, f->reason, f);
	else
		answer_file(a, r, f);
	a->status = reason_status(a->reason);
	a->has_body = !request_is_head(r) && a->reason != REASON_NOT_MODIFIED;
}

uint64_t
answer_length(const struct answer *a)
{
	return a->has_file ? a->span.length : strlen(a->words);
}

uint64_t
answer_head_length(const struct answer *a)
{
	static const char rest[] = "HTTP/1.1  \r\n\r\n"
	    "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: \r\n";
	uint64_t len = sizeof(rest) - 1;
	size_t i;

	len += (uint64_t)snprintf(NULL, 0, "%u%s%ju", a->status,
	    status_phrase(a->status), (uintmax_t)answer_length(a));
	for (i = 0; i < a->nheaders; i++)
		len += strlen(a->header[i].name) + sizeof(": \r\n") - 1 +
		    strlen(a->header[i].value);
	return len;
}

const char *
answer_event(const struct answer *a, uint64_t octets)
{
	if (a->status >= 400)
		return "refused";
	if (a->reason == REASON_NOTED)
		return "report";
	if (a->reason == REASON_NOT_MODIFIED)
		return "unchanged";
	if (!a->has_body)
		return "head";
	if (octets < a->span.length)
		return "broke";
	return a->reason == REASON_WHOLE ? "sent" : "part";
}
