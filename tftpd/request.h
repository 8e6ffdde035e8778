/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_REQUEST_H
#define TFTPD_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/tftp.h"
#include "common/wire.h"
#include "tftpd/refusal.h"

/*
 * A read request, RFC 1350 with the options of RFC 2347:
 *
 *  opcode(2) file 0 mode 0 [ option 0 value 0 ]...
 */
#define REQUEST_WINDOW_MAX 64	/* blocks: more overruns a ROM's receiver */
#define REQUEST_WINDOW_OCTETS (128 * 1024)	/* of file in one window */
#define REQUEST_OPTION_NAME 12	/* "windowsize" and its NUL */

/* Self-contained: nothing points into the packet. */
struct request {
	char file[TFTP_REQUEST_MAX];	/* relative to pub/, cleaned */
	bool netascii;			/* else octet */
	bool frail;			/* bears no second copy of a block */
	struct {
		bool asked;		/* and valid */
		char name[REQUEST_OPTION_NAME];	/* as the client spelled it */
		uint64_t value;
	} option[TFTP_NOPTIONS];
};

/* What server and client agree on. */
struct agreement {
	bool oack;		/* an OACK is owed: some option was accepted */
	bool accepted[TFTP_NOPTIONS];
	uint32_t blksize;	/* octets of file in a block */
	uint32_t windowsize;	/* blocks */
	uint32_t timeout_s;	/* 0: the client left it to us */
	bool frail;		/* the client: see struct request */
	uint64_t tsize;		/* octets */
};

/*
 * Reads a request.  The file's name is set as far as it could be read, also
 * when the answer is a refusal, and is empty before that.
 */
enum refusal request_parse(struct request *, const void *, size_t len);
/* The same file and options: a retransmission. */
bool request_same(const struct request *, const struct request *);
/*
 * Accepts each option that was asked, never above what was asked; but no
 * tsize for netascii, of which clients expect the file's own size or none.  `size' is
 * the file's; a block is at most `blksize_max' octets where a block size was
 * asked, so that no datagram is cut in fragments: ROMs cannot join them.
 */
void request_agree(const struct request *, uint64_t size,
    uint32_t blksize_max, struct agreement *);
/* What was agreed for one option. */
uint64_t request_agreed(const struct agreement *, enum tftp_option);
/* The OACK: accepted options only, names as the client spelled them. */
void request_put_oack(struct wire_out *, const struct request *,
    const struct agreement *);

#endif
