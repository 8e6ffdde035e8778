/* SPDX-License-Identifier: ISC */
/* Calls by UDP: recvmsg, sendmsg, and whom to answer. */
#include "nfsroot-helper/datagrams.h"

#include <sys/types.h>

#include <errno.h>
#include <string.h>

#include "common/listen.h"
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

static void
answer_one(struct datagrams *d, int fd, const struct datagram *from,
    size_t len, struct asker *asker)
{
	struct wire_out out;
	struct answer a;

	wire_out_init(&out, d->out, sizeof(d->out));
	answer_call(d->service, asker, d->in, len, 1, &out, &a);
	if (a.event != EVENT_NONE)
		d->report(d->arg, asker->host, &from->peer.sa, &a);
	if (a.kind == ANSWER_REPLY &&
	    datagram_send(fd, out.start, out.len, from) == -1)
		log_debug("%s: no reply by UDP: %s", asker->host,
		    strerror(errno));
}

static void
consider(struct datagrams *d, int fd, const struct datagram *from, size_t len,
    int64_t now)
{
	struct asker *asker = asker_of(d, from);

	asker_identify(asker, &d->service->guests, d->service->seen, now);
	if (asker->admitted)
		answer_one(d, fd, from, len, asker);
	else
		log_debug("%s: a call by UDP from who may not mount: not "
		    "answered", asker->host);
}

void
datagrams_serve(struct datagrams *d, int fd, int64_t now)
{
	struct datagram from;
	ssize_t len;
	unsigned n;

	for (n = 0; n < DATAGRAMS_TURN; n++) {
		len = datagram_receive(fd, d->in, sizeof(d->in), &from);
		if (len == -1)
			return;
		consider(d, fd, &from, (size_t)len, now);
	}
}

void
datagrams_serve_stray(struct datagrams *d, int fd, int mapper, int64_t now)
{
	struct datagram from;
	ssize_t len;
	unsigned n;

	for (n = 0; n < DATAGRAMS_TURN; n++) {
		len = stray_receive(fd, d->in, sizeof(d->in), &from);
		if (len == -1)
			return;
		if (len > 0)
			consider(d, mapper, &from, (size_t)len, now);
	}
}
