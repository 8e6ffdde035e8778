/* SPDX-License-Identifier: ISC */
/* What a datagram or a timer brings about: a transfer begins, goes on, ends. */
#include "tftpd/answer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "tftpd/find.h"
#include "tftpd/record.h"

/*
 * The file as it was when it was asked for, or an ERROR: never half of one
 * and half of another.  Looked at when the last blocks are about to leave.
 */
static void
put(struct server *server, struct session *s, const struct transfer_run *run,
    int64_t now_ms)
{
	if (transfer_is_end(&s->transfer, run) &&
	    content_changed(s->content))
		s->transfer.end = TRANSFER_CHANGED;
	else
		outbox_put(&server->outbox, s, run, now_ms);
}

static void
finish(struct server *server, struct session *s)
{
	if (s->transfer.end == TRANSFER_UNREADABLE)
		session_refuse(s, REFUSAL_BROKE);
	else if (s->transfer.end == TRANSFER_CHANGED)
		session_refuse(s, REFUSAL_CHANGED);
	record_end(server->seen, s);
	peers_remove(&server->peers, s);
	wheel_remove(&server->wheel, s);
	port_part(s->port, &s->way.peer);
	s->is_over = true;
	STAILQ_INSERT_TAIL(&server->over, s, over);
	server->active_ms = s->transfer.heard_ms;
}

void
answer_settle(struct server *server, struct session *s)
{
	if (s->is_over)
		return;
	if (s->transfer.end != TRANSFER_RUNNING)
		finish(server, s);
	else
		wheel_put(&server->wheel, s);
}

void
answer_timer(struct server *server, struct session *s, int64_t now_ms)
{
	const struct transfer_run run = transfer_timer(&s->transfer, now_ms);

	put(server, s, &run, now_ms);
	answer_settle(server, s);
}

static struct content *
open_content(struct server *server, const struct request *request,
    const struct found *found)
{
	if (found->is_seed)
		return content_seed(&server->contents);
	return content_open(&server->contents, found->fd, &found->st,
	    request->netascii);
}

static enum refusal
refusal_of_errno(void)
{
	if (errno == EFBIG)
		return REFUSAL_TEXT_SIZE;
	if (errno == ENOBUFS)
		return REFUSAL_BUSY;
	log_warn("start a transfer: %s", strerror(errno));
	return REFUSAL_SYSTEM;
}

/* The transfer begins: its first packet goes out. */
static enum refusal
begin(struct server *server, struct port *asked,
    const struct request *request, const struct datagram *way,
    const struct mac *who, const struct found *found, int64_t now_ms)
{
	struct content *content = open_content(server, request, found);
	struct port *port = NULL;
	struct session *s = NULL;
	struct transfer_run run;
	enum refusal refusal;

	if (content != NULL)
		port = server_port(server, asked, way);
	if (port != NULL)
		s = session_new(way, request, port, content, found->path, who);
	if (s == NULL) {
		refusal = refusal_of_errno();
		if (content != NULL)
			content_close(&server->contents, content);
		return refusal;
	}
	peers_add(&server->peers, s);
	run = transfer_start(&s->transfer, &s->agreement, now_ms);
	put(server, s, &run, now_ms);
	answer_settle(server, s);
	return REFUSAL_NONE;
}

static enum refusal
grant(struct server *server, struct port *asked,
    const struct request *request, const struct datagram *way,
    const struct mac *who, int64_t now_ms)
{
	struct found found;
	enum refusal refusal;

	if (server->deaf)
		return REFUSAL_STOPPED;
	if (server->peers.n >= server->transfers_max)
		return REFUSAL_BUSY;
	refusal = find_file(server->bootfd, request->file, who,
	    server->any_case, &found);
	if (refusal != REFUSAL_NONE)
		return refusal;
	return begin(server, asked, request, way, who, &found, now_ms);
}

/* The ERROR comes from a transfer's port, as if one were to begin. */
static void
refuse(struct server *server, struct port *asked,
    const struct request *request, const struct datagram *way,
    const struct mac *who, enum refusal refusal)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct port *port;
	struct wire_out w;

	if (refusal == REFUSAL_NOT_A_REQUEST) {
		log_debug("ignored why=not-a-request");
		return;
	}
	record_refusal(server->seen, way, request->file, who, refusal);
	wire_out_init(&w, packet, sizeof(packet));
	refusal_put(&w, refusal, request->file);
	port = server_port(server, asked, way);
	port_send(port == NULL ? asked : port, way, &w);
}

/*
 * A client that asks from the port of a transfer under way: once more, which
 * joins it, or for something else, which ends it.  True when it joined.
 */
static bool
join(struct server *server, struct session *s, const struct request *request,
    int64_t now_ms)
{
	struct transfer_run run;

	if (request_same(&s->request, request)) {
		run = transfer_asked_again(&s->transfer, now_ms);
		put(server, s, &run, now_ms);
	} else {
		transfer_leave(&s->transfer);
	}
	answer_settle(server, s);
	return s->transfer.end == TRANSFER_RUNNING;
}

static void
take_request(struct server *server, struct port *asked, struct session *s,
    const struct datagram *way, const uint8_t *packet, size_t len,
    int64_t now_ms)
{
	struct request request;
	struct mac mac;
	const struct mac *who = NULL;
	enum refusal refusal;

	refusal = request_parse(&request, packet, len);
	if (refusal != REFUSAL_NOT_A_REQUEST) {
		server->active_ms = now_ms;
		if (s != NULL && join(server, s, &request, now_ms))
			return;
		if (seen_whose(server->seen, &way->peer.sa, &mac))
			who = &mac;
	}
	if (refusal == REFUSAL_NONE)
		refusal = grant(server, asked, &request, way, who, now_ms);
	if (refusal != REFUSAL_NONE)
		refuse(server, asked, &request, way, who, refusal);
}

/* RFC 1350 section 4.  An ERROR gets none back: that could go on for ever. */
static void
answer_stranger(struct port *port, const struct datagram *way,
    uint16_t opcode)
{
	uint8_t answer[REFUSAL_PACKET_MAX];
	char text[ADDRESS_TEXT];
	struct wire_out out;

	if (opcode == TFTP_ERROR || port_parted(port, &way->peer))
		return;
	log_debug("stranger on a transfer's port: client=%s",
	    address_format(&way->peer.sa, text));
	wire_out_init(&out, answer, sizeof(answer));
	refusal_put(&out, REFUSAL_STRANGER, NULL);
	port_send(port, way, &out);
}

void
answer_datagram(struct server *server, struct port *port,
    const struct datagram *way, const uint8_t *packet, size_t len,
    int64_t now_ms)
{
	struct session *s = peers_find(&server->peers, &way->peer);
	struct transfer_run run;
	struct wire_in in;
	uint16_t opcode;

	wire_in_init(&in, packet, len);
	opcode = wire_get_n16(&in);
	if (port->listens && (!server->one_port || opcode == TFTP_RRQ ||
	    opcode == TFTP_WRQ)) {
		take_request(server, port, s, way, packet, len, now_ms);
	} else if (s == NULL || s->port != port) {
		if (!in.bad)
			answer_stranger(port, way, opcode);
	} else {
		run = transfer_packet(&s->transfer, packet, len, now_ms);
		put(server, s, &run, now_ms);
		answer_settle(server, s);
	}
}
