/* SPDX-License-Identifier: ISC */
/* All transfers at once: their ports, and whose turn it is; holds poll. */
#include "tftpd/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/daemon.h"
#include "common/log.h"
#include "tftpd/answer.h"

#define TRIM_OCTETS CONTENT_RESIDENT_MAX	/* sent, to contents_trim */

void
server_open(struct server *server, int bootfd, struct seen *seen,
    size_t transfers_max)
{
	const int64_t now_ms = daemon_now_ms();

	memset(server, 0, sizeof(*server));
	server->watched = -1;
	server->bootfd = bootfd;
	server->seen = seen;
	server->transfers_max = transfers_max;
	server->active_ms = now_ms;
	peers_open(&server->peers);
	wheel_open(&server->wheel, now_ms);
	contents_open(&server->contents);
	inbox_open(&server->inbox);
	outbox_open(&server->outbox);
	STAILQ_INIT(&server->over);
}

/* Listeners are the first ports: they come before any transfer. */
int
server_listen(struct server *server, int fd)
{
	struct port *port;

	if (server->listeners == SERVER_LISTENERS_MAX) {
		errno = ENOSPC;
		return -1;
	}
	port = malloc(sizeof(*port));
	if (port == NULL)
		return -1;
	port_adopt(port, fd);
	server->port[server->ports++] = port;
	server->listeners++;
	return 0;
}

void
server_watch(struct server *server, int fd)
{
	server->watched = fd;
}

static struct port *
new_port(struct server *server, const struct datagram *way)
{
	struct port *port = malloc(sizeof(*port));

	if (port == NULL || port_open(port, way) == -1) {
		free(port);
		return NULL;
	}
	server->port[server->ports++] = port;
	return port;
}

/*
 * Those that there are take turns, so that a client's next transfer has
 * another port than its last one: RFC 1350 section 4.
 */
static struct port *
shared_port(struct server *server, const struct datagram *way, size_t *n)
{
	const size_t start = server->next_port;
	struct port *next = NULL;
	size_t i, at;

	*n = 0;
	for (i = 0; i < server->ports; i++) {
		at = (start + i) % server->ports;
		if (!port_suits(server->port[at], way))
			continue;
		if ((*n)++ > 0)
			continue;
		next = server->port[at];
		server->next_port = at + 1;
	}
	return next;
}

struct port *
server_port(struct server *server, struct port *asked,
    const struct datagram *way)
{
	struct port *shared, *port = NULL;
	size_t n;

	if (server->one_port)
		return asked;
	shared = shared_port(server, way, &n);
	if (n < SERVER_PORTS_EACH && server->ports < SERVER_PORTS_MAX)
		port = new_port(server, way);
	if (port != NULL || shared != NULL)
		return port != NULL ? port : shared;
	if (server->ports == SERVER_PORTS_MAX)
		errno = ENOBUFS;
	return NULL;
}

static void
close_port(struct server *server, size_t i)
{
	struct port *port = server->port[i];

	close(port->fd);
	for (server->ports--; i < server->ports; i++)
		server->port[i] = server->port[i + 1];
	if (server->outbox.port == port)
		server->outbox.port = NULL;
	free(port);
}

/*
 * The sessions of all that came are fetched into the processor's cache side by
 * side; one after the other, each would be waited for.
 */
static void
foresee(const struct server *server)
{
	const struct inbox *in = &server->inbox;
	const struct session *s;
	size_t i;

	for (i = 0; i < in->n; i++) {
		s = peers_find(&server->peers, &in->way[i].peer);
		if (s == NULL)
			continue;
		__builtin_prefetch(&s->port);
		__builtin_prefetch(&s->transfer.base);
		__builtin_prefetch(&s->transfer.wake_ms);
	}
}

/* All at once that waits for this port, up to a batch: then the others. */
static void
take_batch(struct server *server, struct port *port)
{
	struct inbox *in = &server->inbox;
	int64_t now_ms;
	size_t i;

	if (!port_receive(port, in))
		return;
	now_ms = daemon_now_ms();
	foresee(server);
	for (i = 0; i < in->n; i++)
		answer_datagram(server, port, &in->way[i], in->packet[i],
		    in->len[i], now_ms);
}

static void
flush(struct server *server)
{
	struct outbox *box = &server->outbox;
	struct session *s;

	outbox_flush(box, daemon_now_ms());
	while ((s = STAILQ_FIRST(&box->troubled)) != NULL) {
		STAILQ_REMOVE_HEAD(&box->troubled, trouble);
		s->is_troubled = false;
		answer_settle(server, s);
	}
	if (box->octets >= TRIM_OCTETS) {
		box->octets = 0;
		contents_trim(&server->contents);
	}
}

/* Only now, as nothing that waits to leave or to be heard names them. */
static void
bury(struct server *server)
{
	struct session *s;
	size_t i;

	while ((s = STAILQ_FIRST(&server->over)) != NULL) {
		STAILQ_REMOVE_HEAD(&server->over, over);
		session_free(s, &server->contents);
	}
	for (i = server->ports; i > server->listeners; i--)
		if (server->port[i - 1]->transfers == 0)
			close_port(server, i - 1);
}

static void
run_timers(struct server *server)
{
	const int64_t now_ms = daemon_now_ms();
	struct session *s;

	while ((s = wheel_turn(&server->wheel, now_ms)) != NULL)
		answer_timer(server, s, now_ms);
}

/* Until the next timer, at most as long as the caller wants. */
static int
wait_for(const struct server *server, int wait_ms)
{
	const int64_t left_ms = server->wheel.soonest_ms - daemon_now_ms();

	return left_ms <= 0 ? 0 : left_ms < wait_ms ? (int)left_ms : wait_ms;
}

/*
 * By poll(2), for there are few ports, and an epoll(7) that watches a socket
 * is called upon once more for each packet that leaves it (sock_wfree in
 * Linux's net/core/sock.c: there is room to write again).
 */
static int
await(const struct server *server, struct pollfd *fds, int wait_ms)
{
	size_t i;

	for (i = 0; i < server->ports; i++)
		fds[i] = (struct pollfd){ server->port[i]->fd, POLLIN, 0 };
	fds[i] = (struct pollfd){ server->watched, POLLIN, 0 };
	return poll(fds, server->ports + 1, wait_for(server, wait_ms));
}

bool
server_turn(struct server *server, int wait_ms)
{
	struct pollfd fds[SERVER_PORTS_MAX + 1];
	const size_t ports = server->ports;	/* a batch may bring more */
	bool some = await(server, fds, wait_ms) > 0;
	size_t i;

	for (i = 0; some && i < ports; i++) {
		if (fds[i].revents == 0)
			continue;
		take_batch(server, server->port[i]);
		flush(server);
	}
	run_timers(server);
	flush(server);
	bury(server);
	return some && fds[ports].revents != 0;
}

void
server_deafen(struct server *server)
{
	server->deaf = true;
	/* With one port for all, transfers under way still need it. */
	if (server->one_port)
		return;
	for (; server->listeners > 0; server->listeners--)
		close_port(server, 0);
}

void
server_close(struct server *server)
{
	struct session *s;

	while ((s = peers_first(&server->peers)) != NULL) {
		transfer_leave(&s->transfer);
		if (s->transfer.end == TRANSFER_ANEW) {
			s->transfer.end = TRANSFER_STOPPED;
			session_refuse(s, REFUSAL_STOPPED);
		}
		answer_settle(server, s);
	}
	bury(server);
	while (server->ports > 0)
		close_port(server, server->ports - 1);
	server->listeners = 0;
}
