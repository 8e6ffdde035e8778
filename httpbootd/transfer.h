/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_TRANSFER_H
#define HTTPBOOTD_TRANSFER_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stdint.h>

#include "common/seen.h"
#include "httpbootd/answer.h"
#include "httpbootd/devices.h"
#include "httpbootd/guests.h"
#include "httpbootd/held.h"
#include "httpbootd/report.h"
#include "httpbootd/request.h"

/* What requests are answered from, and where they are noted. */
struct site {
	struct seen *seen;
	bool verbose;		/* a line in the log for each request */
	int64_t busy_ms;	/* when the log had a refusal for want of room */
	struct held_table held;
	LIST_HEAD(, transfer) sending;	/* what is watched */
	struct report_budget budget;
	unsigned lists;		/* of hardware, on their way to us */
};

/* A connection. */
struct visitor {
	struct guest guest;
	struct mac mac;
	bool known;		/* whose address it is */
	int64_t asked_ms;	/* when seen/ip was read for that */
};

/* One request, from its first line to the last octet of its answer. */
struct transfer {
	struct site *site;
	struct visitor *visitor;
	int64_t start_ms;
	bool begun;		/* the head was seen whole */
	bool answered;
	struct held *held;	/* NULL: the target named no file */
	const struct answer *answer;	/* `own', or that of `held' */
	struct answer *own;	/* NULL: none was needed */
	bool lent;		/* its response closes a descriptor */
	bool reads;		/* its response asks for transfer_read() */
	uint64_t handed;	/* octets of the body that went out */
	bool watched;		/* its octets are counted by the socket */
	LIST_ENTRY(transfer) sending;	/* of those that are watched */
	uint64_t written_before;	/* to it: tcp_written() */
	uint64_t looked_at;	/* the same when we last looked */
	struct found found;	/* where there is no `held' */
	enum report_kind kind;
	struct report report;
	uint64_t uploaded;	/* octets that came with it */
	struct devices *devices;	/* NULL: they are of no use */
	char name[];		/* below pub/; or the target that was refused */
};

/* NULL: no memory.  `target' is the client's, undecoded. */
struct transfer *transfer_begin(struct site *, struct visitor *,
    const char *target, int64_t now_ms);
/* Takes octets that came with the request; false: they are too many. */
bool transfer_upload(struct transfer *, const char *, size_t);
/* Decides on the answer; false: no memory. */
bool transfer_answer(struct transfer *, const struct request *,
    int64_t now_ms);
/* Is the answer that of every GET and HEAD of this file? */
bool transfer_is_common(const struct transfer *);
/*
 * Up to `size' octets of the body from `pos' on, by pread(2).  -1, and a line
 * in the log: the file has become shorter, or cannot be read.
 */
ssize_t transfer_read(struct transfer *, uint64_t pos, char *, size_t size);
/* From here on the socket counts what goes out; of no use with TLS. */
void transfer_watch(struct transfer *);
/* Was all of the body handed to the kernel, as libmicrohttpd believes? */
bool transfer_is_whole(const struct transfer *);
/*
 * Hangs up on those whose file was altered and who were given nothing since the
 * last look, though they have all that they were given: sendfile(2) has come to
 * an end that the file had not before.
 */
void transfers_look(struct site *, int64_t now_ms);
/*
 * Octets of the body that the client has, after it broke off: what it has
 * acknowledged; where nobody counts, what the kernel took.
 */
uint64_t transfer_delivered(const struct transfer *);
/* Notes how it went, and frees it.  `octets' of the body arrived. */
void transfer_end(struct transfer *, uint64_t octets, int64_t now_ms);

#endif
