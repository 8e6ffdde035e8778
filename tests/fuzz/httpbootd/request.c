/* SPDX-License-Identifier: ISC */
/* Whole requests: head to answer, as -e does, without a file system. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "httpbootd/answer.h"
#include "httpbootd/explain.h"
#include "httpbootd/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static bool
is_clean(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

static void
check_answer(const struct answer *a, const struct found *f)
{
	size_t i;

	require(a->status == reason_status(a->reason));
	require(*status_phrase(a->status) != '\0');
	require(a->nheaders > 0 && a->nheaders <= ANSWER_HEADERS_MAX);
	for (i = 0; i < a->nheaders; i++)
		require(is_clean(a->header[i].value));
	if (a->has_file)
		require(a->span.first <= f->file.size &&
		    a->span.length <= f->file.size - a->span.first);
	else
		require(a->status >= 400 && *a->words != '\0');
}

/* HEAD says the length of the GET that it asks about. */
static void
check_head(struct request r, const struct found *f)
{
	struct answer get, head;

	r.field[FIELD_RANGE] = NULL;
	r.method = "GET";
	answer_make(&get, &r, f);
	r.method = "HEAD";
	answer_make(&head, &r, f);
	require(get.status == head.status && !head.has_body);
	require(answer_length(&get) == answer_length(&head));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char name[BOOTDIR_PATH_MAX], text[EXPLAIN_TEXT];
	struct found f = { .file = { .size = 5000000000, .mtime = 1000 } };
	struct answer answer;
	struct request r;
	char *head = malloc(len + 1);

	require(head != NULL);
	memcpy(head, data, len);
	if (request_parse(&r, head, len)) {
		f.reason = target_decode(r.target, name);
		f.name = f.reason == REASON_WHOLE ? name : r.target;
		answer_make(&answer, &r, &f);
		check_answer(&answer, &f);
		check_head(r, &f);
		explain(text, &r, NULL, &f, &answer, true);
		require(strlen(text) < EXPLAIN_TEXT - 1);
	}
	free(head);
	return 0;
}
