/* SPDX-License-Identifier: ISC */
/* HTTP connections: libmicrohttpd, pread, and what sockets must be told. */
#include "httpbootd/server.h"

#include <sys/ioctl.h>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <errno.h>
#include <limits.h>
#include <linux/sockios.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/daemon.h"
#include "common/log.h"
#include "httpbootd/lookup.h"
#include "httpbootd/record.h"

/*
 * Without a step forward for so long a connection is closed.  Firmware gives
 * up after 5 s (EDK2 PcdHttpIoTimeout), but a switch port that comes up again
 * may take 50 s, and then TCP goes on where it was.
 */
#define IDLE_SECONDS 120U
/* Request heads up to about this many octets: a name of 1 KiB, all escaped. */
#define CONNECTION_MEMORY ((size_t)(8 * 1024))
/* Octets of a file that are read at once. */
#define BLOCK ((uint64_t)(256 * 1024))
/*
 * Octets that may wait in the kernel beyond what TCP has sent: with more, a
 * slow line would be quiet for longer than IDLE_SECONDS between two blocks.
 */
#define UNSENT_MAX (128 * 1024)

struct server {
	struct MHD_Daemon *mhd;
	struct server_config config;
	size_t connections;
	size_t transfers;
	bool draining;
};

/* One request, from its first line to the last octet of its answer. */
struct transfer {
	struct server *server;
	const struct sockaddr *client;	/* the connection's */
	struct mac mac;
	bool known;			/* whose address it is */
	bool begun;			/* the head was seen whole */
	bool answered;
	int64_t start_ms;
	uint64_t handed;	/* octets of the body that the kernel has */
	struct lookup lookup;
	struct answer answer;
};

static const union MHD_ConnectionInfo *
info_of(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type)
{
	return MHD_get_connection_info(connection, type);
}

/* libmicrohttpd calls this with the target, still as the client wrote it. */
static void *
begin(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct transfer *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->server = cls;
	t->server->transfers++;
	t->start_ms = daemon_now_ms();
	t->client = info_of(connection,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	t->known = seen_whose(t->server->config.seen, t->client, &t->mac);
	lookup_target(&t->lookup, target == NULL ? "" : target);
	return t;
}

/*
 * The next octets of the body.  A file that somebody made shorter ends this
 * connection, and no other.
 */
static ssize_t
read_body(void *cls, uint64_t pos, char *buffer, size_t size)
{
	struct transfer *t = cls;
	const struct span *span = &t->answer.span;
	ssize_t len;

	t->handed = pos;
	if (size > span->length - pos)
		size = (size_t)(span->length - pos);
	len = pread(t->lookup.fd, buffer, size, (off_t)(span->first + pos));
	if (len > 0)
		return len;
	log_warn("read a file at octet %ju: %s",
	    (uintmax_t)(span->first + pos), len == -1 ? strerror(errno) :
	    "it has become shorter");
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *
make_response(struct transfer *t)
{
	struct answer *a = &t->answer;
	uint64_t block = a->span.length < BLOCK ? a->span.length : BLOCK;

	if (!a->has_file)
		return MHD_create_response_from_buffer(strlen(a->words),
		    a->words, MHD_RESPMEM_MUST_COPY);
	if (block == 0 || !a->has_body)
		block = 1;
	return MHD_create_response_from_callback(a->span.length, (size_t)block,
	    read_body, t, NULL);
}

static enum MHD_Result
respond(struct transfer *t, struct MHD_Connection *connection)
{
	struct answer *a = &t->answer;
	struct MHD_Response *response = make_response(t);
	enum MHD_Result result = MHD_YES;
	size_t i;

	if (response == NULL)
		return MHD_NO;
	for (i = 0; i < a->nheaders && result == MHD_YES; i++)
		result = MHD_add_response_header(response, a->header[i].name,
		    a->header[i].value);
	if (result == MHD_YES && t->server->draining)
		result = MHD_add_response_header(response, "Connection",
		    "close");
	if (result == MHD_YES)
		result = MHD_queue_response(connection, a->status, response);
	MHD_destroy_response(response);
	t->answered = result == MHD_YES;
	return result;
}

/* libmicrohttpd calls this for the head, for each part of a body, and last. */
static enum MHD_Result
handle(void *cls, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_size, void **request_cls)
{
	struct request r = { .method = method, .version = version };
	struct transfer *t = *request_cls;
	bool first;
	size_t i;

	(void)cls;
	(void)url;
	(void)upload;
	if (t == NULL)
		return MHD_NO;
	first = !t->begun;
	t->begun = true;
	/*
	 * What is answered at once closes the connection: that is for those
	 * who would send us something, so that we need not read it.
	 */
	if (first && (request_is_get(&r) || request_is_head(&r)))
		return MHD_YES;
	if (!first && *upload_size > 0) {
		*upload_size = 0;
		return MHD_YES;
	}
	for (i = 0; i < FIELD_COUNT; i++)
		r.field[i] = MHD_lookup_connection_value(connection,
		    MHD_HEADER_KIND, request_field_name((enum request_field)i));
	lookup_file(&t->lookup, t->server->config.bootfd,
	    t->known ? &t->mac : NULL);
	answer_make(&t->answer, &r, &t->lookup.found);
	return respond(t, connection);
}

/*
 * Octets of the body that the client has, after it broke off: what the kernel
 * took, less what it has not been acknowledged.
 */
static uint64_t
delivered(const struct transfer *t, struct MHD_Connection *connection)
{
	int fd = info_of(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->
	    connect_fd, waiting = 0;

	if (ioctl(fd, SIOCOUTQ, &waiting) == -1 || waiting < 0 ||
	    (uint64_t)waiting > t->handed)
		return 0;
	return t->handed - (uint64_t)waiting;
}

/* libmicrohttpd calls this once for each begin(). */
static void
end(void *cls, struct MHD_Connection *connection, void **request_cls,
    enum MHD_RequestTerminationCode code)
{
	struct server *server = cls;
	struct transfer *t = *request_cls;
	struct outcome o = { 0 };

	if (t == NULL)
		return;
	*request_cls = NULL;
	o.client = t->client;
	o.who = t->known ? &t->mac : NULL;
	o.took_ms = daemon_now_ms() - t->start_ms;
	if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK)
		o.octets = delivered(t, connection);
	else if (t->answer.has_body)
		o.octets = answer_length(&t->answer);
	if (t->answered)
		record_answer(server->config.seen, &t->lookup.found,
		    &t->answer, &o);
	else
		record_broken(t->lookup.name, &o);
	lookup_close(&t->lookup);
	free(t);
	server->transfers--;
}

static void
count_connection(void *cls, struct MHD_Connection *connection,
    void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	const bool opened = code == MHD_CONNECTION_NOTIFY_STARTED;
	struct server *server = cls;
	char client[ADDRESS_TEXT];

	(void)socket_context;
	if (opened)
		server->connections++;
	else
		server->connections--;
	log_debug("connection %s: client=%s connections=%zu", opened ?
	    "opened" : "closed", address_format(info_of(connection,
	    MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr, client),
	    server->connections);
}

struct server *
server_start(const struct server_config *config)
{
	struct server *server = calloc(1, sizeof(*server));

	if (server == NULL)
		return NULL;
	server->config = *config;
	server->mhd = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL,
	    handle, server,
	    MHD_OPTION_URI_LOG_CALLBACK, begin, server,
	    MHD_OPTION_NOTIFY_COMPLETED, end, server,
	    MHD_OPTION_NOTIFY_CONNECTION, count_connection, server,
	    MHD_OPTION_CONNECTION_LIMIT, config->connections,
	    MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_END);
	if (server->mhd != NULL)
		return server;
	free(server);
	return NULL;
}

void
server_stop(struct server *server)
{
	MHD_stop_daemon(server->mhd);
	free(server);
}

int
server_fd(const struct server *server)
{
	return MHD_get_daemon_info(server->mhd, MHD_DAEMON_INFO_EPOLL_FD)->
	    epoll_fd;
}

int
server_timeout(const struct server *server)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(server->mhd, &ms) != MHD_YES)
		return -1;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

void
server_run(struct server *server)
{
	MHD_run(server->mhd);
}

bool
server_add(struct server *server, int fd, const struct sockaddr *peer,
    socklen_t len)
{
	const int unsent = UNSENT_MAX;

	/* Fails for what is no TCP socket, which has no slow line either. */
	setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent,
	    sizeof(unsent));
	return MHD_add_connection(server->mhd, fd, peer, len) == MHD_YES;
}

bool
server_has_room(const struct server *server)
{
	return server->connections < server->config.connections;
}

size_t
server_connections(const struct server *server)
{
	return server->connections;
}

size_t
server_transfers(const struct server *server)
{
	return server->transfers;
}

void
server_drain(struct server *server)
{
	server->draining = true;
}
