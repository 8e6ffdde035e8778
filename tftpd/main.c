/* SPDX-License-Identifier: ISC */
/* tftpd: flags, privileges, start and stop. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/confine.h"
#include "common/daemon.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/seen.h"
#include "tftpd/explain.h"
#include "tftpd/server.h"

#define PORT 69
#define FLAGS_USAGE "[-1c] [-m mac]"
#define IDLE_MS (60 * 1000)	/* under inetd: then it can start us anew */
#define DRAIN_MS (20 * 1000)	/* for transfers under way at SIGTERM */
#define FDS_SPARE (32 + SERVER_PORTS_MAX)	/* for all but transfers */
#define FDS_EACH 1		/* a transfer's file, if nobody else has it */

struct options {
	struct daemon daemon;
	bool one_port;		/* -1 */
	bool any_case;		/* -c */
	struct mac mac;		/* -m */
	bool known;		/* it was given */
};

static void
take_mac(struct options *o, const char *text)
{
	if (!mac_parse(text, &o->mac))
		log_fatal(EXIT_USER, "-m %s: no hardware address; say "
		    "52-54-00-12-34-56", text);
	o->known = true;
}

static void
parse_flags(struct options *o, int argc, char **argv)
{
	int flag;

	memset(o, 0, sizeof(*o));
	daemon_init(&o->daemon, "tftpd", PORT);
	while ((flag = getopt(argc, argv, DAEMON_FLAGS "1cm:")) != -1) {
		if (flag == '1')
			o->one_port = true;
		else if (flag == 'c')
			o->any_case = true;
		else if (flag == 'm')
			take_mac(o, optarg);
		else if (!daemon_flag(&o->daemon, flag, optarg))
			daemon_usage(&o->daemon, FLAGS_USAGE);
	}
	if (optind != argc)
		daemon_usage(&o->daemon, FLAGS_USAGE);
}

static int
explain_request(const struct options *o, int bootfd)
{
	uint8_t packet[TFTP_REQUEST_MAX + 1];
	size_t len = fread(packet, 1, sizeof(packet), stdin);

	if (ferror(stdin))
		log_fatal(EXIT_SYSTEM, "read the request: %s",
		    strerror(errno));
	explain(stdout, bootfd, o->known ? &o->mac : NULL, o->any_case,
	    packet, len);
	if (fflush(stdout) == EOF)
		log_fatal(EXIT_SYSTEM, "write the answer: %s",
		    strerror(errno));
	return EXIT_OK;
}

static void
take_inherited(struct server *server, int fd)
{
	socklen_t len = sizeof(int);
	int type = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == -1 ||
	    type != SOCK_DGRAM)
		log_fatal(EXIT_USER, "inherited descriptor %d: no datagram "
		    "socket, and TFTP is UDP", fd);
	if (server_listen(server, fd) == -1)
		log_fatal(EXIT_SYSTEM, "inherited socket: %s",
		    strerror(errno));
}

/* `where' is for the log: what is listened on. */
static void
listen_on(struct server *server, const struct daemon *d, const int *fds,
    size_t n, char *where, size_t size)
{
	int bound;
	size_t i;

	for (i = 0; i < n; i++)
		take_inherited(server, fds[i]);
	snprintf(where, size, "inherited socket");
	if (n > 0)
		return;
	bound = listen_bind(SOCK_DGRAM, d->listen, d->port, d->interface);
	if (bound == -1)
		listen_fatal(d->listen, d->port, d->interface);
	if (server_listen(server, bound) == -1)
		log_fatal(EXIT_SYSTEM, "listen: %s", strerror(errno));
	snprintf(where, size, "%s port %u", d->listen == NULL ? "any" :
	    d->listen, d->port);
}

/* Until a signal; under inetd until nothing was asked for a while. */
static void
serve(struct server *server, bool idle_ends)
{
	while (!server_turn(server, IDLE_MS))
		if (idle_ends && server->peers.n == 0 &&
		    daemon_now_ms() - server->active_ms >= IDLE_MS)
			return;
}

/* Transfers under way may finish, for a while or until a second signal. */
static void
drain(struct server *server, int signals)
{
	const int64_t until_ms = daemon_now_ms() + DRAIN_MS;
	char info[1024];

	server_deafen(server);
	while (read(signals, info, sizeof(info)) > 0)
		continue;
	if (server->peers.n > 0)
		log_info("stopping: transfers=%zu finish first",
		    server->peers.n);
	while (server->peers.n > 0 && daemon_now_ms() < until_ms)
		if (server_turn(server, (int)(until_ms - daemon_now_ms())))
			break;
}

static struct server *
new_server(int bootfd, struct seen *seen)
{
	const size_t transfers = daemon_capacity(SERVER_TRANSFERS_MAX,
	    FDS_EACH, FDS_SPARE);
	struct server *server = malloc(sizeof(*server));

	if (server == NULL)
		log_fatal(EXIT_SYSTEM, "start: %s", strerror(errno));
	server_open(server, bootfd, seen, transfers);
	return server;
}

static int
serve_until_told(struct options *o, int bootfd, enum listen_origin origin,
    const int *fds, size_t nfds)
{
	struct daemon *d = &o->daemon;
	struct confine confinement = { .user = d->user, .bootfd = bootfd };
	struct server *server;
	struct seen seen;
	char where[128];
	int signals;

	seen_open(&seen, bootfd, d->prog);
	server = new_server(bootfd, &seen);
	server->one_port = o->one_port;
	server->any_case = o->any_case;
	listen_on(server, d, fds, nfds, where, sizeof(where));
	confinement.seenfd = seen.fd;
	confine(&confinement);
	signals = daemon_signals();
	seen_start(&seen);
	server_watch(server, signals);
	daemon_ready(d, where);
	serve(server, origin == LISTEN_INETD_WAIT);
	drain(server, signals);
	server_close(server);
	free(server);
	seen_stop(&seen);
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	enum listen_origin origin = LISTEN_NONE;
	int fds[SERVER_LISTENERS_MAX], bootfd;
	struct options o;
	size_t nfds = 0;

	parse_flags(&o, argc, argv);
	if (!o.daemon.explain && !o.daemon.check)
		origin = listen_inherited(fds, SERVER_LISTENERS_MAX, &nfds);
	log_open(o.daemon.prog, o.daemon.verbose,
	    origin == LISTEN_INETD_WAIT || origin == LISTEN_INETD_NOWAIT);
	if (origin == LISTEN_INETD_NOWAIT)
		log_fatal(EXIT_USER, "inetd: tftpd is a `wait' service");
	bootfd = daemon_bootdir(&o.daemon);
	if (o.daemon.explain)
		return explain_request(&o, bootfd);
	if (o.daemon.check)
		return daemon_check_pub(&o.daemon, bootfd);
	return serve_until_told(&o, bootfd, origin, fds, nfds);
}
