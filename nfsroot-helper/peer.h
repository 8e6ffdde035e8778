/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_PEER_H
#define NFSROOT_PEER_H

#include <sys/queue.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"
#include "nfsroot-helper/answer.h"
#include "nfsroot-helper/record.h"

/*
 * One connection: recv, send, sendfile.  Calls are answered in their order.
 * While replies wait for the peer, or a call waits for a scan, no more of its
 * calls are read; so a peer holds at most the octets of one read and one
 * batch of replies here, without the data of a long READ, and mostly none.
 */
#define PEER_READ 65536		/* octets that are received at once */
/* Replies are sent together up to PEER_BATCH octets and one more. */
#define PEER_BATCH 65536
/* What one peer may have sent to it before the next has its turn. */
#define PEER_TURN (4u << 20)
#define PEER_WAITS 64	/* for the disk, before all others wait with a call */
#define PEER_PATIENCE 6	/* scans, of any export, that a call waits for */

/* Buffers that all peers share, because only one has its turn. */
struct peer_scratch {
	uint8_t in[PEER_READ];
	uint8_t out[PEER_BATCH + ANSWER_MAX + RECORD_MARK];
};

struct peer {
	TAILQ_ENTRY(peer) active;	/* of all, by last progress */
	TAILQ_ENTRY(peer) queue;	/* ready for another turn */
	int fd;
	union address address;
	char host[ADDRESS_TEXT];
	struct asker asker;
	struct record record;

	uint8_t *calls;		/* received, not yet looked at */
	size_t calls_at, calls_len;
	uint8_t *waiting;	/* a whole record that waits for a scan */
	size_t waiting_len;
	unsigned patience;

	uint8_t *out;		/* replies that the peer does not take yet */
	size_t out_at, out_len;
	int file;		/* with the READ data behind them, or -1 */
	uint64_t file_at;
	size_t file_left, padding;

	bool queued, dead;	/* the server's */
	bool scanned;		/* what the call waits for was done */
	unsigned waits;		/* of the call for the disk */
	bool wants_disk;	/* what asker.had says is to be done for it */
	struct job *job;	/* that does it, the server's */
	uint32_t watched;	/* epoll events asked for */
	int64_t progress;	/* ms */
};

/* What a turn ended with. */
enum peer_state {
	PEER_IDLE,		/* wait for calls */
	PEER_BLOCKED,		/* wait until it takes its replies */
	PEER_WAITING,		/* wait for a scan or the disk */
	PEER_READY,		/* there is more to do at once */
	PEER_CLOSED		/* ended, by it or by us; *why says */
};

/* Called for each answer with an event. */
typedef void peer_report(void *, const char *host, const struct sockaddr *,
    const struct answer *);

struct peer_turn {
	struct service *service;
	struct peer_scratch *scratch;
	peer_report *report;
	void *arg;
	int64_t now;
	bool hurried;		/* there are threads to wait for the disk */
	const char *why;	/* for PEER_CLOSED; "" for an orderly end */
};

/* NULL with errno; the descriptor stays the caller's then. */
struct peer *peer_new(int fd, const union address *);
/* Does what can be done now. */
enum peer_state peer_work(struct peer *, struct peer_turn *);
/* Octets that are held here for it. */
size_t peer_held(const struct peer *);
/* In the middle of something, so that it may not stay silent for long? */
bool peer_is_busy(const struct peer *);
void peer_free(struct peer *);

#endif
