/* SPDX-License-Identifier: ISC */
/* One connection: recv, send, sendfile, and the calls in between. */
#include "nfsroot-helper/peer.h"

#include <sys/sendfile.h>
#include <sys/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A reply with data that need not be kept is always the last of a batch. */
_Static_assert(ANSWER_KEEP >= PEER_BATCH, "see serve()");

/* Ours, where that is IPv4. */
static struct in_addr
local_address(int fd)
{
	union address here = { .storage = { 0 } };
	socklen_t len = sizeof(here);
	char text[ADDRESS_TEXT];

	if (getsockname(fd, &here.sa, &len) == -1 || !address_parse(
	    address_format(&here.sa, text), 0, &here) ||
	    here.sa.sa_family != AF_INET)
		return (struct in_addr){ 0 };
	return here.in.sin_addr;
}

struct peer *
peer_new(int fd, const union address *address)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	p->fd = fd;
	p->file = -1;
	p->address = *address;
	address_format(&address->sa, p->host);
	p->asker.host = p->host;
	p->asker.address = &p->address.sa;
	p->asker.local = local_address(fd);
	record_init(&p->record);
	return p;
}

void
peer_free(struct peer *p)
{
	record_free(&p->record);
	free(p->calls);
	free(p->waiting);
	free(p->out);
	if (p->file != -1)
		close(p->file);
	if (p->fd != -1)
		close(p->fd);
	free(p);
}

size_t
peer_held(const struct peer *p)
{
	return p->record.size + p->calls_len + p->waiting_len + p->out_len;
}

bool
peer_is_busy(const struct peer *p)
{
	return record_begun(&p->record) || p->out != NULL ||
	    p->file_left + p->padding > 0;
}

static enum peer_state
end(struct peer_turn *t, const char *why)
{
	t->why = why;
	return PEER_CLOSED;
}

/* A send that failed: later, or never. */
static enum peer_state
send_failed(struct peer_turn *t)
{
	if (errno == EAGAIN || errno == EINTR)
		return PEER_BLOCKED;
	return end(t, errno == EPIPE || errno == ECONNRESET ? "" :
	    strerror(errno));
}

/* Sends what it can of `data'; *sent of it. */
static enum peer_state
send_octets(struct peer *p, struct peer_turn *t, const uint8_t *data,
    size_t len, bool more, size_t *sent)
{
	ssize_t n;

	for (*sent = 0; *sent < len; *sent += (size_t)n) {
		n = send(p->fd, data + *sent, len - *sent,
		    MSG_NOSIGNAL | (more ? MSG_MORE : 0));
		if (n == -1)
			return send_failed(t);
		p->progress = t->now;
	}
	return PEER_IDLE;
}

/*
 * The rest of a READ, without a copy.  Its length is promised already: when
 * the file was cut short since, the connection ends, and the client, which
 * asks again on a new one, hears the truth.
 */
static enum peer_state
send_file(struct peer *p, struct peer_turn *t, int fd)
{
	off_t at;
	ssize_t n;

	while (p->file_left > 0) {
		at = (off_t)p->file_at;
		n = sendfile(p->fd, fd, &at, p->file_left);
		if (n == 0)
			return end(t, "a file was cut short while it was sent");
		if (n == -1)
			return send_failed(t);
		p->file_at += (uint64_t)n;
		p->file_left -= (size_t)n;
		p->progress = t->now;
	}
	return PEER_IDLE;
}

static enum peer_state
send_padding(struct peer *p, struct peer_turn *t)
{
	static const uint8_t zeros[4];
	enum peer_state state;
	size_t sent;

	state = send_octets(p, t, zeros, p->padding, false, &sent);
	p->padding -= sent;
	return state;
}

/* What the peer has not taken at the last turn. */
static enum peer_state
send_held(struct peer *p, struct peer_turn *t)
{
	enum peer_state state;
	size_t sent;

	state = send_octets(p, t, p->out + p->out_at, p->out_len - p->out_at,
	    p->file_left > 0, &sent);
	p->out_at += sent;
	if (state != PEER_IDLE)
		return state;
	free(p->out);
	p->out = NULL;
	p->out_at = p->out_len = 0;
	if ((state = send_file(p, t, p->file)) != PEER_IDLE ||
	    (state = send_padding(p, t)) != PEER_IDLE)
		return state;
	if (p->file != -1)
		close(p->file);
	p->file = -1;
	return PEER_IDLE;
}

/*
 * Of what could not be sent, the data of a long READ are not kept: they come
 * from the file when the peer is ready, through a descriptor of our own.
 */
static void
hold_data(struct peer *p, const struct answer *a, size_t *len)
{
	const size_t padding = xdr_padding(a->length),
	    data = a->length + padding;
	size_t rest = *len < data ? *len : data;

	*len -= rest;
	p->padding = rest < padding ? rest : padding;
	p->file_left = rest - p->padding;
	p->file_at = a->offset + a->length - p->file_left;
}

static enum peer_state
hold(struct peer *p, struct peer_turn *t, const uint8_t *rest, size_t len,
    const struct answer *a)
{
	if (a->length > 0)
		hold_data(p, a, &len);
	if (len > 0 && (p->out = malloc(len)) == NULL)
		return end(t, strerror(errno));
	if (len > 0)
		memcpy(p->out, rest, len);
	p->out_len = len;
	if (p->file_left > 0 &&
	    (p->file = fcntl(a->file, F_DUPFD_CLOEXEC, 0)) == -1)
		return end(t, strerror(errno));
	return PEER_BLOCKED;
}

/* Sends a batch of replies, of which `a' is the last. */
static enum peer_state
flush(struct peer *p, struct peer_turn *t, struct wire_out *out,
    const struct answer *a)
{
	enum peer_state state;
	size_t sent;

	state = send_octets(p, t, out->start, out->len, false, &sent);
	if (state == PEER_BLOCKED)
		state = hold(p, t, out->start + sent, out->len - sent, a);
	out->len = 0;
	return state;
}

/* A copy of the call that has to wait. */
static enum peer_state
wait_for_more(struct peer *p, struct peer_turn *t, const uint8_t *data,
    size_t len)
{
	uint8_t *copy = malloc(len);

	if (copy == NULL)
		return end(t, strerror(errno));
	memcpy(copy, data, len);
	p->wants_disk = t->service->tree.disk.want.kind != DISK_NOTHING;
	if (p->wants_disk) {
		p->asker.had = t->service->tree.disk.want;
		p->waits++;
	}
	free(p->waiting);
	p->waiting = copy;
	p->waiting_len = len;
	return PEER_WAITING;
}

/* Answers one call into the batch, behind its mark. */
static enum peer_state
answer_one(struct peer *p, struct peer_turn *t, const uint8_t *data,
    size_t len, struct wire_out *out, struct answer *a)
{
	const size_t start = out->len;

	p->asker.hurried = t->hurried && p->waits < PEER_WAITS;
	wire_put_zeros(out, RECORD_MARK);
	answer_call(t->service, &p->asker, data, len, p->patience, out, a);
	if (a->event != EVENT_NONE)
		t->report(t->arg, p->host, &p->address.sa, a);
	if (a->kind != ANSWER_REPLY)
		out->len = start;
	if (a->kind == ANSWER_SILENCE)
		return PEER_IDLE;
	if (a->kind == ANSWER_NONE)
		return end(t, "what it sent is no RPC call");
	if (a->kind == ANSWER_WAIT)
		return PEER_WAITING;
	record_put_mark(out->start + start, out->len - start - RECORD_MARK);
	return PEER_IDLE;
}

/* Answers a call, and sends the batch when it is full. */
static enum peer_state
serve(struct peer *p, struct peer_turn *t, const uint8_t *data, size_t len,
    struct wire_out *out, size_t *spent)
{
	const size_t before = out->len;
	enum peer_state state, flushed;
	struct answer a;

	state = answer_one(p, t, data, len, out, &a);
	if (state == PEER_WAITING) {
		a.length = 0;
		flushed = flush(p, t, out, &a);
		state = wait_for_more(p, t, data, len);
		return flushed == PEER_CLOSED ? flushed : state;
	}
	if (state != PEER_IDLE)
		return state;
	*spent += out->len - before;
	return out->len > PEER_BATCH ? flush(p, t, out, &a) : PEER_IDLE;
}

static enum peer_state
record_trouble(struct peer_turn *t, enum record_state state)
{
	return end(t, state == RECORD_TOO_LONG ?
	    "a record of more than 65536 octets" : strerror(ENOMEM));
}

/* Serves calls until they end, the peer blocks, or its turn is over. */
static enum peer_state
serve_all(struct peer *p, struct peer_turn *t, struct wire_in *in)
{
	static const struct answer nothing;
	enum record_state record = RECORD_MORE;
	enum peer_state state = PEER_IDLE;
	struct wire_out out;
	const uint8_t *data;
	size_t len, spent = 0;

	wire_out_init(&out, t->scratch->out, sizeof(t->scratch->out));
	while (state == PEER_IDLE && spent < PEER_TURN) {
		record = record_feed(&p->record, in, &data, &len);
		if (record != RECORD_WHOLE)
			break;
		p->patience = PEER_PATIENCE;
		p->waits = 0;
		p->asker.had.kind = DISK_NOTHING;
		state = serve(p, t, data, len, &out, &spent);
	}
	if (out.len > 0 && state == PEER_IDLE)
		state = flush(p, t, &out, &nothing);
	if (state == PEER_IDLE && record != RECORD_MORE &&
	    record != RECORD_WHOLE)
		state = record_trouble(t, record);
	if (state == PEER_IDLE && in->left > 0)
		state = PEER_READY;
	record_trim(&p->record);
	return state;
}

/* Keeps calls for a later turn. */
static enum peer_state
keep_calls(struct peer *p, struct peer_turn *t, const struct wire_in *in,
    enum peer_state state)
{
	if (in->left == 0 || state == PEER_CLOSED)
		return state;
	if ((p->calls = malloc(in->left)) == NULL)
		return end(t, strerror(errno));
	memcpy(p->calls, in->pos, in->left);
	p->calls_len = in->left;
	p->calls_at = 0;
	return state;
}

static enum peer_state
serve_kept(struct peer *p, struct peer_turn *t)
{
	enum peer_state state;
	struct wire_in in;

	wire_in_init(&in, p->calls + p->calls_at, p->calls_len - p->calls_at);
	state = serve_all(p, t, &in);
	p->calls_at = p->calls_len - in.left;
	if (in.left == 0) {
		free(p->calls);
		p->calls = NULL;
		p->calls_at = p->calls_len = 0;
	}
	return state;
}

static enum peer_state
serve_new(struct peer *p, struct peer_turn *t)
{
	struct wire_in in;
	ssize_t n;

	n = recv(p->fd, t->scratch->in, sizeof(t->scratch->in), 0);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return PEER_IDLE;
	if (n <= 0)
		return end(t, n == 0 || errno == ECONNRESET ? "" :
		    strerror(errno));
	p->progress = t->now;
	wire_in_init(&in, t->scratch->in, (size_t)n);
	return keep_calls(p, t, &in, serve_all(p, t, &in));
}

/* The call that waited, once more. */
static enum peer_state
serve_waiting(struct peer *p, struct peer_turn *t)
{
	static const struct answer nothing;
	uint8_t *data = p->waiting;
	size_t len = p->waiting_len, spent = 0;
	enum peer_state state;
	struct wire_out out;

	p->waiting = NULL;
	p->waiting_len = 0;
	p->scanned = false;
	if (!p->wants_disk)
		p->patience--;
	p->wants_disk = false;
	wire_out_init(&out, t->scratch->out, sizeof(t->scratch->out));
	state = serve(p, t, data, len, &out, &spent);
	if (out.len > 0 && state == PEER_IDLE)
		state = flush(p, t, &out, &nothing);
	free(data);
	return state;
}

enum peer_state
peer_work(struct peer *p, struct peer_turn *t)
{
	enum peer_state state;

	if (p->out != NULL || p->file_left + p->padding > 0) {
		if ((state = send_held(p, t)) != PEER_IDLE)
			return state;
	}
	if (p->waiting != NULL && !p->scanned)
		return PEER_WAITING;
	if (p->waiting != NULL) {
		if ((state = serve_waiting(p, t)) != PEER_IDLE)
			return state;
	}
	if (p->calls != NULL)
		state = serve_kept(p, t);
	else
		state = serve_new(p, t);
	return state;
}
