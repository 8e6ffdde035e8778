/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_DATAGRAMS_H
#define NFSROOT_DATAGRAMS_H

#include "common/address.h"
#include "nfsroot-helper/answer.h"
#include "nfsroot-helper/record.h"

/*
 * Calls by UDP: recvmsg, sendmsg.  A call is a datagram and has no state; a
 * reply that would have to wait is not sent, since the client asks again.
 *
 * The address that a datagram comes from may be forged, and a reply is longer
 * than a call: so only who may mount is answered at all.
 */
#define DATAGRAMS_TURN 64	/* calls, before others have their turn */
#define DATAGRAMS_KNOWN 256	/* askers that are remembered for a bit */

typedef void datagrams_report(void *, const char *host,
    const struct sockaddr *, const struct answer *);

struct datagrams {
	struct service *service;
	datagrams_report *report;
	void *arg;
	struct datagrams_known {
		union address address;
		char host[ADDRESS_TEXT];
		struct asker asker;
	} known[DATAGRAMS_KNOWN];
	uint8_t in[RECORD_MAX], out[ANSWER_DATAGRAM];
};

/* Answers what waits at the socket, at most a turn of it. */
void datagrams_serve(struct datagrams *, int fd, int64_t now);
/* The same for a socket of stray.h, with answers by that of port 111. */
void datagrams_serve_stray(struct datagrams *, int fd, int mapper,
    int64_t now);

#endif
