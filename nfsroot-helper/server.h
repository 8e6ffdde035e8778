/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_SERVER_H
#define NFSROOT_SERVER_H

#include <stddef.h>

#include "common/seen.h"
#include "nfsroot-helper/answer.h"

/*
 * The connections: epoll, accept, recv, send, sendfile.  One thread; nobody
 * is waited for.  A peer that does not take its replies, or sends half a
 * call, costs its own buffers and nothing else.
 */
struct server;

struct server_options {
	struct service *service;
	struct seen *seen;
	int signals;		/* daemon_signals(): ends server_run() */
	size_t max_peers;	/* connections at a time */
};

/* NULL with errno. */
struct server *server_new(const struct server_options *);
/*
 * Takes a listening socket, one for datagrams, or one connection (inetd).
 * -1 with errno.
 */
int server_listen(struct server *, int fd);
int server_datagrams(struct server *, int fd);
/* And the sockets of reverse.h, and of stray.h with that of port 111. */
int server_reverse(struct server *, int fd);
int server_stray(struct server *, int fd, int mapper);
int server_adopt(struct server *, int fd);
/*
 * Serves until a signal comes, and then a bounded time for what is under way;
 * or until the last connection ends where there is nothing to listen on.
 * -1 with errno when epoll itself fails.
 */
int server_run(struct server *);
void server_free(struct server *);

#endif
