/* SPDX-License-Identifier: ISC */
/* A decision as text, for a person who asks why. */
#include "httpbootd/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"

/* A text that grows by whole lines. */
struct text {
	char *start;
	size_t len, size;
};

static void say(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(t->start + t->len, t->size - t->len, format, args);
	va_end(args);
	t->len += strlen(t->start + t->len);
}

static void
say_escaped(struct text *t, const char *before, const char *value,
    const char *after)
{
	char escaped[NAME_TEXT];

	say(t, "%s%s%s", before, log_escape(escaped, sizeof(escaped), value,
	    strlen(value)), after);
}

/* Was the name refused before any file was looked for? */
static bool
is_unnamed(const struct found *f)
{
	return f->reason >= REASON_NOTED && f->reason <= REASON_FOLDER;
}

static void
say_file(struct text *t, const struct found *f)
{
	if (is_unnamed(f)) {
		say(t, "file: none\n");
		return;
	}
	say_escaped(t, "file: pub/", f->name, "\n");
	if (f->real != NULL && strcmp(f->real, f->name) != 0)
		say_escaped(t, "which is: pub/", f->real, "\n");
	if (f->reason == REASON_WHOLE)
		say(t, "size: %ju\n", (uintmax_t)f->file.size);
}

static bool
is_validator(const char *header)
{
	return strcmp(header, "ETag") == 0 ||
	    strcmp(header, "Last-Modified") == 0;
}

static void
say_headers(struct text *t, const struct answer *a, bool validators)
{
	size_t i;

	for (i = 0; i < a->nheaders; i++)
		if (validators || !is_validator(a->header[i].name))
			say(t, "%s: %s\n", a->header[i].name,
			    a->header[i].value);
	say(t, "Content-Length: %ju\n", (uintmax_t)answer_length(a));
}

static void
say_body(struct text *t, const struct answer *a)
{
	if (!a->has_body || answer_length(a) == 0)
		say(t, "body: none\n");
	else if (a->has_file)
		say(t, "body: octets %ju to %ju of the file\n",
		    (uintmax_t)a->span.first,
		    (uintmax_t)(a->span.first + a->span.length - 1));
	else
		say(t, "body: %s", a->words);
}

const char *
explain(char text[EXPLAIN_TEXT], const struct request *r,
    const char *mac, const struct found *f, const struct answer *a,
    bool validators)
{
	struct text t = { .start = text, .size = EXPLAIN_TEXT };

	text[0] = '\0';
	say_escaped(&t, "request: ", r->method, " ");
	say_escaped(&t, "", r->target, "\n");
	say(&t, "machine: %s\n", mac == NULL ? "unknown" : mac);
	say_file(&t, f);
	say(&t, "status: %u %s\n", a->status, status_phrase(a->status));
	say(&t, "why: %s: %s\n", reason_name(a->reason),
	    reason_words(a->reason));
	say_headers(&t, a, validators);
	say_body(&t, a);
	return text;
}
