/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_TRANSFER_H
#define TFTPD_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tftpd/request.h"
#include "tftpd/rtt.h"

/*
 * One transfer as a pure machine: an event and the time go in, a run of
 * blocks to send comes out.  All times are monotonic milliseconds.
 *
 *	client                       server
 *	  RRQ  ---------------------->  transfer_start: run of block 0, the
 *	       <----------------------  OACK; or of block 1 without options
 *	  ACK n  -------------------->  transfer_packet: run n + 1 ... of at
 *	       <----------------------  most a window (RFC 7440)
 *	                (silence)       transfer_timer: the run once more
 *
 * Blocks are counted in 64 bits from 1; on the wire the number is their low
 * 16 bits, so it rolls over to 0.  The OACK counts as block 0, since it is
 * acknowledged as such (RFC 2347).
 */
/*
 * How long to wait for an ACK before a window goes out once more.  At first,
 * and always at least for a client that bears no second copy (request.h).
 */
#define TRANSFER_RTO_MS 1000
/* For the others as measured, above this; doubled at each silence, ... */
#define TRANSFER_RTO_MIN_MS RTT_MARGIN_MS
/* ... but for the others not at so many before anything was measured, ... */
#define TRANSFER_EVEN_TRIES 2
/*
 * ... up to more than clients wait before they repeat themselves: 4 s (EDK2),
 * 5 s (U-Boot, atftp).  For one that ignores copies and yet begins to wait
 * anew at each (atftp), would else never come to speak.
 */
#define TRANSFER_RTO_MAX_MS 8000
#define TRANSFER_PATIENCE_MS 45000	/* with a client that says nothing */
/* With one whose last ACK is all that is missing: it may never send it. */
#define TRANSFER_LAST_PATIENCE_MS 15000
/* But on a line that was backed off from, it is sent so often at least. */
#define TRANSFER_LAST_TRIES 3
/* At most one resend in this time is had by an ACK. */
#define TRANSFER_RESEND_GAP_MS 50
/* Blocks: in wider windows, a second loss is likelier than an echo. */
#define TRANSFER_ECHO_WINDOW 16
/* An RRQ after a shorter time is the network's copy, not the client's. */
#define TRANSFER_AGAIN_MS 200
/* After so long a pause an RRQ means that the client begins anew. */
#define TRANSFER_ANEW_MS 1000

enum transfer_end {
	TRANSFER_RUNNING,
	TRANSFER_SENT,
	TRANSFER_SENT_NO_LAST_ACK,
	TRANSFER_PROBED,	/* client's ERROR to the OACK or first block */
	TRANSFER_ABORTED,	/* client's ERROR later on */
	TRANSFER_NO_ANSWER,	/* not one ACK ever came */
	TRANSFER_SILENT,	/* ACKs stopped */
	TRANSFER_ANEW,		/* the client asked again, or for another */
	TRANSFER_UNREADABLE,	/* the file could not be read */
	TRANSFER_CHANGED,	/* the file was written to meanwhile */
	TRANSFER_UNSENDABLE,	/* the network would not take a packet */
	TRANSFER_STOPPED	/* the server ends */
};

struct transfer {
	uint64_t size;		/* octets of file */
	uint32_t blksize;
	uint32_t windowsize;
	uint64_t first;		/* 0 with an OACK, else 1 */
	uint64_t last;		/* block, the one that is short */
	uint64_t base;		/* lowest block without ACK */
	uint64_t next;		/* base to next - 1 are under way */
	uint64_t fresh;		/* from here on, blocks were never sent */
	uint64_t twice;		/* the blocks before may be there twice */
	uint64_t resent;	/* blocks sent once more, summed up */
	int64_t started_ms;
	int64_t heard_ms;	/* last sign of life */
	unsigned unheard;	/* silences since */
	int64_t sent_ms;
	int64_t wake_ms;	/* call transfer_timer() then */
	int64_t resend_ms;	/* no resend by ACK before */
	int64_t least_rto_ms;
	int64_t rto_ms;
	struct rtt rtt;
	bool timing;		/* what is under way was sent but once */
	bool asked_timeout;	/* rto_ms is the client's own wish */
	bool hurried;		/* wake_ms is a resend put off, no silence */
	enum transfer_end end;
	uint16_t error;		/* the client's, where it ended by one */
};

/* Blocks to send, one after the other; none when count is 0. */
struct transfer_run {
	uint64_t first;
	uint32_t count;		/* the OACK, block 0, comes alone */
};

struct transfer_run transfer_start(struct transfer *,
    const struct agreement *, int64_t now_ms);
/* A datagram from the client: an ACK, an ERROR, or junk, which is ignored. */
struct transfer_run transfer_packet(struct transfer *, const void *, size_t,
    int64_t now_ms);
struct transfer_run transfer_timer(struct transfer *, int64_t now_ms);
/* The same request came once more.  It may end the transfer (ANEW). */
struct transfer_run transfer_asked_again(struct transfer *, int64_t now_ms);
/* Is the end of the file in this run? */
bool transfer_is_end(const struct transfer *, const struct transfer_run *);
/* Only `sent' blocks of the run left: the rest is tried again soon. */
void transfer_unsent(struct transfer *, const struct transfer_run *,
    uint32_t sent, int64_t now_ms);
/* The client went on to something else: ends it as what it had come to. */
void transfer_leave(struct transfer *);

/* Where in the file a block (1 to last) lies; returns its length. */
uint32_t transfer_block(const struct transfer *, uint64_t block,
    uint64_t *offset);
/* Octets that the client has acknowledged. */
uint64_t transfer_acked(const struct transfer *);
/* "sent", "no-answer", ... */
const char *transfer_end_name(enum transfer_end);

#endif
