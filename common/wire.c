/* SPDX-License-Identifier: ISC */
/* Bounded cursors over a packet, with a sticky error. */
#include "common/wire.h"

#include <string.h>

void
wire_in_init(struct wire_in *w, const void *data, size_t len)
{
	w->pos = data;
	w->left = len;
	w->bad = false;
}

const uint8_t *
wire_get_span(struct wire_in *w, size_t len)
{
	const uint8_t *span = w->pos;

	if (w->bad || len > w->left) {
		w->bad = true;
		return NULL;
	}
	w->pos += len;
	w->left -= len;
	return span;
}

uint8_t
wire_get_8(struct wire_in *w)
{
	const uint8_t *p = wire_get_span(w, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t
wire_get_n16(struct wire_in *w)
{
	const uint8_t *p = wire_get_span(w, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t
wire_get_n32(struct wire_in *w)
{
	const uint8_t *p = wire_get_span(w, 4);

	return p == NULL ? 0 : (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

const char *
wire_get_string(struct wire_in *w)
{
	const uint8_t *nul;

	nul = w->bad || w->left == 0 ? NULL : memchr(w->pos, '\0', w->left);
	if (nul == NULL) {
		w->bad = true;
		return NULL;
	}
	return (const char *)wire_get_span(w, (size_t)(nul - w->pos) + 1);
}

void
wire_out_init(struct wire_out *w, void *buffer, size_t size)
{
	w->start = buffer;
	w->len = 0;
	w->size = size;
	w->bad = false;
}

/* Room for `len' octets, or NULL. */
static uint8_t *
reserve(struct wire_out *w, size_t len)
{
	uint8_t *room;

	if (w->bad || len > w->size - w->len) {
		w->bad = true;
		return NULL;
	}
	room = w->start + w->len;
	w->len += len;
	return room;
}

void
wire_put_bytes(struct wire_out *w, const void *data, size_t len)
{
	uint8_t *room = reserve(w, len);

	if (room != NULL && len > 0)
		memcpy(room, data, len);
}

void
wire_put_zeros(struct wire_out *w, size_t len)
{
	uint8_t *room = reserve(w, len);

	if (room != NULL)
		memset(room, 0, len);
}

void
wire_put_8(struct wire_out *w, uint8_t v)
{
	wire_put_bytes(w, &v, 1);
}

void
wire_put_n16(struct wire_out *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wire_put_bytes(w, b, sizeof(b));
}

void
wire_put_n32(struct wire_out *w, uint32_t v)
{
	wire_put_n16(w, (uint16_t)(v >> 16));
	wire_put_n16(w, (uint16_t)v);
}

void
wire_put_string(struct wire_out *w, const char *s)
{
	wire_put_bytes(w, s, strlen(s) + 1);
}
