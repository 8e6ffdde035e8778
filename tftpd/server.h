/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_SERVER_H
#define TFTPD_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/seen.h"
#include "tftpd/session.h"

#define SERVER_LISTENERS_MAX 8
#define SERVER_TRANSFERS_MAX 4096	/* at once; about 2 kB each */

RB_HEAD(session_tree, session);

struct server {
	int bootfd;
	struct seen *seen;
	int epoll;
	int listener[SERVER_LISTENERS_MAX];
	size_t listeners;
	struct session_tree sessions;	/* by the client's address and port */
	size_t transfers;		/* under way */
	size_t transfers_max;		/* beyond, an ERROR says so */
	int64_t active_ms;		/* last request, or end of a transfer */
	int64_t scanned_ms;		/* when timers were last looked at */
	int64_t wake_ms;		/* when they must be again */
	uint8_t buffer[SESSION_BUFFER];
};

/* 0, or -1 with errno.  `transfers_max' is at most SERVER_TRANSFERS_MAX. */
int server_open(struct server *, int bootfd, struct seen *,
    size_t transfers_max);
/* Serves the requests that come by this socket; -1 with errno. */
int server_listen(struct server *, int fd);
/* Makes server_turn() return true once this descriptor can be read. */
int server_watch(struct server *, int fd);
/*
 * Waits for packets or a timer, `wait_ms' at the most, and serves them.  True
 * when the watched descriptor can be read.
 */
bool server_turn(struct server *, int wait_ms);
/* No new requests from now on: the listening sockets are closed. */
void server_deafen(struct server *);
/* Ends what is still under way. */
void server_close(struct server *);

#endif
