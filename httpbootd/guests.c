/* SPDX-License-Identifier: ISC */
/* Connections: how many from whom, and who waits for how long. */
#include "httpbootd/guests.h"

#include <string.h>

void
guests_init(struct guests *g, size_t max, size_t max_each)
{
	memset(g, 0, sizeof(*g));
	g->max = max;
	g->max_each = max_each;
	TAILQ_INIT(&g->waiting);
	TAILQ_INIT(&g->turned_away);
}

/* FNV-1a over the host. */
static struct guest_bucket *
bucket_of(struct guests *g, const union address *a)
{
	const bool v6 = a->sa.sa_family == AF_INET6;
	const uint8_t *octet = v6 ? a->in6.sin6_addr.s6_addr :
	    (const uint8_t *)&a->in.sin_addr;
	size_t i, len = v6 ? 16 : 4;
	uint32_t hash = 2166136261u;

	for (i = 0; i < len; i++)
		hash = (hash ^ octet[i]) * 16777619u;
	return &g->bucket[(hash ^ hash >> 16) % GUESTS_BUCKETS];
}

static bool
is_same_host(const union address *a, const union address *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET6)
		return memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr,
		    sizeof(a->in6.sin6_addr)) == 0;
	return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
}

/*
 * Has this address as many connections as it may?  A bucket holds few others,
 * and none is walked further than the limit.
 */
static bool
is_crowd(struct guests *g, const struct guest *guest)
{
	const struct guest *other;
	size_t n = 0;

	LIST_FOREACH(other, bucket_of(g, &guest->address), bucket)
		if (is_same_host(&other->address, &guest->address) &&
		    ++n >= g->max_each)
			return true;
	return false;
}

/* Those whom nobody waits for are the first to go when there is no room. */
static bool
is_full(const struct guests *g, int64_t now_ms)
{
	const struct guest *first = TAILQ_FIRST(&g->waiting);

	if (g->n - g->going < g->max)
		return false;
	if (g->n >= g->max + GUESTS_OVER_MAX)
		return true;
	return first == NULL || now_ms - first->since_ms < GUESTS_GRACE_MS;
}

bool
guests_enter(struct guests *g, struct guest *guest, int fd,
    const struct sockaddr *sa, int64_t now_ms)
{
	memset(guest, 0, sizeof(*guest));
	memcpy(&guest->address, sa, address_length(sa));
	guest->fd = fd;
	guest->refused = is_full(g, now_ms) || is_crowd(g, guest);
	if (guest->refused && g->refused >= GUESTS_REFUSED_MAX)
		return false;
	if (guest->refused)
		g->refused++;
	else {
		g->n++;
		LIST_INSERT_HEAD(bucket_of(g, &guest->address), guest, bucket);
	}
	guests_served(g, guest, now_ms);
	return true;
}

void
guests_leave(struct guests *g, struct guest *guest)
{
	guests_asked(g, guest);
	if (guest->refused) {
		g->refused--;
		return;
	}
	g->n--;
	g->going -= guest->goes;
	LIST_REMOVE(guest, bucket);
}

static struct guest_queue *
queue_of(struct guests *g, const struct guest *guest)
{
	return guest->refused ? &g->turned_away : &g->waiting;
}

void
guests_asked(struct guests *g, struct guest *guest)
{
	if (guest->waits)
		TAILQ_REMOVE(queue_of(g, guest), guest, queue);
	guest->waits = false;
}

void
guests_served(struct guests *g, struct guest *guest, int64_t now_ms)
{
	if (guest->waits)
		return;
	guest->waits = true;
	guest->since_ms = now_ms;
	TAILQ_INSERT_TAIL(queue_of(g, guest), guest, queue);
}

/* Milliseconds until the first of a queue has waited long enough. */
static int64_t
due_ms(const struct guest_queue *queue, int64_t patience_ms, int64_t now_ms)
{
	const struct guest *first = TAILQ_FIRST(queue);

	return first == NULL ? INT64_MAX :
	    first->since_ms + patience_ms - now_ms;
}

static int64_t
waiting_due_ms(const struct guests *g, int64_t now_ms)
{
	return due_ms(&g->waiting, g->n - g->going > g->max ?
	    GUESTS_GRACE_MS : GUESTS_PATIENCE_MS, now_ms);
}

static int64_t
turned_away_due_ms(const struct guests *g, int64_t now_ms)
{
	return due_ms(&g->turned_away, GUESTS_GRACE_MS, now_ms);
}

struct guest *
guests_overdue(struct guests *g, int64_t now_ms)
{
	struct guest *guest = NULL;

	if (waiting_due_ms(g, now_ms) <= 0) {
		guest = TAILQ_FIRST(&g->waiting);
		guest->goes = true;
		g->going++;
	} else if (turned_away_due_ms(g, now_ms) <= 0)
		guest = TAILQ_FIRST(&g->turned_away);
	if (guest != NULL)
		guests_asked(g, guest);
	return guest;
}

int
guests_timeout(const struct guests *g, int64_t now_ms)
{
	const int64_t a = waiting_due_ms(g, now_ms);
	const int64_t b = turned_away_due_ms(g, now_ms);
	const int64_t due = a < b ? a : b;

	if (due == INT64_MAX)
		return -1;
	return due < 0 ? 0 : (int)due;
}
