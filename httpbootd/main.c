/* SPDX-License-Identifier: ISC */
/* httpbootd: sockets, privileges, the loop. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "common/confine.h"
#include "common/daemon.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/pace.h"
#include "common/seen.h"
#include "httpbootd/explain.h"
#include "httpbootd/lookup.h"
#include "httpbootd/options.h"
#include "httpbootd/report.h"
#include "httpbootd/server.h"

#define LISTENERS_MAX 16
#define CONNECTIONS_MAX 16384
#define EACH_PART 4		/* one address may have 1/4 of them */
#define ACCEPT_AT_ONCE 64	/* so that those being served wait little */
#define ACCEPT_PAUSE_MS 100	/* after accept(2) failed */
#define TELL_MS 1000
#define IDLE_MS (60 * 1000)	/* under inetd: then it can start us anew */
#define DRAIN_MS (30 * 1000)	/* for transfers under way at SIGTERM */
#define HEAD_MAX 65536		/* octets of a request to explain */

/* What the loop knows. */
struct loop {
	struct server *server;
	int signals;
	int listeners[LISTENERS_MAX];
	size_t nlisteners;
	bool once;		/* inetd nowait: ends with its connection */
	bool idle_ends;		/* inetd wait: ends when nobody asks */
	int64_t active_ms;	/* when there was a connection last */
	int64_t pause_ms;	/* no accept(2) before this */
	size_t dropped;		/* connections, not yet told of */
	int64_t told_ms;	/* when they were last */
};

static int
explain_request(const struct options *o, int bootfd)
{
	static char head[HEAD_MAX + 1], text[EXPLAIN_TEXT];
	char mac[MAC_TEXT];
	struct request request;
	struct answer answer;
	struct lookup lookup;
	enum report_kind kind;
	struct report report;
	struct stat st;
	size_t len = fread(head, 1, HEAD_MAX, stdin);

	if (ferror(stdin))
		log_fatal(EXIT_SYSTEM, "read the request: %s",
		    strerror(errno));
	if (!request_parse(&request, head, len)) {
		printf("request: broken\nstatus: 400 Bad Request\n");
	} else {
		lookup_target(&lookup, request.target);
		kind = report_parse(&report, request.target);
		if (kind != REPORT_NONE)
			lookup.found.reason = report_decide(kind, &request,
			    o->known, true);
		lookup_file(&lookup, bootfd, o->known ? &o->mac : NULL, &st);
		answer_make(&answer, &request, &lookup.found);
		fputs(explain(text, &request, o->known ?
		    mac_format(&o->mac, mac) : NULL, &lookup.found, &answer,
		    o->daemon.verbose), stdout);
		lookup_close(&lookup);
	}
	if (fflush(stdout) == EOF)
		log_fatal(EXIT_SYSTEM, "write the answer: %s",
		    strerror(errno));
	return EXIT_OK;
}

static void
check_stream(int fd)
{
	socklen_t len = sizeof(int);
	int type = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == -1 ||
	    type != SOCK_STREAM)
		log_fatal(EXIT_USER, "inherited descriptor %d: no stream "
		    "socket, and HTTP is TCP", fd);
}

/* `where' is for the log: what is listened on. */
static void
listen_on(struct loop *loop, const struct daemon *d, char *where, size_t size)
{
	size_t i;

	for (i = 0; i < loop->nlisteners; i++) {
		check_stream(loop->listeners[i]);
		pace_leave(loop->listeners[i]);
	}
	snprintf(where, size, "inherited socket");
	if (loop->nlisteners > 0)
		return;
	loop->listeners[0] = listen_bind(SOCK_STREAM, d->listen, d->port,
	    d->interface);
	if (loop->listeners[0] == -1)
		listen_fatal(d->listen, d->port, d->interface);
	pace_leave(loop->listeners[0]);
	loop->nlisteners = 1;
	snprintf(where, size, "%s port %u", d->listen == NULL ? "any" :
	    d->listen, d->port);
}

/* The one connection that inetd accepted; its peer may have gone already. */
static void
take_connection(struct loop *loop)
{
	union address peer = { .sa = { .sa_family = AF_UNSPEC } };
	socklen_t len = sizeof(peer);

	loop->nlisteners = 0;
	if (getpeername(loop->listeners[0], &peer.sa, &len) == -1) {
		log_info("the client has gone: %s", strerror(errno));
		return;
	}
	if (!server_add(loop->server, loop->listeners[0], &peer.sa, len))
		log_fatal(EXIT_SYSTEM, "inherited connection: %s",
		    strerror(errno));
}

static void
accept_some(struct loop *loop, int listener)
{
	union address peer;
	socklen_t len;
	int fd, n;

	for (n = 0; n < ACCEPT_AT_ONCE; n++) {
		len = sizeof(peer);
		fd = accept4(listener, &peer.sa, &len,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd == -1)
			break;
		if (!server_add(loop->server, fd, &peer.sa, len))
			loop->dropped++;
	}
	/* Those who hung up while they waited are no failure. */
	if (n == ACCEPT_AT_ONCE || errno == EAGAIN || errno == ECONNABORTED || errno == EINTR)
		return;
	log_warn("accept: %s", strerror(errno));
	loop->pause_ms = daemon_now_ms() + ACCEPT_PAUSE_MS;
}

/* Of a flood one line a second. */
static void
tell_dropped(struct loop *loop)
{
	const int64_t now_ms = daemon_now_ms();

	if (loop->dropped == 0 || now_ms - loop->told_ms < TELL_MS)
		return;
	log_warn("%zu connections too many were dropped", loop->dropped);
	loop->dropped = 0;
	loop->told_ms = now_ms;
}

static int
sooner(int a_ms, int b_ms)
{
	if (a_ms < 0 || b_ms < 0)
		return a_ms < 0 ? b_ms : a_ms;
	return a_ms < b_ms ? a_ms : b_ms;
}

/*
 * Waits, at most so long (-1: for ever), and does what is due.  True when a
 * signal tells us to end.
 */
static bool
turn(struct loop *loop, int timeout_ms)
{
	struct pollfd fds[2 + LISTENERS_MAX] = {
		{ .fd = loop->signals, .events = POLLIN },
		{ .fd = server_fd(loop->server), .events = POLLIN },
	};
	const bool paused = daemon_now_ms() < loop->pause_ms;
	nfds_t n = 2;
	size_t i;

	if (!paused)
		for (i = 0; i < loop->nlisteners; i++)
			fds[n++] = (struct pollfd){
				.fd = loop->listeners[i], .events = POLLIN,
			};
	if (paused)
		timeout_ms = sooner(timeout_ms, ACCEPT_PAUSE_MS);
	timeout_ms = sooner(timeout_ms, server_timeout(loop->server));
	if (poll(fds, n, timeout_ms) == -1 && errno != EINTR)
		log_fatal(EXIT_SYSTEM, "poll: %s", strerror(errno));
	for (i = 2; i < n; i++)
		if (fds[i].revents != 0)
			accept_some(loop, fds[i].fd);
	tell_dropped(loop);
	server_run(loop->server);
	if (server_connections(loop->server) > 0)
		loop->active_ms = daemon_now_ms();
	return fds[0].revents != 0;
}

/* Until a signal; under inetd until there is nobody left to serve. */
static void
serve(struct loop *loop)
{
	loop->active_ms = daemon_now_ms();
	while (!loop->once || server_connections(loop->server) > 0) {
		if (turn(loop, loop->idle_ends ? IDLE_MS : -1))
			return;
		if (loop->idle_ends &&
		    daemon_now_ms() - loop->active_ms >= IDLE_MS)
			return;
	}
}

/* Transfers under way may finish, for a while or until a second signal. */
static void
drain(struct loop *loop)
{
	const int64_t until_ms = daemon_now_ms() + DRAIN_MS;
	char info[1024];

	while (loop->nlisteners > 0)
		close(loop->listeners[--loop->nlisteners]);
	while (read(loop->signals, info, sizeof(info)) > 0)
		continue;
	server_drain(loop->server);
	if (server_transfers(loop->server) > 0)
		log_info("stopping: %zu transfers finish first",
		    server_transfers(loop->server));
	while (server_transfers(loop->server) > 0 && daemon_now_ms() < until_ms)
		if (turn(loop, (int)(until_ms - daemon_now_ms())))
			break;
}

/* How many at once, and from one address. */
static void
set_limits(struct server_config *config, const struct options *o)
{
	const size_t n = daemon_capacity(CONNECTIONS_MAX, 1, SERVER_FDS);

	config->connections = (unsigned)n;
	config->each = o->each != 0 ? o->each :
	    (unsigned)(n < EACH_PART ? n : n / EACH_PART);
}

/* Before privileges go: the key is root's alone. */
static void
read_keys(struct server_config *config, const struct options *o)
{
	if (o->key == NULL)
		return;
	if (!server_knows_tls())
		log_fatal(EXIT_USER, "-c, -k: the libmicrohttpd here was "
		    "built without HTTPS");
	config->certificate = options_read_pem(o->certificate);
	config->key = options_read_pem(o->key);
}

static void
start_server(struct loop *loop, const struct options *o,
    const struct server_config *config)
{
	errno = 0;
	loop->server = server_start(config);
	if (loop->server != NULL)
		return;
	if (config->key != NULL)
		log_fatal(EXIT_USER, "%s, %s: no certificate and key that "
		    "belong together", o->certificate, o->key);
	log_fatal(EXIT_SYSTEM, "start libmicrohttpd: %s", strerror(errno));
}

static int
serve_until_told(struct options *o, int bootfd, struct loop *loop)
{
	struct daemon *d = &o->daemon;
	struct confine confinement = { .user = d->user, .bootfd = bootfd };
	struct server_config config = {
		.bootfd = bootfd, .verbose = d->verbose,
	};
	struct seen seen;
	char where[128];

	seen_open(&seen, bootfd, d->prog);
	listen_on(loop, d, where, sizeof(where));
	config.seen = &seen;
	set_limits(&config, o);
	read_keys(&config, o);
	confinement.seenfd = seen.fd;
	confine(&confinement);
	loop->signals = daemon_signals();
	seen_start(&seen);
	start_server(loop, o, &config);
	if (loop->once)
		take_connection(loop);
	daemon_ready(d, where);
	serve(loop);
	drain(loop);
	server_stop(loop->server);
	seen_stop(&seen);
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	enum listen_origin origin = LISTEN_NONE;
	struct loop loop = { 0 };
	struct options o;
	int bootfd;

	options_parse(&o, argc, argv);
	if (!o.daemon.explain && !o.daemon.check)
		origin = listen_inherited(loop.listeners, LISTENERS_MAX,
		    &loop.nlisteners);
	loop.once = origin == LISTEN_INETD_NOWAIT;
	loop.idle_ends = origin == LISTEN_INETD_WAIT;
	log_open(o.daemon.prog, o.daemon.verbose,
	    loop.once || loop.idle_ends);
	bootfd = daemon_bootdir(&o.daemon);
	if (o.daemon.check)
		return daemon_check_pub(&o.daemon, bootfd);
	if (o.daemon.explain)
		return explain_request(&o, bootfd);
	return serve_until_told(&o, bootfd, &loop);
}
