/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_REPLY_H
#define MKBOOT_INIT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The head of an HTTP/1.1 response (RFC 9112), as a client needs it. */
#define REPLY_HEAD_MAX 8192	/* octets up to and with the empty line */
#define REPLY_TAG 128

struct reply {
	unsigned status;	/* 100 to 999 */
	bool has_length;
	uint64_t length;	/* Content-Length */
	bool has_range;		/* Content-Range: bytes FIRST-LAST/TOTAL */
	uint64_t first, total;	/* total: UINT64_MAX where it says '*' */
	bool coded;		/* has a Transfer-Encoding */
	char tag[REPLY_TAG];	/* a strong ETag; empty: none */
};

enum reply_state {
	REPLY_MORE,		/* no empty line yet */
	REPLY_OK,
	REPLY_BAD		/* no HTTP, too long, or at odds with itself */
};

/*
 * Reads what came so far.  With REPLY_OK *head is how many octets the head
 * took; the body follows.
 */
enum reply_state reply_parse(struct reply *, const char *data, size_t len,
    size_t *head);

#endif
