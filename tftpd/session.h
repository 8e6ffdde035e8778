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

/* A transfer, whose it is, by which port, and of what. */
struct session {
	LIST_ENTRY(session) by_peer;	/* peers.h */
	TAILQ_ENTRY(session) by_time;	/* wheel.h */
	STAILQ_ENTRY(session) over;	/* it has ended; freed after the turn */
	bool is_over;
	STAILQ_ENTRY(session) trouble;	/* outbox.h */
	bool is_troubled;
	int64_t due_ms;			/* when the wheel comes to it */
	struct datagram way;	/* the client, and the address that it asked */
	struct port *port;	/* the transfer's TID */
	struct content *content;
	bool one_by_one;	/* no segmented windows on this path */
	char *path;		/* below pub/ */
	struct mac who;
	bool known;		/* who is set */
	struct request request;
	struct agreement agreement;
	struct transfer transfer;
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
