/* SPDX-License-Identifier: ISC */
/* A request from its first line to its record: what it gets, and to whom. */
#include "httpbootd/transfer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"
#include "common/neighbour.h"
#include "httpbootd/record.h"
#include "httpbootd/target.h"
#include "httpbootd/tcp.h"

#define IDENTITY_KEEP_MS 1000
#define BUSY_TOLD_MS 1000
/* What may come with a request that needs nothing but its head. */
#define UPLOAD_MAX ((uint64_t)(64 * 1024))
/* Lists of hardware at once: 2 MiB of memory. */
#define LISTS_MAX 64

struct transfer *
transfer_begin(struct site *site, struct visitor *visitor, const char *target,
    int64_t now_ms)
{
	static const struct answer nothing_yet;
	char decoded[BOOTDIR_PATH_MAX];
	const enum reason reason = target_decode(target, decoded);
	/* A name that was refused is told as it came. */
	const char *name = reason == REASON_WHOLE ? decoded : target;
	const size_t len = strnlen(name, BOOTDIR_PATH_MAX - 1);
	struct transfer *t = calloc(1, sizeof(*t) + len + 1);

	if (t == NULL)
		return NULL;
	memcpy(t->name, name, len);
	t->site = site;
	t->visitor = visitor;
	t->start_ms = now_ms;
	t->answer = &nothing_yet;
	t->found.name = t->name;
	t->found.reason = reason;
	t->kind = report_parse(&t->report, target);
	return t;
}

/* Whose address is this?  Asked again by and by, as it may change. */
static const struct mac *
identify(struct site *site, struct visitor *v, int64_t now_ms)
{
	if (v->asked_ms == 0 || now_ms - v->asked_ms >= IDENTITY_KEEP_MS) {
		v->known = seen_whose(site->seen, &v->guest.address.sa,
		    &v->mac);
		v->asked_ms = now_ms;
	}
	return v->known ? &v->mac : NULL;
}

/* Sets t->held; what is private is looked up anew for who is its own. */
static bool
find_file(struct transfer *t, int64_t now_ms)
{
	struct held_table *table = &t->site->held;
	const struct mac *who;

	t->held = held_get(table, t->name, NULL, now_ms);
	if (t->held == NULL ||
	    t->held->lookup.found.reason != REASON_PRIVATE)
		return t->held != NULL;
	t->visitor->asked_ms = 0;
	who = identify(t->site, t->visitor, now_ms);
	if (who == NULL)
		return true;
	held_put(t->held);
	t->held = held_get(table, t->name, who, now_ms);
	return t->held != NULL;
}

static bool
is_plain(const struct request *r)
{
	size_t i;

	for (i = 0; i < FIELD_COUNT; i++)
		if (r->field[i] != NULL)
			return false;
	return request_is_get(r) || request_is_head(r);
}

/* For what differs from the answer that others get; false: no memory. */
static bool
make_own(struct transfer *t)
{
	t->own = calloc(1, sizeof(*t->own));
	if (t->own == NULL)
		return false;
	t->answer = t->own;
	return true;
}

/* One answer for all, made by the first who asks; false: no memory. */
static bool
take_common(struct transfer *t, const struct request *r)
{
	static const struct request get = { .method = "GET" };
	struct held *h = t->held;

	if (h->answer.status == 0)
		answer_make(&h->answer, &get, &h->lookup.found);
	t->answer = &h->answer;
	if (request_is_get(r))
		return true;
	if (!make_own(t))
		return false;
	*t->own = h->answer;
	t->own->has_body = false;
	return true;
}

/*
 * Whoever comes when too many lists are under way is heard without his: a
 * report is short, and who sends one slowly keeps its place.
 */
static void
expect_devices(struct transfer *t)
{
	if (t->uploaded > 0 || t->kind != REPORT_GOOD ||
	    t->site->lists == LISTS_MAX ||
	    strcmp(t->report.stage, DEVICES_STAGE) != 0)
		return;
	t->devices = calloc(1, sizeof(*t->devices));
	if (t->devices != NULL)
		t->site->lists++;
}

/* Of all that one may send us only a list of hardware is of use. */
bool
transfer_upload(struct transfer *t, const char *octets, size_t len)
{
	expect_devices(t);
	if (t->devices != NULL)
		devices_feed(t->devices, octets, len);
	t->uploaded += len;
	return t->uploaded <= UPLOAD_MAX;
}

/* Who reports must be known now, and by the kernel if by nobody else. */
static const struct mac *
identify_reporter(struct transfer *t, int64_t now_ms)
{
	struct visitor *v = t->visitor;

	v->asked_ms = 0;
	if (identify(t->site, v, now_ms) == NULL)
		v->known = neighbour_mac(&v->guest.address.sa, &v->mac);
	return v->known ? &v->mac : NULL;
}

static void
take_report(struct transfer *t, const struct request *r, int64_t now_ms)
{
	const struct mac *who = identify_reporter(t, now_ms);
	char why[4 * REPORT_WHY], fact[REPORT_FACT];

	t->found.reason = report_decide(t->kind, r, who != NULL, who != NULL &&
	    report_allowed(&t->site->budget, who, now_ms));
	if (t->found.reason != REASON_NOTED)
		return;
	seen_event(t->site->seen, who, "report", "stage=%s state=%s why=%s",
	    t->report.stage, t->report.state, log_escape(why, sizeof(why),
	    t->report.why, strlen(t->report.why)));
	if (t->devices == NULL)
		seen_fact(t->site->seen, who, "stage", report_fact(&t->report,
		    fact));
	else if (devices_end(t->devices))
		seen_text(t->site->seen, who, "modalias", t->devices->text);
}

bool
transfer_answer(struct transfer *t, const struct request *r, int64_t now_ms)
{
	const struct found *found = &t->found;

	if (t->visitor->guest.refused)
		t->found.reason = REASON_BUSY;
	else if (t->kind != REPORT_NONE)
		take_report(t, r, now_ms);
	if (t->found.reason == REASON_WHOLE) {
		if (!find_file(t, now_ms))
			return false;
		found = &t->held->lookup.found;
		if (t->held->is_shared && is_plain(r))
			return take_common(t, r);
	}
	if (!make_own(t))
		return false;
	answer_make(t->own, r, found);
	return true;
}

bool
transfer_is_common(const struct transfer *t)
{
	return t->held != NULL && t->held->is_shared &&
	    t->answer->reason == REASON_WHOLE;
}

ssize_t
transfer_read(struct transfer *t, uint64_t pos, char *buffer, size_t size)
{
	const struct span *span = &t->answer->span;
	ssize_t len;

	t->handed = pos;
	if (size > span->length - pos)
		size = (size_t)(span->length - pos);
	len = pread(t->held->lookup.fd, buffer, size,
	    (off_t)(span->first + pos));
	if (len > 0)
		return len;
	if (len == -1)
		log_warn("read a file at octet %ju: %s",
		    (uintmax_t)(span->first + pos), strerror(errno));
	return -1;
}

/* Was it we who broke off?  See transfer_read() and transfers_look(). */
static void
say_if_shorter(const struct transfer *t)
{
	char name[NAME_TEXT];
	struct stat st;

	if (t->held == NULL || fstat(t->held->lookup.fd, &st) == -1 ||
	    (uint64_t)st.st_size >= t->held->lookup.found.file.size)
		return;
	log_warn("pub/%s: it has become shorter while it was sent",
	    log_escape(name, sizeof(name), t->name, strlen(t->name)));
}

void
transfer_watch(struct transfer *t)
{
	/* What was copied is all in the kernel at once, or nearly so. */
	t->watched = t->answer->has_body && t->answer->has_file &&
	    t->held->copy == NULL;
	if (!t->watched)
		return;
	t->written_before = tcp_written(t->visitor->guest.fd);
	LIST_INSERT_HEAD(&t->site->sending, t, sending);
}

/* A socket that does not count, such as a local one, is believed. */
bool
transfer_is_whole(const struct transfer *t)
{
	const int fd = t->visitor->guest.fd;

	return !t->watched || tcp_acknowledged(fd) == 0 || tcp_written(fd) >=
	    t->written_before + t->answer->span.length;
}

void
transfers_look(struct site *site, int64_t now_ms)
{
	struct transfer *t;
	uint64_t written, acknowledged;
	int fd;

	if (!held_look(&site->held, now_ms))
		return;
	LIST_FOREACH(t, &site->sending, sending) {
		if (!t->held->altered)
			continue;
		fd = t->visitor->guest.fd;
		written = tcp_written(fd);
		acknowledged = tcp_acknowledged(fd);
		if (acknowledged > 0 && written == acknowledged &&
		    written == t->looked_at)
			tcp_hang_up(fd);
		t->looked_at = written;
	}
}

uint64_t
transfer_delivered(const struct transfer *t)
{
	const uint64_t before = t->written_before +
	    answer_head_length(t->answer);
	uint64_t now;

	if (!t->watched)
		return t->handed;
	now = tcp_acknowledged(t->visitor->guest.fd);
	if (now < before)
		return 0;
	return now - before < t->answer->span.length ? now - before :
	    t->answer->span.length;
}

/* Of those who are refused for want of room, one a second is told. */
static bool
is_told(struct site *site, const struct answer *a, int64_t now_ms)
{
	if (a->reason != REASON_BUSY && a->reason != REASON_OFTEN)
		return true;
	if (site->busy_ms != 0 && now_ms - site->busy_ms < BUSY_TOLD_MS)
		return false;
	site->busy_ms = now_ms;
	return true;
}

static void
note(const struct transfer *t, uint64_t octets, int64_t now_ms)
{
	const struct outcome o = {
		.client = &t->visitor->guest.address.sa,
		.who = identify(t->site, t->visitor, now_ms),
		.octets = octets, .took_ms = now_ms - t->start_ms,
	};

	/* Most are from machines that nobody knows, or told to no log. */
	if (o.who == NULL && !t->site->verbose && t->answer->status < 400)
		return;
	if (!is_told(t->site, t->answer, now_ms))
		return;
	if (!t->answered)
		record_broken(t->name, &o);
	else
		record_answer(t->site->seen, t->held == NULL ? &t->found :
		    &t->held->lookup.found, t->answer, &o);
}

void
transfer_end(struct transfer *t, uint64_t octets, int64_t now_ms)
{
	note(t, octets, now_ms);
	if (t->answer->has_body && octets < answer_length(t->answer))
		say_if_shorter(t);
	if (t->watched)
		LIST_REMOVE(t, sending);
	if (t->lent)
		held_returned(&t->site->held);
	if (t->held != NULL)
		held_put(t->held);
	if (t->devices != NULL)
		t->site->lists--;
	free(t->devices);
	free(t->own);
	free(t);
}
