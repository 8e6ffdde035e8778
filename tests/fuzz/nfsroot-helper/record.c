/* SPDX-License-Identifier: ISC */
/*
 * Any octets as a stream: it yields the same records however it is cut, none
 * longer than RECORD_MAX, and memory stays in proportion to what came.  The
 * first octet says how it is cut.
 */
#include "nfsroot-helper/record.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

struct outcome {
	size_t records;
	uint64_t sum;
	enum record_state end;
};

static void
note(struct outcome *o, const uint8_t *data, size_t len)
{
	size_t i;

	require(len <= RECORD_MAX);
	o->records++;
	o->sum = o->sum * 31 + len;
	for (i = 0; i < len; i++)
		o->sum = o->sum * 31 + data[i];
}

/* Feeds the stream in pieces of `step' octets. */
static struct outcome
run(const uint8_t *stream, size_t len, size_t step)
{
	struct outcome o = { 0, 0, RECORD_MORE };
	const uint8_t *data;
	struct wire_in in;
	struct record r;
	size_t at, n, got;

	record_init(&r);
	for (at = 0; at < len && o.end == RECORD_MORE; at += n) {
		n = len - at < step ? len - at : step;
		wire_in_init(&in, stream + at, n);
		while ((o.end = record_feed(&r, &in, &data, &got)) ==
		    RECORD_WHOLE)
			note(&o, data, got);
		require(!in.bad);
		require(o.end != RECORD_MORE || in.left == 0);
		require(r.size <= 2 * (at + n) + 1024);
		record_trim(&r);
	}
	record_free(&r);
	return o;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct outcome whole, pieces;

	if (len == 0)
		return 0;
	whole = run(data + 1, len - 1, len);
	pieces = run(data + 1, len - 1, data[0] % 64u + 1);
	require(whole.records == pieces.records);
	require(whole.sum == pieces.sum);
	require(whole.end == pieces.end);
	return 0;
}
