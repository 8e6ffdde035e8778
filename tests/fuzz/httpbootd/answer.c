/* SPDX-License-Identifier: ISC */
/*
 * Answers: any request head for a file of any size (its first eight octets).
 * What goes out lies within the file, and HEAD is GET without its body.
 */
#include "httpbootd/answer.h"

#include <stdlib.h>
#include <string.h>

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static const char *
header(const struct answer *a, const char *name)
{
	size_t i;

	for (i = 0; i < a->nheaders; i++)
		if (strcmp(a->header[i].name, name) == 0)
			return a->header[i].value;
	return NULL;
}

static void
check(const struct answer *a, uint64_t size)
{
	size_t i;

	require(a->nheaders <= ANSWER_HEADERS_MAX);
	for (i = 0; i < a->nheaders; i++) {
		require(*a->header[i].value != '\0');
		require(strpbrk(a->header[i].value, "\r\n") == NULL);
	}
	require(a->status == reason_status(a->reason));
	require(a->span.first <= size && a->span.length <= size -
	    a->span.first);
	require((a->status == 206) == (a->reason == REASON_PART));
	require((a->status == 206 || a->status == 416) ==
	    (header(a, "Content-Range") != NULL));
	if (a->status >= 400)
		require(!a->has_file && *a->words != '\0');
	if (a->status == 200)
		require(a->span.first == 0 && a->span.length == size &&
		    header(a, "Content-Type") != NULL);
	require(answer_head_length(a) > 40);
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct found f = { .reason = REASON_WHOLE, .name = "x" };
	struct answer get, head;
	struct request r;
	char *text;

	if (len < sizeof(f.file.size))
		return 0;
	memcpy(&f.file.size, data, sizeof(f.file.size));
	f.file.size >>= 1;	/* off_t has a sign */
	len -= sizeof(f.file.size);
	text = malloc(len + 1);
	require(text != NULL);
	memcpy(text, data + sizeof(f.file.size), len);
	if (request_parse(&r, text, len)) {
		f.name = r.target;
		answer_make(&get, &r, &f);
		check(&get, f.file.size);
		r.method = "HEAD";
		answer_make(&head, &r, &f);
		require(!head.has_body);
		check(&head, f.file.size);
		r.method = "GET";
		r.field[FIELD_RANGE] = NULL;
		answer_make(&get, &r, &f);
		require(answer_length(&get) == answer_length(&head));
		require(get.status == head.status);
	}
	free(text);
	return 0;
}
