/* SPDX-License-Identifier: ISC */
#ifndef COMMON_WIRE_H
#define COMMON_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Bounded cursors over a packet.  The error is sticky: after the first read
 * or write that does not fit, every further call does nothing, reads yield
 * zero, and `bad' stays true.  So a parser is straight lines with one check
 * at the end.  n = network byte order, and it stands in the name.
 */
struct wire_in {
	const uint8_t *pos;
	size_t left;		/* octets */
	bool bad;
};

struct wire_out {
	uint8_t *start;
	size_t len;		/* octets written */
	size_t size;		/* octets there are */
	bool bad;
};

void wire_in_init(struct wire_in *, const void *, size_t len);
uint8_t wire_get_8(struct wire_in *);
uint16_t wire_get_n16(struct wire_in *);
uint32_t wire_get_n32(struct wire_in *);
/* The next `len' octets, in place; NULL when there are fewer. */
const uint8_t *wire_get_span(struct wire_in *, size_t len);
/* The text up to a NUL, in place; NULL (and bad) when there is no NUL. */
const char *wire_get_string(struct wire_in *);

void wire_out_init(struct wire_out *, void *, size_t size);
void wire_put_8(struct wire_out *, uint8_t);
void wire_put_n16(struct wire_out *, uint16_t);
void wire_put_n32(struct wire_out *, uint32_t);
void wire_put_bytes(struct wire_out *, const void *, size_t len);
void wire_put_zeros(struct wire_out *, size_t len);
/* The text and its NUL. */
void wire_put_string(struct wire_out *, const char *);

#endif
