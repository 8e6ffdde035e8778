/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_ANSWER_H
#define TFTPD_ANSWER_H

#include "tftpd/server.h"

/* A datagram came by this port: a request, or a word of a client's. */
void answer_datagram(struct server *, struct port *, const struct datagram *,
    const uint8_t *packet, size_t len, int64_t now_ms);
/* This session's time has come. */
void answer_timer(struct server *, struct session *, int64_t now_ms);
/* Sees what has become of a session: its timer, or its end. */
void answer_settle(struct server *, struct session *);

#endif
