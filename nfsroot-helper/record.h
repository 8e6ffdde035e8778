/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_RECORD_H
#define NFSROOT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * Record marking, RFC 5531 section 11: how calls are cut out of a stream.
 * A record is one or more fragments, each behind four octets: bit 31 says
 * that it is the last one, the others are its length.
 */
#define RECORD_MAX 65536	/* octets in a record; no call is longer */
#define RECORD_MARK 4
#define RECORD_LAST UINT32_C(0x80000000)

enum record_state {
	RECORD_MORE,		/* all was taken, no record is complete yet */
	RECORD_WHOLE,
	RECORD_TOO_LONG,	/* the stream is lost: close it */
	RECORD_NO_MEMORY
};

struct record {
	uint8_t mark[RECORD_MARK];
	size_t mark_len;	/* octets of the mark that are here */
	size_t left;		/* octets of the fragment still to come */
	bool last;		/* and is it the record's last one? */
	uint8_t *buf;		/* what is here of a record in pieces */
	size_t len, size;
};

void record_init(struct record *);
/*
 * Takes octets from `in' up to the end of the next record.  With
 * RECORD_WHOLE *data and *len are the record: in place where it came in one
 * piece, else in a buffer that lasts until the next call of this module.
 */
enum record_state record_feed(struct record *, struct wire_in *in,
    const uint8_t **data, size_t *len);
/* Is part of a record here, so that the rest is waited for? */
bool record_begun(const struct record *);
/* Gives the buffer back, where no record has begun: idle peers cost little. */
void record_trim(struct record *);
void record_free(struct record *);
/* Writes the mark of a record in one fragment of `len' octets. */
void record_put_mark(uint8_t mark[RECORD_MARK], size_t len);

#endif
