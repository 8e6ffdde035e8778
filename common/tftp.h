/* SPDX-License-Identifier: ISC */
#ifndef COMMON_TFTP_H
#define COMMON_TFTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/* TFTP packets (RFC 1350, 2347, 2348, 2349, 7440). */
#define TFTP_REQUEST_MAX 512	/* octets in a request: RFC 2347 section 3 */
#define TFTP_BLKSIZE_DEFAULT 512
#define TFTP_BLKSIZE_MIN 8
#define TFTP_BLKSIZE_MAX 65464

enum tftp_opcode {
	TFTP_RRQ = 1, TFTP_WRQ, TFTP_DATA, TFTP_ACK, TFTP_ERROR, TFTP_OACK
};

enum tftp_error {
	TFTP_EUNDEFINED, TFTP_ENOTFOUND, TFTP_EACCESS, TFTP_EDISKFULL,
	TFTP_EBADOP, TFTP_EBADTID, TFTP_EEXISTS, TFTP_ENOUSER, TFTP_EOPTION
};

enum tftp_mode { TFTP_OCTET, TFTP_NETASCII, TFTP_OTHER_MODE };

enum tftp_option {
	TFTP_BLKSIZE, TFTP_TIMEOUT, TFTP_TSIZE, TFTP_WINDOWSIZE, TFTP_NOPTIONS
};

/* A read or write request; the texts point into the packet. */
struct tftp_request {
	enum tftp_opcode opcode;	/* TFTP_RRQ or TFTP_WRQ */
	const char *file;
	enum tftp_mode mode;
	/* The first occurrence of each option that we know, in any case. */
	struct {
		bool present;
		bool valid;		/* a decimal number in range */
		const char *name;	/* as the client spelled it */
		uint64_t value;
	} option[TFTP_NOPTIONS];
};

/*
 * False when the packet is no well-formed request: another opcode, a file or
 * mode without its NUL, an empty file name.  An option without a value, or
 * trailing garbage, ends the options and is borne (Apple's firmware sends it).
 */
bool tftp_parse_request(struct tftp_request *, const void *, size_t len);
/* "blksize", "timeout", "tsize", "windowsize". */
const char *tftp_option_name(enum tftp_option);

void tftp_put_data(struct wire_out *, uint16_t block, const void *, size_t);
void tftp_put_ack(struct wire_out *, uint16_t block);
void tftp_put_error(struct wire_out *, enum tftp_error, const char *words);
/* An OACK is begun once, then each option is put. */
void tftp_put_oack(struct wire_out *);
void tftp_put_option(struct wire_out *, const char *name, uint64_t value);

#endif
