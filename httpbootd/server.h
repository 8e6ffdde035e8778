/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_SERVER_H
#define HTTPBOOTD_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/seen.h"

/*
 * HTTP by libmicrohttpd: connections go in by server_add(), requests are
 * answered from pub/ and recorded.  One thread; the caller polls server_fd()
 * for input and then calls server_run().
 */
struct server;

struct server_config {
	int bootfd;
	struct seen *seen;
	unsigned connections;	/* at most so many at once */
	unsigned each;		/* from one address */
	bool verbose;		/* log each request and connection */
	char *certificate, *key;	/* HTTPS: PEM; NULL: HTTP */
};

/*
 * Descriptors beyond one for each connection: so many files and, for all else,
 * the rest.  Files are mostly shared.  When each client has one of its own,
 * files take the place of connections; past that the answer is 503.
 */
#define SERVER_FDS 128
#define SERVER_FILES 64

/* Can HTTPS be had from the libmicrohttpd that is here? */
bool server_knows_tls(void);
/* NULL with errno. */
struct server *server_start(const struct server_config *);
/* Closes what is left, finished or not. */
void server_stop(struct server *);

int server_fd(const struct server *);
/* When server_run() is due without input: milliseconds; -1: never. */
int server_timeout(const struct server *);
void server_run(struct server *);

/*
 * Takes a connected, non-blocking socket over, and closes it in the end; at
 * once, with false, where there is no room even for an answer that says so.
 */
bool server_add(struct server *, int fd, const struct sockaddr *, socklen_t);
size_t server_connections(const struct server *);
/* Requests that have begun and not ended. */
size_t server_transfers(const struct server *);
/* From now on each connection closes after its answer. */
void server_drain(struct server *);

#endif
