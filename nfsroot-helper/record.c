/* SPDX-License-Identifier: ISC */
/* Record marking on a stream, RFC 5531 section 11. */
#include "nfsroot-helper/record.h"

#include <stdlib.h>
#include <string.h>

#define RECORD_BUFFER_MIN 256

void
record_init(struct record *r)
{
	memset(r, 0, sizeof(*r));
}

/* Takes up to `want' octets; says how many at *got. */
static const uint8_t *
take(struct wire_in *in, size_t want, size_t *got)
{
	*got = want < in->left ? want : in->left;
	return wire_get_span(in, *got);
}

/* Reads the mark, as far as it is here; false while it is not whole. */
static bool
take_mark(struct record *r, struct wire_in *in)
{
	struct wire_in mark;
	const uint8_t *part;
	uint32_t word;
	size_t got;

	part = take(in, RECORD_MARK - r->mark_len, &got);
	if (got > 0)
		memcpy(r->mark + r->mark_len, part, got);
	r->mark_len += got;
	if (r->mark_len < RECORD_MARK)
		return false;
	wire_in_init(&mark, r->mark, RECORD_MARK);
	word = wire_get_n32(&mark);
	r->last = (word & RECORD_LAST) != 0;
	r->left = word & ~RECORD_LAST;
	return true;
}

/*
 * Room for `more' octets.  The buffer grows with what has come, not with
 * what a mark promises: a peer that sends four octets is not given 64 KiB.
 */
static bool
make_room(struct record *r, size_t more)
{
	size_t size = r->size < RECORD_BUFFER_MIN ? RECORD_BUFFER_MIN : r->size;
	uint8_t *buf;

	while (size < r->len + more)
		size *= 2;
	if (size == r->size)
		return true;
	if ((buf = realloc(r->buf, size)) == NULL)
		return false;
	r->buf = buf;
	r->size = size;
	return true;
}

/* Adds what is here of the fragment to the buffer. */
static enum record_state
take_fragment(struct record *r, struct wire_in *in)
{
	const uint8_t *part;
	size_t got;

	part = take(in, r->left, &got);
	if (got > 0) {
		if (!make_room(r, got))
			return RECORD_NO_MEMORY;
		memcpy(r->buf + r->len, part, got);
	}
	r->len += got;
	r->left -= got;
	return r->left > 0 ? RECORD_MORE : RECORD_WHOLE;
}

enum record_state
record_feed(struct record *r, struct wire_in *in, const uint8_t **data,
    size_t *len)
{
	enum record_state state;

	for (;;) {
		if (r->mark_len < RECORD_MARK) {
			if (!take_mark(r, in))
				return RECORD_MORE;
			if (r->left > RECORD_MAX - r->len)
				return RECORD_TOO_LONG;
			if (r->last && r->len == 0 && r->left <= in->left) {
				*data = take(in, r->left, len);
				r->mark_len = 0;
				return RECORD_WHOLE;
			}
		}
		if ((state = take_fragment(r, in)) != RECORD_WHOLE)
			return state;
		r->mark_len = 0;
		if (r->last)
			break;
	}
	*data = r->buf;
	*len = r->len;
	r->len = 0;
	return RECORD_WHOLE;
}

bool
record_begun(const struct record *r)
{
	return r->mark_len > 0 || r->len > 0;
}

void
record_trim(struct record *r)
{
	if (!record_begun(r))
		record_free(r);
}

void
record_free(struct record *r)
{
	free(r->buf);
	record_init(r);
}

void
record_put_mark(uint8_t mark[RECORD_MARK], size_t len)
{
	struct wire_out w;

	wire_out_init(&w, mark, RECORD_MARK);
	wire_put_n32(&w, RECORD_LAST | (uint32_t)len);
}
