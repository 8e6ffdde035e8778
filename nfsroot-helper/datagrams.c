/* SPDX-License-Identifier: ISC */
/* Calls by UDP: recvmsg, sendmsg, and whom to answer. */
#include "nfsroot-helper/datagrams.h"

#include <sys/types.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "nfsroot-helper/stray.h"

/* Where what is known of an asker is kept. */
static struct datagrams_known *
slot_of(struct datagrams *d, const union address *a)
{
	uint32_t hash;

	memcpy(&hash, a->sa.sa_family == AF_INET6 ?
	    a->in6.sin6_addr.s6_addr + 12 :
	    (const uint8_t *)&a->in.sin_addr, sizeof(hash));
	hash = (hash ^ address_port(&a->sa)) * UINT32_C(2654435761) >> 16;
	return &d->known[hash % DATAGRAMS_KNOWN];
}

/* To find out who asks costs more than to answer: it is kept a bit. */
static struct asker *
asker_of(struct datagrams *d, const struct datagram *from)
{
	struct datagrams_known *k = slot_of(d, &from->peer);

	if (!address_equal(&k->address.sa, &from->peer.sa)) {
		memset(k, 0, sizeof(*k));
		k->address = from->peer;
		k->asker.address = &k->address.sa;
		k->asker.host = address_format(&k->address.sa, k->host);
		k->asker.datagram = true;
	}
	k->asker.local.s_addr = from->local.sa.sa_family == AF_INET ?
	    from->local.in.sin_addr.s_addr : 0;
	return &k->asker;
}

/* Until a thread has what the call lacks; else the client asks again. */
static void
keep(struct datagrams *d, const struct datagrams_call *call)
{
	const struct disk_want *want = &d->service->tree.disk.want;
	struct datagrams_kept *k;

	if (want->kind == DISK_NOTHING || d->nkept == DATAGRAMS_KEPT ||
	    (k = malloc(sizeof(*k) + call->len)) == NULL)
		return;
	k->call = *call;
	k->call.had = *want;
	k->call.waits++;
	memcpy(k->octets, d->in, call->len);
	if ((k->job = pool_begin(d->pool, want, d)) == NULL) {
		free(k);
		return;
	}
	TAILQ_INSERT_TAIL(&d->kept, k, link);
	d->nkept++;
}

static void
answer_one(struct datagrams *d, const struct datagrams_call *call,
    struct asker *asker)
{
	struct wire_out out;
	struct answer a;

	asker->hurried = d->pool != NULL && call->waits < DATAGRAMS_WAITS;
	asker->had = call->had;
	wire_out_init(&out, d->out, sizeof(d->out));
	answer_call(d->service, asker, d->in, call->len, 1, &out, &a);
	if (a.event != EVENT_NONE)
		d->report(d->arg, asker->host, &call->from.peer.sa, &a);
	if (a.kind == ANSWER_WAIT)
		keep(d, call);
	if (a.kind == ANSWER_REPLY &&
	    datagram_send(call->fd, out.start, out.len, &call->from) == -1)
		log_debug("%s: no reply by UDP: %s", asker->host,
		    strerror(errno));
}

/* The call in d->in. */
static void
consider(struct datagrams *d, const struct datagrams_call *call, int64_t now)
{
	struct asker *asker = asker_of(d, &call->from);

	asker_identify(asker, &d->service->guests, d->service->seen, now);
	if (asker->admitted)
		answer_one(d, call, asker);
	else
		log_debug("%s: a call by UDP from who may not mount: not "
		    "answered", asker->host);
}

void
datagrams_init(struct datagrams *d, struct service *service, struct pool *pool,
    datagrams_report *report, void *arg)
{
	d->service = service;
	d->pool = pool;
	d->report = report;
	d->arg = arg;
	TAILQ_INIT(&d->kept);
}

void
datagrams_serve(struct datagrams *d, int fd, int64_t now)
{
	struct datagrams_call call = { .fd = fd };
	ssize_t len;
	unsigned n;

	for (n = 0; n < DATAGRAMS_TURN; n++) {
		len = datagram_receive(fd, d->in, sizeof(d->in), &call.from);
		if (len == -1)
			return;
		call.len = (size_t)len;
		consider(d, &call, now);
	}
}

void
datagrams_serve_stray(struct datagrams *d, int fd, int mapper, int64_t now)
{
	struct datagrams_call call = { .fd = mapper };
	ssize_t len;
	unsigned n;

	for (n = 0; n < DATAGRAMS_TURN; n++) {
		len = stray_receive(fd, d->in, sizeof(d->in), &call.from);
		if (len == -1)
			return;
		call.len = (size_t)len;
		if (len > 0)
			consider(d, &call, now);
	}
}

static void
forget(struct datagrams *d, struct datagrams_kept *k)
{
	TAILQ_REMOVE(&d->kept, k, link);
	d->nkept--;
	free(k);
}

void
datagrams_resume(struct datagrams *d, const struct job *job, int64_t now)
{
	struct datagrams_call call;
	struct datagrams_kept *k;

	TAILQ_FOREACH(k, &d->kept, link)
		if (k->job == job)
			break;
	if (k == NULL)
		return;
	call = k->call;
	memcpy(d->in, k->octets, call.len);
	forget(d, k);
	consider(d, &call, now);
}

void
datagrams_free(struct datagrams *d)
{
	struct datagrams_kept *k, *next;

	TAILQ_FOREACH_SAFE(k, &d->kept, link, next)
		free(k);
	TAILQ_INIT(&d->kept);
}
