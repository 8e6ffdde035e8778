/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_TFTPGET_H
#define MKBOOT_INIT_TFTPGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * The client's side of a TFTP read (RFC 1350, 2347 to 2349, 7440) as a machine
 * without socket or clock.  Times are milliseconds of one clock.
 */
#define TFTPGET_BLKSIZE 1408	/* with IPv6 and a VLAN it fits a frame */
#define TFTPGET_WINDOW 16
#define TFTPGET_PACKET 1536	/* octets: larger ones are not for us */
#define TFTPGET_WHY 128

struct tftpget {
	const char *file;
	unsigned blksize, window;	/* as agreed; 512 and 1 without OACK */
	uint64_t total;			/* tsize; UINT64_MAX: not said */
	bool begun;			/* the server has answered */
	bool done;
	uint16_t last;			/* the last block that came in order */
	unsigned unacked;		/* blocks since our last ACK */
	bool gap_told;			/* an ACK for this gap is out */
	unsigned silent;		/* packets sent without an answer */
	int64_t deadline;
	char why[TFTPGET_WHY];		/* printable; for TFTPGET_FAILED */
};

enum tftpget_action {
	TFTPGET_NOTHING,
	TFTPGET_SEND,		/* what is in `out' */
	TFTPGET_DATA,		/* take *data, then send `out' if any */
	TFTPGET_END,		/* the same, and it was the last */
	TFTPGET_FAILED		/* the server says no: `why' */
};

/* `file' must stay there.  Nothing is sent before tftpget_tick(). */
void tftpget_begin(struct tftpget *, const char *file, int64_t now);
/* At `deadline': the request, or the last ACK again, as a packet in `out'. */
enum tftpget_action tftpget_tick(struct tftpget *, int64_t now,
    struct wire_out *out);
/* A packet from the server. */
enum tftpget_action tftpget_input(struct tftpget *, const void *packet,
    size_t size, int64_t now, struct wire_out *out, const uint8_t **data,
    size_t *len);

#endif
