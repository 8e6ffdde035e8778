/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_SERVER_H
#define TFTPD_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/seen.h"
#include "tftpd/content.h"
#include "tftpd/outbox.h"
#include "tftpd/peers.h"
#include "tftpd/port.h"
#include "tftpd/wheel.h"

#define SERVER_LISTENERS_MAX 8
#define SERVER_PORTS_MAX 64	/* with the listeners */
#define SERVER_PORTS_EACH 4	/* for transfers, on each address of ours */
#define SERVER_TRANSFERS_MAX 4096	/* at once; about 2 kB each */

STAILQ_HEAD(session_over, session);

struct server {
	int bootfd;
	struct seen *seen;
	bool any_case;		/* names, for who shouts them */
	bool one_port;		/* transfers go by the port that was asked */
	bool deaf;		/* no new requests */
	int watched;		/* for the caller, or -1 */
	struct port *port[SERVER_PORTS_MAX];
	size_t ports, listeners;
	size_t next_port;	/* of those for transfers, in turn */
	struct peers peers;	/* the transfers under way */
	size_t transfers_max;	/* beyond, an ERROR says so */
	struct wheel wheel;
	struct contents contents;
	struct session_over over;	/* to be freed when the turn is over */
	int64_t active_ms;	/* last request, or end of a transfer */
	struct inbox inbox;
	struct outbox outbox;
};

/*
 * `transfers_max' is at most SERVER_TRANSFERS_MAX.
 * any_case and one_port may be set afterwards, before it listens.
 */
void server_open(struct server *, int bootfd, struct seen *,
    size_t transfers_max);
/* Serves the requests that come by this socket; -1 with errno. */
int server_listen(struct server *, int fd);
/* Makes server_turn() return true once this descriptor can be read. */
void server_watch(struct server *, int fd);
/*
 * Waits for packets or a timer, `wait_ms' at the most, and serves them.  True
 * when the watched descriptor can be read.
 */
bool server_turn(struct server *, int wait_ms);
/*
 * A port for a transfer to this client: a new one, or where there are many
 * already, one that it shares.  NULL with errno.
 */
struct port *server_port(struct server *, struct port *asked,
    const struct datagram *);
/* No new requests from now on. */
void server_deafen(struct server *);
/* Ends what is still under way. */
void server_close(struct server *);

#endif
