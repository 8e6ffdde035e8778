/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_ANSWER_H
#define HTTPBOOTD_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "httpbootd/range.h"
#include "httpbootd/reason.h"
#include "httpbootd/request.h"

/* A file, as far as its answer depends on it. */
struct file {
	uint64_t dev, ino;
	uint64_t size;		/* octets */
	int64_t mtime;		/* seconds since the epoch */
	uint32_t mtime_ns;
};

/* What a request's target came to. */
struct found {
	enum reason reason;	/* REASON_WHOLE: a file is there */
	const char *name;	/* below pub/; or the target that was refused */
	const char *real;	/* where links led to; NULL: not known */
	struct file file;
};

#define ANSWER_HEADERS_MAX 8
#define ANSWER_VALUE 96		/* a header's value and its NUL */
#define ANSWER_WORDS 512
#define NAME_TEXT 384		/* an escaped name, cut, and its NUL */

/*
 * The answer to a GET or HEAD of the same name has the same length, save
 * where GET asked for a range.
 */
struct answer {
	enum reason reason;
	unsigned status;
	bool has_file;		/* it is told of the file, not of words */
	bool has_body;		/* false: HEAD, or a code that has none */
	struct span span;	/* of the file */
	char words[ANSWER_WORDS];	/* the body where no file is it */
	size_t nheaders;
	struct {
		const char *name;
		char value[ANSWER_VALUE];
	} header[ANSWER_HEADERS_MAX];	/* Content-Length is not among them */
};

void answer_make(struct answer *, const struct request *,
    const struct found *);
/* What Content-Length says. */
uint64_t answer_length(const struct answer *);
/*
 * Octets of the answer's head on the wire, with Date, for who must tell it
 * from the body.
 */
uint64_t answer_head_length(const struct answer *);
/*
 * What a log calls it: "sent" for a whole file with its body, all `octets' of
 * it; "part" for a range; "broke" for less; "refused"; "head"; "unchanged".
 */
const char *answer_event(const struct answer *, uint64_t octets);

#endif
