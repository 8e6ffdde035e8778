/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_OUTBOX_H
#define TFTPD_OUTBOX_H

#include <sys/socket.h>
#include <sys/uio.h>

#include "tftpd/session.h"

/*
 * Blocks on their way out, handed to the kernel many at once: those for many
 * clients as messages of one sendmmsg(2), those of a window as one message
 * that the kernel cuts (UDP_SEGMENT).
 */
#define OUTBOX_MESSAGES 64
#define OUTBOX_BLOCKS 256

/* Room for what datagram_source() writes, and for the size of a segment. */
union outbox_control {
	char bytes[sizeof(union datagram_control) +
	    CMSG_SPACE(sizeof(uint16_t))];
	struct cmsghdr align;
};

STAILQ_HEAD(session_troubled, session);

struct outbox {
	const struct port *port;	/* all that waits leaves by this one */
	size_t messages, blocks;
	uint64_t octets;		/* of files, since it was asked last */
	struct session_troubled troubled;	/* not all of theirs left */
	struct mmsghdr msg[OUTBOX_MESSAGES];
	struct outbox_message {
		struct session *session;
		struct transfer_run run;
	} what[OUTBOX_MESSAGES];
	union outbox_control control[OUTBOX_MESSAGES];
	struct iovec iov[2 * OUTBOX_BLOCKS];
	uint8_t header[OUTBOX_BLOCKS][4];
};

void outbox_open(struct outbox *);
/* A run of blocks, or the OACK; what fails is noted in the transfer. */
void outbox_put(struct outbox *, struct session *, const struct transfer_run *,
    int64_t now_ms);
/* All that waits leaves.  No session may be freed before that. */
void outbox_flush(struct outbox *, int64_t now_ms);

#endif
