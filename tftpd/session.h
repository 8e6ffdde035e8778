/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_SESSION_H
#define TFTPD_SESSION_H

#include <sys/queue.h>

#include <stdint.h>

#include "common/listen.h"
#include "common/mac.h"
#include "tftpd/content.h"
#include "tftpd/port.h"
#include "tftpd/request.h"
#include "tftpd/transfer.h"

/*
 * A transfer, whose it is, by which port, and of what.  What each packet
 * needs comes first and close together: a room full of machines does not fit
 * the processor's cache beside what the kernel copies meanwhile.
 */
struct session {
	LIST_ENTRY(session) by_peer;	/* peers.h */
	struct datagram way;	/* the client, and the address that it asked */
	struct port *port;	/* the transfer's TID */
	struct content *content;
	int64_t due_ms;		/* when the wheel comes to it */
	bool is_over;		/* it has ended; freed after the turn */
	bool is_troubled;	/* outbox.h */
	bool one_by_one;	/* no segmented windows on this path */
	bool known;		/* who is set */
	struct transfer transfer;
	TAILQ_ENTRY(session) by_time;	/* wheel.h */
	STAILQ_ENTRY(session) over;
	STAILQ_ENTRY(session) trouble;	/* outbox.h */
	char *path;		/* below pub/ */
	struct mac who;
	struct request request;
	struct agreement agreement;
};

/*
 * A session for this request; it sends nothing yet.  The content is taken
 * over, the port counts one transfer more.  NULL with errno, and the content
 * is still the caller's.  `who' may be NULL.
 */
struct session *session_new(const struct datagram *, const struct request *,
    struct port *, struct content *, const char *path, const struct mac *who);
void session_free(struct session *, struct contents *);
/* The OACK, which is block 0. */
void session_send_oack(struct session *);
/* Tells the client why its transfer ends. */
void session_refuse(const struct session *, enum refusal);

#endif
