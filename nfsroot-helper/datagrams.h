/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_DATAGRAMS_H
#define NFSROOT_DATAGRAMS_H

#include "common/listen.h"
#include "nfsroot-helper/answer.h"
#include "nfsroot-helper/pool.h"
#include "nfsroot-helper/record.h"

/*
 * Calls by UDP: recvmsg, sendmsg.  A call that has to wait for the disk is
 * kept until a thread has been there; one that has to wait for a scan is not,
 * since the client asks again.
 *
 * The address that a datagram comes from may be forged, and a reply is longer
 * than a call: so only who may mount is answered at all.
 */
#define DATAGRAMS_TURN 64	/* calls, before others have their turn */
#define DATAGRAMS_KNOWN 256	/* askers that are remembered for a bit */
#define DATAGRAMS_KEPT 256	/* calls that wait for the disk */
#define DATAGRAMS_WAITS 64	/* of one call, before all wait with it */

typedef void datagrams_report(void *, const char *host,
    const struct sockaddr *, const struct answer *);

struct datagrams_call {
	int fd;			/* by which it is answered */
	struct datagram from;
	size_t len;
	unsigned waits;
	struct disk_want had;	/* what a thread has done for it last */
};

struct datagrams_kept {
	TAILQ_ENTRY(datagrams_kept) link;
	const struct job *job;
	struct datagrams_call call;
	uint8_t octets[];
};

struct datagrams {
	struct service *service;
	struct pool *pool;	/* NULL: the disk is waited for */
	datagrams_report *report;
	void *arg;
	struct datagrams_known {
		union address address;
		char host[ADDRESS_TEXT];
		struct asker asker;
	} known[DATAGRAMS_KNOWN];
	TAILQ_HEAD(datagrams_list, datagrams_kept) kept;
	size_t nkept;
	uint8_t in[RECORD_MAX], out[ANSWER_DATAGRAM];
};

void datagrams_init(struct datagrams *, struct service *, struct pool *,
    datagrams_report *, void *arg);

/* Answers what waits at the socket, at most a turn of it. */
void datagrams_serve(struct datagrams *, int fd, int64_t now);
/* The same for a socket of stray.h, with answers by that of port 111. */
void datagrams_serve_stray(struct datagrams *, int fd, int mapper,
    int64_t now);
/* Answers the call that this job was done for; its owner is the struct. */
void datagrams_resume(struct datagrams *, const struct job *, int64_t now);
void datagrams_free(struct datagrams *);

#endif
