/* SPDX-License-Identifier: ISC */
/* All transfers at once: requests, timers, ends; holds epoll. */
#include "tftpd/server.h"

#include <sys/epoll.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/daemon.h"
#include "common/log.h"

#define EVENTS 64		/* taken from the kernel at once */
#define REQUEST_ROOM (2 * 1024 * 1024)	/* octets of waiting requests */
#define SCAN_MS 10		/* timers are this coarse, to scan seldom */
#define NAME_TEXT 256		/* of a file in the log, escaped */

static int
compare(const struct session *a, const struct session *b)
{
	const union address *p = &a->way.peer, *q = &b->way.peer;

	if (p->sa.sa_family != q->sa.sa_family)
		return p->sa.sa_family < q->sa.sa_family ? -1 : 1;
	/* Received from the kernel into zeros, so padding is equal. */
	return memcmp(p, q, address_length(&p->sa));
}

/* Not the _STATIC form: libbsd's leans on a __unused that it lacks. */
RB_PROTOTYPE(session_tree, session, by_peer, compare)
RB_GENERATE(session_tree, session, by_peer, compare)

static int
watch(struct server *server, int fd, void *owner)
{
	struct epoll_event event = {
		.events = EPOLLIN, .data = { .ptr = owner }
	};

	return epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event);
}

int
server_open(struct server *server, int bootfd, struct seen *seen,
    size_t transfers_max)
{
	memset(server, 0, sizeof(*server));
	RB_INIT(&server->sessions);
	server->bootfd = bootfd;
	server->seen = seen;
	server->transfers_max = transfers_max;
	server->active_ms = server->scanned_ms = daemon_now_ms();
	server->wake_ms = INT64_MAX;
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	return server->epoll == -1 ? -1 : 0;
}

/*
 * Room for a thousand machines that are switched on at once: the default
 * holds some 200 requests, and one that is lost costs its client seconds.
 * Without root, the kernel gives at most net.core.rmem_max.
 */
static void
make_room(int fd)
{
	const int octets = REQUEST_ROOM;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &octets,
	    sizeof(octets)) == -1)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &octets,
		    sizeof(octets));
}

/* A listener's owner is the server, the watched descriptor's is nobody. */
int
server_listen(struct server *server, int fd)
{
	if (server->listeners == SERVER_LISTENERS_MAX) {
		errno = ENOSPC;
		return -1;
	}
	make_room(fd);
	server->listener[server->listeners++] = fd;
	return watch(server, fd, server);
}

int
server_watch(struct server *server, int fd)
{
	return watch(server, fd, NULL);
}

static void
schedule(struct server *server, const struct session *s)
{
	if (s->transfer.wake_ms < server->wake_ms)
		server->wake_ms = s->transfer.wake_ms;
}

/* How the end of a transfer reads in the log. */
static void
log_end(const struct session *s, const char *client, const char *file,
    int64_t took_ms)
{
	const struct transfer *t = &s->transfer;

	switch (t->end) {
	case TRANSFER_SENT:
	case TRANSFER_SENT_NO_LAST_ACK:
		log_info("sent client=%s file=%s bytes=%ju ms=%jd blksize=%u "
		    "windowsize=%u resent=%ju%s", client, file,
		    (uintmax_t)t->size, (intmax_t)took_ms, t->blksize,
		    t->windowsize, (uintmax_t)t->resent,
		    t->end == TRANSFER_SENT ? "" : " last-ack=none");
		break;
	case TRANSFER_PROBED:
		log_debug("%s client=%s file=%s code=%u",
		    s->agreement.accepted[TFTP_TSIZE] ? "size probe" :
		    "given up by the client at once", client, file, t->error);
		break;
	default:
		log_info("broke client=%s file=%s why=%s code=%u bytes=%ju "
		    "of=%ju ms=%jd resent=%ju", client, file,
		    transfer_end_name(t->end), t->error,
		    (uintmax_t)transfer_acked(t), (uintmax_t)t->size,
		    (intmax_t)took_ms, (uintmax_t)t->resent);
	}
}

/* And in seen/, for mkboot and the status page. */
static void
record_end(struct server *server, const struct session *s, const char *file,
    int64_t took_ms)
{
	const struct transfer *t = &s->transfer;

	if (!s->known || t->end == TRANSFER_PROBED)
		return;
	if (t->end == TRANSFER_SENT || t->end == TRANSFER_SENT_NO_LAST_ACK)
		seen_event(server->seen, &s->who, "sent", "file=%s bytes=%ju "
		    "ms=%jd blksize=%u windowsize=%u resent=%ju%s", file,
		    (uintmax_t)t->size, (intmax_t)took_ms, t->blksize,
		    t->windowsize, (uintmax_t)t->resent,
		    t->end == TRANSFER_SENT ? "" : " last-ack=none");
	else
		seen_event(server->seen, &s->who, "broke", "file=%s why=%s "
		    "code=%u bytes=%ju of=%ju ms=%jd resent=%ju", file,
		    transfer_end_name(t->end), t->error,
		    (uintmax_t)transfer_acked(t), (uintmax_t)t->size,
		    (intmax_t)took_ms, (uintmax_t)t->resent);
}

static void
finish(struct server *server, struct session *s)
{
	char client[ADDRESS_TEXT], file[NAME_TEXT];
	/* Up to the client's last word: our patience is not its time. */
	const int64_t took_ms = s->transfer.heard_ms - s->transfer.started_ms;

	address_format(&s->way.peer.sa, client);
	log_escape(file, sizeof(file), s->path, strlen(s->path));
	log_end(s, client, file, took_ms);
	record_end(server, s, file, took_ms);
	RB_REMOVE(session_tree, &server->sessions, s);
	server->transfers--;
	server->active_ms = daemon_now_ms();
	session_free(s);
}

/* After each event of a session: note its timer, or its end. */
static void
settle(struct server *server, struct session *s)
{
	if (s->transfer.end != TRANSFER_RUNNING)
		finish(server, s);
	else
		schedule(server, s);
}

/* The transfer begins: its first packet goes out. */
static int
begin(struct server *server, struct session *s, int64_t now_ms)
{
	struct transfer_run run;

	if (watch(server, s->socket, s) == -1) {
		session_free(s);
		return -1;
	}
	RB_INSERT(session_tree, &server->sessions, s);
	server->transfers++;
	run = transfer_start(&s->transfer, &s->agreement, now_ms);
	session_send(s, &run, server->buffer, now_ms);
	settle(server, s);
	return 0;
}

static enum refusal
grant(struct server *server, const struct request *request,
    const struct datagram *way, const struct mac *who, int64_t now_ms)
{
	struct found found;
	struct session *s;
	enum refusal refusal;

	if (server->transfers >= server->transfers_max)
		return REFUSAL_BUSY;
	refusal = find_file(server->bootfd, request->file, who, &found);
	if (refusal != REFUSAL_NONE)
		return refusal;
	s = session_new(way, request, &found, who);
	if (s == NULL || begin(server, s, now_ms) == -1) {
		log_warn("start a transfer: %s", strerror(errno));
		return REFUSAL_SYSTEM;
	}
	return REFUSAL_NONE;
}

static void
refuse(struct server *server, int listener, const struct request *request,
    const struct datagram *way, const struct mac *who, enum refusal refusal)
{
	char client[ADDRESS_TEXT], file[NAME_TEXT];

	address_format(&way->peer.sa, client);
	if (refusal == REFUSAL_NOT_A_REQUEST) {
		log_debug("ignored client=%s why=not-a-request", client);
		return;
	}
	log_escape(file, sizeof(file), request->file, strlen(request->file));
	log_info("refused client=%s file=%s why=%s", client, file,
	    refusal_name(refusal));
	if (who != NULL)
		seen_event(server->seen, who, "refused", "file=%s why=%s",
		    file, refusal_name(refusal));
	session_refuse_request(listener, way, refusal, request->file);
}

/*
 * A client that asks from the port of a transfer under way: once more, which
 * joins it, or for something else, which ends it.  True when it joined.
 */
static bool
join(struct server *server, const struct request *request,
    const struct datagram *way, int64_t now_ms)
{
	struct session key = { .way = *way }, *s;
	struct transfer_run run;

	s = RB_FIND(session_tree, &server->sessions, &key);
	if (s == NULL)
		return false;
	if (request_same(&s->request, request)) {
		run = transfer_asked_again(&s->transfer, now_ms);
		session_send(s, &run, server->buffer, now_ms);
	} else {
		transfer_leave(&s->transfer);
	}
	if (s->transfer.end == TRANSFER_RUNNING) {
		schedule(server, s);
		return true;
	}
	finish(server, s);
	return false;
}

static void
take_request(struct server *server, int listener, const uint8_t *packet,
    size_t len, const struct datagram *way)
{
	const int64_t now_ms = daemon_now_ms();
	struct request request;
	struct mac mac;
	const struct mac *who = NULL;
	enum refusal refusal;

	refusal = request_parse(&request, packet, len);
	if (refusal != REFUSAL_NOT_A_REQUEST) {
		server->active_ms = now_ms;
		if (join(server, &request, way, now_ms))
			return;
		if (seen_whose(server->seen, &way->peer.sa, &mac))
			who = &mac;
	}
	if (refusal == REFUSAL_NONE)
		refusal = grant(server, &request, way, who, now_ms);
	if (refusal != REFUSAL_NONE)
		refuse(server, listener, &request, way, who, refusal);
}

/* A bounded number from each socket, so that transfers get their turn. */
static void
take_requests(struct server *server)
{
	uint8_t packet[TFTP_REQUEST_MAX + 1];
	struct datagram way;
	ssize_t len;
	size_t i, n;

	for (i = 0; i < server->listeners; i++)
		for (n = 0; n < EVENTS; n++) {
			len = datagram_receive(server->listener[i], packet,
			    sizeof(packet), &way);
			if (len == -1)
				break;
			take_request(server, server->listener[i], packet,
			    (size_t)len, &way);
		}
}

static void
run_timers(struct server *server)
{
	struct session *s, *next;
	struct transfer_run run;
	const int64_t now_ms = daemon_now_ms();

	if (now_ms < server->wake_ms || now_ms < server->scanned_ms + SCAN_MS)
		return;
	server->scanned_ms = now_ms;
	server->wake_ms = INT64_MAX;
	RB_FOREACH_SAFE(s, session_tree, &server->sessions, next) {
		run = transfer_timer(&s->transfer, now_ms);
		session_send(s, &run, server->buffer, now_ms);
		settle(server, s);
	}
}

/* Until the next timer, at most as long as the caller wants. */
static int
wait_for(const struct server *server, int wait_ms)
{
	int64_t due_ms = server->wake_ms, now_ms = daemon_now_ms();

	if (due_ms < server->scanned_ms + SCAN_MS)
		due_ms = server->scanned_ms + SCAN_MS;
	if (due_ms <= now_ms)
		return 0;
	return due_ms - now_ms < wait_ms ? (int)(due_ms - now_ms) : wait_ms;
}

bool
server_turn(struct server *server, int wait_ms)
{
	struct epoll_event event[EVENTS];
	bool requested = false, watched = false;
	int i, n;

	n = epoll_wait(server->epoll, event, EVENTS,
	    wait_for(server, wait_ms));
	/* Requests last: they may end a session that has an event here. */
	for (i = 0; i < n; i++) {
		if (event[i].data.ptr == NULL)
			watched = true;
		else if (event[i].data.ptr == server)
			requested = true;
		else if (session_receive(event[i].data.ptr, server->buffer,
		    daemon_now_ms()))
			settle(server, event[i].data.ptr);
	}
	if (requested)
		take_requests(server);
	run_timers(server);
	return watched;
}

void
server_deafen(struct server *server)
{
	while (server->listeners > 0)
		close(server->listener[--server->listeners]);
}

void
server_close(struct server *server)
{
	struct session *s, *next;

	server_deafen(server);
	RB_FOREACH_SAFE(s, session_tree, &server->sessions, next) {
		transfer_leave(&s->transfer);
		if (s->transfer.end == TRANSFER_ANEW) {
			s->transfer.end = TRANSFER_STOPPED;
			session_refuse(s, REFUSAL_STOPPED);
		}
		finish(server, s);
	}
	close(server->epoll);
}
