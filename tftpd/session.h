/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_SESSION_H
#define TFTPD_SESSION_H

#include <sys/tree.h>

#include <stdint.h>

#include "common/listen.h"
#include "common/mac.h"
#include "tftpd/find.h"
#include "tftpd/request.h"
#include "tftpd/transfer.h"

/* A transfer with its socket and its file. */
struct session {
	RB_ENTRY(session) by_peer;
	struct datagram way;	/* the client, and the address that it asked */
	int socket;		/* on a port of its own: the transfer's TID */
	int file;
	char *path;		/* below pub/ */
	struct mac who;
	bool known;		/* who is set */
	struct request request;
	struct agreement agreement;
	struct transfer transfer;
};

/* The octets that session_send() needs to lay out a window. */
#define SESSION_BUFFER REQUEST_WINDOW_OCTETS

/*
 * A session for this request, with `found's descriptor, which it takes over;
 * it sends nothing yet.  NULL with errno, and `found' closed.  `who' may be
 * NULL.
 */
struct session *session_new(const struct datagram *, const struct request *,
    struct found *found, const struct mac *who);
void session_free(struct session *);

/*
 * Sends a run of blocks, straight from the file as it was opened, through
 * `buffer'.  A failure is taken note of in the transfer.
 */
void session_send(struct session *, const struct transfer_run *,
    uint8_t *buffer, int64_t now_ms);
/* Reads one datagram; false when none waits. */
bool session_receive(struct session *, uint8_t *buffer, int64_t now_ms);
/* Tells the client why its transfer ends. */
void session_refuse(const struct session *, enum refusal);

/*
 * An ERROR from a new port, as if a transfer were to begin; when there is no
 * socket to be had, from `listener'.
 */
void session_refuse_request(int listener, const struct datagram *,
    enum refusal, const char *file);

#endif
