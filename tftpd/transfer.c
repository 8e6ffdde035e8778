/* SPDX-License-Identifier: ISC */
/* The sending side of one transfer: what to send, and when to wake. */
#include "tftpd/transfer.h"

#include <string.h>

static const char *const end_name[] = {
	[TRANSFER_RUNNING] = "running",
	[TRANSFER_SENT] = "sent",
	[TRANSFER_SENT_NO_LAST_ACK] = "sent-no-last-ack",
	[TRANSFER_PROBED] = "probed",
	[TRANSFER_ABORTED] = "client-error",
	[TRANSFER_NO_ANSWER] = "no-answer",
	[TRANSFER_SILENT] = "silent",
	[TRANSFER_ANEW] = "asked-anew",
	[TRANSFER_UNREADABLE] = "unreadable",
	[TRANSFER_CHANGED] = "changed",
	[TRANSFER_UNSENDABLE] = "unsendable",
	[TRANSFER_STOPPED] = "server-stopped",
};

static const struct transfer_run nothing = { 0, 0 };

const char *
transfer_end_name(enum transfer_end end)
{
	return end_name[end];
}

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What of base to next goes out for the first time, and what once more? */
static void
note_sent(struct transfer *t)
{
	if (t->fresh > t->base) {
		t->twice = smaller(t->fresh, t->next);
		t->resent += t->twice - t->base;
	}
	if (t->fresh < t->next)
		t->fresh = t->next;
}

/* The window that begins with base; sets what is under way, and the timer. */
static struct transfer_run
send_window(struct transfer *t, int64_t now_ms)
{
	struct transfer_run run = { t->base, 1 };
	uint64_t left = t->last - t->base + 1;

	if (t->base > 0)
		run.count = (uint32_t)smaller(left, t->windowsize);
	t->next = t->base + run.count;
	t->timing = t->fresh <= t->base;
	note_sent(t);
	t->sent_ms = now_ms;
	t->wake_ms = now_ms + t->rto_ms;
	t->hurried = false;
	return run;
}

/*
 * RFC 2349: the client's own word on when to retransmit is followed to the
 * letter.  Else round trips are measured, and one second holds until then.
 */
static void
set_patience(struct transfer *t, const struct agreement *a)
{
	t->asked_timeout = a->timeout_s > 0;
	if (t->asked_timeout)
		t->least_rto_ms = (int64_t)a->timeout_s * 1000;
	else if (a->frail)
		t->least_rto_ms = TRANSFER_RTO_MS;
	else
		t->least_rto_ms = TRANSFER_RTO_MIN_MS;
	t->rto_ms = larger(t->least_rto_ms, TRANSFER_RTO_MS);
}

struct transfer_run
transfer_start(struct transfer *t, const struct agreement *a, int64_t now_ms)
{
	memset(t, 0, sizeof(*t));
	t->size = a->tsize;
	t->blksize = a->blksize;
	t->windowsize = a->windowsize;
	/* A block shorter than the others ends it, if need be an empty one. */
	t->last = a->tsize / a->blksize + 1;
	t->first = a->oack ? 0 : 1;
	t->base = t->next = t->fresh = t->first;
	set_patience(t, a);
	t->started_ms = t->heard_ms = t->resend_ms = now_ms;
	return send_window(t, now_ms);
}

/*
 * The client misses the block at base.  RFC 7440 section 4 has us resend from
 * there; but not before the echo of the last such resend has died.
 */
static struct transfer_run
resend_for_ack(struct transfer *t, int64_t now_ms)
{
	if (now_ms < t->resend_ms) {
		if (t->wake_ms > t->resend_ms) {
			t->wake_ms = t->resend_ms;
			t->hurried = true;
		}
		return nothing;
	}
	t->resend_ms = now_ms + TRANSFER_RESEND_GAP_MS;
	return send_window(t, now_ms);
}

/*
 * An ACK that brings nothing new.  In lock-step it is never answered, or each
 * copy of a block would bring forth another (RFC 1123 section 4.2.3.1, the
 * Sorcerer's Apprentice).  With a window it says that base was lost, and each
 * block behind the lost one says it again: so it counts once, until blocks go
 * out that were not sent twice.  Before, it is as likely an echo.
 */
static struct transfer_run
acknowledged_again(struct transfer *t, int64_t now_ms)
{
	if (t->windowsize == 1 || t->base == 0 || t->base - 1 < t->twice)
		return nothing;
	return resend_for_ack(t, now_ms);
}

/*
 * An answer to all that was under way tells the round trip, unless some of it
 * was sent twice: then nobody knows which copy it answers, and the timer
 * stays backed off (Karn's rule, RFC 6298 section 3).
 */
static void
measure(struct transfer *t, uint64_t block, int64_t now_ms)
{
	if (t->asked_timeout)
		t->rto_ms = t->least_rto_ms;
	if (t->asked_timeout || !t->timing || block + 1 != t->next)
		return;
	rtt_measured(&t->rtt, now_ms - t->sent_ms);
	t->rto_ms = rtt_patience(&t->rtt, t->least_rto_ms,
	    TRANSFER_RTO_MAX_MS);
}

/*
 * An ACK within the window, of a block that was sent twice, is more likely an
 * echo of the copy than a second loss, unless windows are wide.  The client
 * then has what is under way, and counts its window from another block on
 * than we do (atftp, tftp_file.c): the same blocks once more would bring
 * forth the next echo, and so on to the end of the file.
 */
static bool
is_out_of_step(const struct transfer *t, uint64_t block)
{
	return t->windowsize <= TRANSFER_ECHO_WINDOW && block < t->twice &&
	    t->next == t->fresh && t->next <= t->last;
}

/* What the client's window lacks; if it was a loss after all, soon the rest. */
static struct transfer_run
fill_window(struct transfer *t, int64_t now_ms)
{
	const uint64_t end = smaller(t->base + t->windowsize, t->last + 1);
	const struct transfer_run run = {
		t->next, (uint32_t)(end - t->next)
	};

	t->next = t->fresh = end;
	t->timing = false;
	t->wake_ms = now_ms + TRANSFER_RESEND_GAP_MS;
	t->hurried = true;
	return run;
}

static struct transfer_run
acknowledged(struct transfer *t, uint64_t block, int64_t now_ms)
{
	measure(t, block, now_ms);
	t->base = block + 1;
	t->wake_ms = now_ms + t->rto_ms;
	t->hurried = false;
	if (block == t->last) {
		t->end = TRANSFER_SENT;
		return nothing;
	}
	if (t->base == t->next)
		return send_window(t, now_ms);
	if (is_out_of_step(t, block))
		return fill_window(t, now_ms);
	return resend_for_ack(t, now_ms);
}

static struct transfer_run
take_ack(struct transfer *t, uint16_t number, int64_t now_ms)
{
	/* How far ahead of what was acknowledged; the window is far smaller
	 * than the 65536 numbers, so there is one block that it can be. */
	uint16_t ahead = (uint16_t)(number - (uint16_t)(t->base - 1));

	if (ahead > t->next - t->base)
		return nothing;
	t->heard_ms = now_ms;
	t->unheard = 0;
	if (ahead == 0)
		return acknowledged_again(t, now_ms);
	return acknowledged(t, t->base - 1 + ahead, now_ms);
}

/* Every code ends it: 8 after the OACK is EDK2's size probe, for one. */
static void
take_error(struct transfer *t, uint16_t code, int64_t now_ms)
{
	t->error = code;
	t->heard_ms = now_ms;
	t->end = t->base == t->first ? TRANSFER_PROBED : TRANSFER_ABORTED;
}

struct transfer_run
transfer_packet(struct transfer *t, const void *packet, size_t len,
    int64_t now_ms)
{
	struct wire_in w;
	uint16_t opcode, number;

	wire_in_init(&w, packet, len);
	opcode = wire_get_n16(&w);
	number = wire_get_n16(&w);
	if (w.bad || t->end != TRANSFER_RUNNING)
		return nothing;
	if (opcode == TFTP_ACK)
		return take_ack(t, number, now_ms);
	if (opcode == TFTP_ERROR)
		take_error(t, number, now_ms);
	return nothing;
}

/* All blocks went out, and the client answered some: it has the file. */
static bool
only_last_ack_missing(const struct transfer *t)
{
	return t->base > t->first && t->next > t->last;
}

/* Has the client been silent for as long as we bear it? */
static enum transfer_end
silence(const struct transfer *t, int64_t now_ms)
{
	int64_t silent_ms = now_ms - t->heard_ms;

	if (only_last_ack_missing(t))
		return t->unheard >= TRANSFER_LAST_TRIES && silent_ms >=
		    larger(TRANSFER_LAST_PATIENCE_MS, 3 * t->least_rto_ms) ?
		    TRANSFER_SENT_NO_LAST_ACK : TRANSFER_RUNNING;
	if (silent_ms < larger(TRANSFER_PATIENCE_MS, 4 * t->least_rto_ms))
		return TRANSFER_RUNNING;
	return t->base == t->first ? TRANSFER_NO_ANSWER : TRANSFER_SILENT;
}

/*
 * Before any round trip was measured the wait is long, and a silence is more
 * likely a lost packet than a crowded line.  So Linux's TCP says its first
 * packet, too, some times at an even pace (tcp_syn_linear_timeouts).  But to
 * a client that bears no second copy the fewer are sent, the better.
 */
static bool
keeps_its_pace(const struct transfer *t)
{
	return t->asked_timeout || (!rtt_is_known(&t->rtt) &&
	    t->least_rto_ms < TRANSFER_RTO_MS &&
	    t->unheard <= TRANSFER_EVEN_TRIES);
}

static void
back_off(struct transfer *t)
{
	t->unheard++;
	if (!keeps_its_pace(t) && t->rto_ms < TRANSFER_RTO_MAX_MS)
		t->rto_ms = (int64_t)smaller((uint64_t)t->rto_ms * 2,
		    TRANSFER_RTO_MAX_MS);
}

struct transfer_run
transfer_timer(struct transfer *t, int64_t now_ms)
{
	if (t->end != TRANSFER_RUNNING || now_ms < t->wake_ms)
		return nothing;
	if ((t->end = silence(t, now_ms)) != TRANSFER_RUNNING)
		return nothing;
	if (t->hurried)
		t->resend_ms = now_ms + TRANSFER_RESEND_GAP_MS;
	else
		back_off(t);
	return send_window(t, now_ms);
}

struct transfer_run
transfer_asked_again(struct transfer *t, int64_t now_ms)
{
	if (t->end != TRANSFER_RUNNING)
		return nothing;
	if (t->base > t->first) {
		if (now_ms - t->heard_ms >= TRANSFER_ANEW_MS)
			transfer_leave(t);
		return nothing;
	}
	t->heard_ms = now_ms;
	if (now_ms - t->sent_ms < TRANSFER_AGAIN_MS)
		return nothing;
	return send_window(t, now_ms);
}

bool
transfer_is_end(const struct transfer *t, const struct transfer_run *run)
{
	return run->count > 0 && run->first + run->count > t->last;
}

void
transfer_unsent(struct transfer *t, const struct transfer_run *run,
    uint32_t sent, int64_t now_ms)
{
	/* Of several runs put off, the first one says where to go on. */
	if (run->first + sent < t->next)
		t->next = (uint64_t)larger((int64_t)(run->first + sent),
		    (int64_t)t->base);
	t->wake_ms = now_ms + TRANSFER_RESEND_GAP_MS;
	t->hurried = true;
}

void
transfer_leave(struct transfer *t)
{
	if (t->end == TRANSFER_RUNNING)
		t->end = only_last_ack_missing(t) ?
		    TRANSFER_SENT_NO_LAST_ACK : TRANSFER_ANEW;
}

uint32_t
transfer_block(const struct transfer *t, uint64_t block, uint64_t *offset)
{
	uint64_t left;

	*offset = (block - 1) * t->blksize;
	left = t->size - *offset;
	return left < t->blksize ? (uint32_t)left : t->blksize;
}

uint64_t
transfer_acked(const struct transfer *t)
{
	uint64_t octets;

	if (t->base <= 1)
		return 0;
	octets = (t->base - 1) * t->blksize;
	return smaller(octets, t->size);
}
