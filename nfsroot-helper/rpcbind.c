/* SPDX-License-Identifier: ISC */
/* Registration with a running rpcbind: socket, send, recv. */
#include "nfsroot-helper/rpcbind.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <netinet/in.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/log.h"
#include "nfsroot-helper/rpc.h"

#define TRIES 3
#define MESSAGE_MAX 512

/* On a reserved port where we may have one. */
static void
bind_reserved(int fd)
{
	union address here;
	unsigned port;

	for (port = IPPORT_RESERVED - 1; port > IPPORT_RESERVED / 2; port--) {
		address_parse("127.0.0.1", port, &here);
		if (bind(fd, &here.sa, address_length(&here.sa)) == 0 ||
		    errno != EADDRINUSE)
			return;
	}
}

static int
open_socket(void)
{
	const struct timeval patience = { .tv_sec = 1 };
	union address there;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	bind_reserved(fd);
	address_parse("127.0.0.1", PORTMAP_PORT, &there);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
	    sizeof(patience)) == 0 &&
	    connect(fd, &there.sa, address_length(&there.sa)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Sends the call until its reply is here; its one word, or -1 with errno. */
static int64_t
ask_once(int fd, const struct wire_out *out, uint32_t xid)
{
	uint8_t reply[MESSAGE_MAX];
	struct wire_in results;
	uint32_t word;
	ssize_t len;

	if (send(fd, out->start, out->len, MSG_NOSIGNAL) == -1)
		return -1;
	while ((len = recv(fd, reply, sizeof(reply), 0)) != -1) {
		if (!rpc_parse_reply(reply, (size_t)len, xid, &results))
			continue;
		word = wire_get_n32(&results);
		if (!results.bad)
			return word;
	}
	return -1;
}

static int64_t
ask(int fd, enum portmap_proc proc, const struct portmap_mapping *m)
{
	uint8_t call[MESSAGE_MAX];
	struct wire_out out;
	int64_t word = -1;
	uint32_t xid;
	int try;

	arc4random_buf(&xid, sizeof(xid));
	wire_out_init(&out, call, sizeof(call));
	rpc_put_call(&out, xid, PORTMAP_PROGRAM, PORTMAP_VERSION, proc);
	portmap_put_mapping(&out, m);
	for (try = 0; try < TRIES && word == -1; try++) {
		word = ask_once(fd, &out, xid);
		/* Nobody is there; who is only slow is asked again. */
		if (word == -1 && errno != EAGAIN)
			break;
	}
	return word;
}

static int
register_one(struct rpcbind *r, const struct portmap_mapping *m)
{
	int64_t taken = ask(r->fd, PORTMAP_SET, m), port;

	if (taken == 1)
		portmap_add(&r->ours, m->program, m->version, m->protocol,
		    m->port);
	if (taken != 0)
		return taken == -1 ? -1 : 0;
	port = ask(r->fd, PORTMAP_GETPORT, m);
	log_warn("rpcbind: program %" PRIu32 " version %" PRIu32 " by %s was "
	    "not registered: another server has it, on port %" PRId64,
	    m->program, m->version, m->protocol == PORTMAP_TCP ? "TCP" : "UDP",
	    port);
	return 0;
}

int
rpcbind_register(struct rpcbind *r, const struct portmap *services)
{
	size_t i;

	memset(r, 0, sizeof(*r));
	if ((r->fd = open_socket()) == -1)
		return -1;
	for (i = 0; i < services->n; i++)
		if (services->service[i].program != PORTMAP_PROGRAM &&
		    register_one(r, &services->service[i]) == -1) {
			close(r->fd);
			r->fd = -1;
			return -1;
		}
	return 0;
}

void
rpcbind_unregister(struct rpcbind *r)
{
	const struct portmap_mapping *m;
	size_t i;

	if (r->fd == -1)
		return;
	for (i = 0; i < r->ours.n; i++) {
		m = &r->ours.service[i];
		/* UNSET is for all protocols of a version at once. */
		if (i > 0 && m[-1].program == m->program &&
		    m[-1].version == m->version)
			continue;
		if (ask(r->fd, PORTMAP_UNSET, m) != 1)
			log_warn("rpcbind: program %" PRIu32 " version %"
			    PRIu32 " stays registered", m->program,
			    m->version);
	}
	close(r->fd);
	r->fd = -1;
}
