/* SPDX-License-Identifier: ISC */
/* HTTP connections: libmicrohttpd, from a request's head to its answer. */
#include "httpbootd/server.h"

#include <sys/socket.h>

#include <limits.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/daemon.h"
#include "common/log.h"
#include "httpbootd/guests.h"
#include "httpbootd/tcp.h"
#include "httpbootd/transfer.h"

/*
 * Without a step forward for so long a connection is closed.  Firmware gives
 * up after 5 s (EDK2 PcdHttpIoTimeout), but a switch port that comes up again
 * may take 50 s, and then TCP goes on where it was.
 */
#define STALL_SECONDS 120U
/* Request heads up to about this many octets: a name of 1 KiB, all escaped. */
#define CONNECTION_MEMORY ((size_t)(8 * 1024))
/* Octets of a file that are read at once, where sendfile(2) is not used. */
#define BLOCK ((uint64_t)(64 * 1024))

struct server {
	struct MHD_Daemon *mhd;
	struct site site;
	struct guests guests;
	struct visitor *entering;	/* while its connection is made */
	bool tls;
	size_t connections;	/* at most */
	size_t transfers;
	bool draining;
};

static const union MHD_ConnectionInfo *
info_of(struct MHD_Connection *connection, enum MHD_ConnectionInfoType type)
{
	return MHD_get_connection_info(connection, type);
}

static struct visitor *
visitor_of(struct MHD_Connection *connection)
{
	return info_of(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->
	    socket_context;
}

/* libmicrohttpd calls this with the target, still as the client wrote it. */
static void *
begin(void *cls, const char *target, struct MHD_Connection *connection)
{
	struct server *server = cls;
	struct transfer *t = transfer_begin(&server->site,
	    visitor_of(connection), target == NULL ? "" : target,
	    daemon_now_ms());

	server->transfers += t != NULL;
	return t;
}

static ssize_t
read_body(void *cls, uint64_t pos, char *buffer, size_t size)
{
	ssize_t len = transfer_read(cls, pos, buffer, size);

	return len == -1 ? MHD_CONTENT_READER_END_WITH_ERROR : len;
}

static void
put_held(void *cls)
{
	held_put(cls);
}

static void
drop_response(void *response)
{
	MHD_destroy_response(response);
}

static struct MHD_Response *
copy_response(struct transfer *t)
{
	const struct span *span = &t->answer->span;
	struct held *h = t->held;
	struct MHD_Response *response =
	    MHD_create_response_from_buffer_with_free_callback_cls(
	    (size_t)span->length, h->copy + span->first, put_held, h);

	if (response != NULL)
		held_use(h);
	return response;
}

/* One block after the other: for TLS, and where descriptors run short. */
static struct MHD_Response *
reading_response(struct transfer *t)
{
	const struct answer *a = t->answer;
	uint64_t block = a->span.length < BLOCK ? a->span.length : BLOCK;

	t->reads = true;
	return MHD_create_response_from_callback(a->span.length,
	    block == 0 || !a->has_body ? 1 : (size_t)block, read_body, t, NULL);
}

/* libmicrohttpd closes the descriptor, which is why it has one of its own. */
static struct MHD_Response *
sendfile_response(struct transfer *t, int fd)
{
	const struct span *span = &t->answer->span;
	struct MHD_Response *response = MHD_create_response_from_fd_at_offset64(
	    span->length, fd, span->first);

	t->lent = true;
	if (response == NULL)
		close(fd);
	return response;
}

/* The octets of a file. */
static struct MHD_Response *
file_response(struct server *server, struct transfer *t)
{
	int fd = -1;

	if (t->held->copy != NULL && !server->tls)
		return copy_response(t);
	if (t->answer->has_body && t->answer->span.length > 0 && !server->tls)
		fd = held_lend(t->held);
	return fd == -1 ? reading_response(t) : sendfile_response(t, fd);
}

static struct MHD_Response *
words_response(const struct answer *a)
{
	char words[ANSWER_WORDS];

	strlcpy(words, a->words, sizeof(words));
	return MHD_create_response_from_buffer(strlen(words), words,
	    MHD_RESPMEM_MUST_COPY);
}

static struct MHD_Response *
make_response(struct server *server, struct transfer *t, bool last)
{
	const struct answer *a = t->answer;
	struct MHD_Response *response = a->has_file ?
	    file_response(server, t) : words_response(a);
	enum MHD_Result result = MHD_YES;
	size_t i;

	if (response == NULL)
		return NULL;
	for (i = 0; i < a->nheaders && result == MHD_YES; i++)
		result = MHD_add_response_header(response, a->header[i].name,
		    a->header[i].value);
	if (result == MHD_YES && last)
		result = MHD_add_response_header(response, "Connection",
		    "close");
	if (result == MHD_YES)
		return response;
	MHD_destroy_response(response);
	return NULL;
}

/* The one that is kept with the file, made by the first who needs it. */
static struct MHD_Response *
common_response(struct server *server, struct transfer *t)
{
	struct held *h = t->held;
	struct MHD_Response *response;

	if (h->kept != NULL)
		return h->kept;
	response = make_response(server, t, false);
	/* One that reads is for its own transfer. */
	if (response == NULL || t->reads)
		return response;
	h->kept = response;
	h->drop = drop_response;
	h->kept_lent = t->lent;
	t->lent = false;
	return response;
}

static enum MHD_Result
respond(struct server *server, struct transfer *t,
    struct MHD_Connection *connection)
{
	const bool last = server->draining || t->visitor->guest.refused;
	const bool common = !last && !server->tls && transfer_is_common(t);
	struct MHD_Response *response = common ? common_response(server, t) :
	    make_response(server, t, last);

	if (response == NULL)
		return MHD_NO;
	if (!server->tls)
		transfer_watch(t);
	t->answered = MHD_queue_response(connection, t->answer->status,
	    response) == MHD_YES;
	if (!common || t->reads)
		MHD_destroy_response(response);
	return t->answered ? MHD_YES : MHD_NO;
}

/* Connections and open files share the descriptors. */
static void
share_descriptors(struct server *server)
{
	const size_t all = server->connections + SERVER_FILES;
	const size_t files = server->site.held.open;

	server->site.held.room = all - server->guests.n;
	server->guests.max = files < SERVER_FILES ? server->connections :
	    all - files;
}

/* libmicrohttpd calls this for the head, for each part of a body, and last. */
static enum MHD_Result
handle(void *cls, struct MHD_Connection *connection, const char *url,
    const char *method, const char *version, const char *upload,
    size_t *upload_size, void **request_cls)
{
	struct request r = { .method = method, .version = version };
	struct server *server = cls;
	struct transfer *t = *request_cls;
	bool first;
	size_t i;

	(void)url;
	if (t == NULL)
		return MHD_NO;
	first = !t->begun;
	t->begun = true;
	/*
	 * What is answered at once closes the connection: that is for those
	 * who would send us something, so that we need not read it.
	 */
	if (first && (request_is_get(&r) || request_is_head(&r) ||
	    t->kind != REPORT_NONE))
		return MHD_YES;
	if (!first && *upload_size > 0) {
		if (!transfer_upload(t, upload, *upload_size))
			return MHD_NO;
		*upload_size = 0;
		return MHD_YES;
	}
	for (i = 0; i < FIELD_COUNT; i++)
		r.field[i] = MHD_lookup_connection_value(connection,
		    MHD_HEADER_KIND, request_field_name((enum request_field)i));
	guests_asked(&server->guests, &t->visitor->guest);
	share_descriptors(server);
	if (!transfer_answer(t, &r, daemon_now_ms()))
		return MHD_NO;
	return respond(server, t, connection);
}

/* libmicrohttpd calls this once for each begin(). */
static void
end(void *cls, struct MHD_Connection *connection, void **request_cls,
    enum MHD_RequestTerminationCode code)
{
	struct server *server = cls;
	struct transfer *t = *request_cls;
	const int64_t now_ms = daemon_now_ms();
	uint64_t octets = 0;

	(void)connection;
	if (t == NULL)
		return;
	*request_cls = NULL;
	if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK ||
	    !transfer_is_whole(t))
		octets = transfer_delivered(t);
	else if (t->answer->has_body)
		octets = answer_length(t->answer);
	guests_served(&server->guests, &t->visitor->guest, now_ms);
	transfer_end(t, octets, now_ms);
	server->transfers--;
}

static void
say_connection(const struct server *server, const struct visitor *v,
    const char *what)
{
	char client[ADDRESS_TEXT];

	if (server->site.verbose)
		log_debug("connection %s: client=%s connections=%zu", what,
		    address_format(&v->guest.address.sa, client),
		    server_connections(server));
}

static void
note_connection(void *cls, struct MHD_Connection *connection,
    void **socket_context, enum MHD_ConnectionNotificationCode code)
{
	struct server *server = cls;

	(void)connection;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = server->entering;
		say_connection(server, server->entering, "opened");
		return;
	}
	guests_leave(&server->guests, *socket_context);
	say_connection(server, *socket_context, "closed");
	free(*socket_context);
}

static struct MHD_Daemon *
start_mhd(struct server *server, const struct server_config *config)
{
	const unsigned flags = config->key == NULL ? 0 : MHD_USE_TLS;
	const struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, config->certificate },
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, config->key },
		{ MHD_OPTION_END, 0, NULL },
	};
	const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	return MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | flags, 0, NULL, NULL,
	    handle, server,
	    MHD_OPTION_URI_LOG_CALLBACK, begin, server,
	    MHD_OPTION_NOTIFY_COMPLETED, end, server,
	    MHD_OPTION_NOTIFY_CONNECTION, note_connection, server,
	    MHD_OPTION_CONNECTION_LIMIT, config->connections +
	    GUESTS_OVER_MAX + GUESTS_REFUSED_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, STALL_SECONDS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_ARRAY, config->key == NULL ? none : tls,
	    MHD_OPTION_END);
}

struct server *
server_start(const struct server_config *config)
{
	struct server *server = calloc(1, sizeof(*server));

	if (server == NULL)
		return NULL;
	server->site.seen = config->seen;
	server->site.verbose = config->verbose;
	server->site.held.bootfd = config->bootfd;
	server->tls = config->key != NULL;
	server->connections = config->connections;
	guests_init(&server->guests, config->connections, config->each);
	server->mhd = start_mhd(server, config);
	if (server->mhd != NULL)
		return server;
	free(server);
	return NULL;
}

bool
server_knows_tls(void)
{
	return MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_YES;
}

void
server_stop(struct server *server)
{
	MHD_stop_daemon(server->mhd);
	held_expire(&server->site.held, INT64_MAX);
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
	int due_ms = guests_timeout(&server->guests, daemon_now_ms());
	MHD_UNSIGNED_LONG_LONG ms;

	/* Files may have to be let go, or be altered while they are sent. */
	if (server->site.held.open > 0 &&
	    (due_ms < 0 || due_ms > HELD_KEEP_MS))
		due_ms = HELD_KEEP_MS;
	if (MHD_get_timeout(server->mhd, &ms) != MHD_YES)
		return due_ms;
	return due_ms >= 0 && ms > (unsigned)due_ms ? due_ms :
	    ms > INT_MAX ? INT_MAX : (int)ms;
}

void
server_run(struct server *server)
{
	const int64_t now_ms = daemon_now_ms();
	struct guest *guest;

	while ((guest = guests_overdue(&server->guests, now_ms)) != NULL)
		tcp_hang_up(guest->fd);
	held_expire(&server->site.held, now_ms);
	transfers_look(&server->site, now_ms);
	MHD_run(server->mhd);
}

bool
server_add(struct server *server, int fd, const struct sockaddr *peer,
    socklen_t len)
{
	struct visitor *v = calloc(1, sizeof(*v));

	share_descriptors(server);
	if (v == NULL || !guests_enter(&server->guests, &v->guest, fd, peer,
	    daemon_now_ms())) {
		free(v);
		close(fd);
		return false;
	}
	tcp_tune(fd, server->tls);
	server->entering = v;
	if (MHD_add_connection(server->mhd, fd, peer, len) == MHD_YES)
		return true;
	guests_leave(&server->guests, &v->guest);
	free(v);
	return false;
}

size_t
server_connections(const struct server *server)
{
	return server->guests.n + server->guests.refused;
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
