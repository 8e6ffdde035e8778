/* SPDX-License-Identifier: ISC */
/* nfsroot-helper: root/ of the boot directory by NFS version 3, read-only. */
#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/confine.h"
#include "common/daemon.h"
#include "common/listen.h"
#include "common/log.h"
#include "nfsroot-helper/explain.h"
#include "nfsroot-helper/ports.h"
#include "nfsroot-helper/record.h"
#include "nfsroot-helper/server.h"
#include "nfsroot-helper/translate.h"

#define PORT 2049
#define FLAGS "a:" DAEMON_FLAGS "m:x:"
#define USAGE "[-a net|local|seen|any] [-m yes|no] [-x nfsd|ganesha]"
#define FDS_MAX 16		/* listening sockets */
#define NODES_MAX 65536		/* about 10 MiB */
#define OPEN_MAX_FILES 4096
#define PEERS_MAX 65536
#define FDS_RESERVED (2 * INDEX_DEPTH_MAX + 64) /* a scan, log, listeners */

struct flags {
	struct guests guests;	/* -a */
	const char *mapper;	/* -m: "yes", "no"; NULL: by the port */
	bool translate;		/* -x: for another server */
	enum nfsexport foreign;
};

static void
parse_flags(struct daemon *d, struct flags *f, int argc, char **argv)
{
	int flag;

	daemon_init(d, "nfsroot-helper", PORT);
	log_open(d->prog, false, false);
	guests_init(&f->guests);
	while ((flag = getopt(argc, argv, FLAGS)) != -1)
		if (flag == 'a') {
			if (!guests_add(&f->guests, optarg))
				log_fatal(EXIT_USER, "-a %s: say a network as "
				    "10.0.0.0/8, local, seen or any", optarg);
		} else if (flag == 'x') {
			f->translate = true;
			if (!nfsexport_kind_parse(optarg, &f->foreign))
				daemon_usage(d, USAGE);
		} else if (flag == 'm')
			f->mapper = optarg;
		else if (!daemon_flag(d, flag, optarg))
			daemon_usage(d, USAGE);
	if (f->mapper != NULL && strcmp(f->mapper, "yes") != 0 &&
	    strcmp(f->mapper, "no") != 0)
		daemon_usage(d, USAGE);
	if (optind != argc)
		daemon_usage(d, USAGE);
}

/* All the descriptors that the system lets us have; how many they are. */
static size_t
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
		return 256;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > 1u << 20 ? 1u << 20 : (size_t)limit.rlim_cur;
}

static size_t
at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

static struct service *
new_service(int bootfd, size_t descriptors)
{
	struct service *s = calloc(1, sizeof(*s));

	if (s == NULL || !tree_init(&s->tree, bootfd, NODES_MAX,
	    at_most(descriptors / 4, OPEN_MAX_FILES)))
		log_fatal(EXIT_SYSTEM, "start: %s", strerror(errno));
	tree_at(&s->tree, daemon_now_ms());
	mounts_init(&s->mounts);
	s->bootfd = bootfd;
	return s;
}

static void
free_service(struct service *s)
{
	tree_free(&s->tree);
	mounts_free(&s->mounts);
	free(s);
}

/* -e: one record, without its mark, and what would be answered. */
static int
explain_record(int bootfd)
{
	static uint8_t record[RECORD_MAX + 1], reply[ANSWER_MAX];
	static char text[16384];
	struct service *s = new_service(bootfd, 1024);
	struct asker asker = { .host = "127.0.0.1", .trusted = true,
	    .local.s_addr = htonl(INADDR_LOOPBACK) };
	/* Only looked at: to explain makes no seen/ where there is none. */
	const struct seen seen = { .fd = bootdir_openat(bootfd, "seen",
	    O_PATH | O_DIRECTORY) };
	static struct answer a;
	struct wire_out out;
	unsigned patience = 1;
	bool finished;
	size_t len;

	len = fread(record, 1, sizeof(record), stdin);
	if (len == sizeof(record))
		log_fatal(EXIT_USER, "standard input: longer than a record");
	wire_out_init(&out, reply, sizeof(reply));
	s->seen = &seen;
	ports_note(&s->portmap, PORTMAP_PORT, PORTMAP_UDP);
	ports_note(&s->portmap, PORT, PORTMAP_TCP);
	ports_note(&s->portmap, PORT, PORTMAP_UDP);
	answer_call(s, &asker, record, len, patience, &out, &a);
	while (a.kind == ANSWER_WAIT) {
		do {
			exports_work(&s->tree.exports, daemon_now_ms(),
			    &finished);
		} while (!finished);
		answer_call(s, &asker, record, len, --patience, &out, &a);
	}
	fputs(explain(&a, text, sizeof(text)), stdout);
	if (seen.fd != -1)
		close(seen.fd);
	free_service(s);
	return EXIT_OK;
}

struct check {
	struct service *service;
	size_t exports, bad;
};

static void
check_export(void *arg, const char *name)
{
	struct check *c = arg;

	c->exports++;
	if (exports_named(&c->service->tree.exports, name,
	    c->service->tree.now) != NULL)
		return;
	log_warn("root/%s: %s", name, strerror(errno));
	c->bad++;
}

/* -n: can every export be opened? */
static int
check_bootdir(const struct daemon *d, int bootfd)
{
	struct check c = { .service = new_service(bootfd, 1024) };
	int result;

	result = exports_each(&c.service->tree.exports, check_export, &c);
	if (result == -1)
		log_fatal(EXIT_USER, "%s/root: %s; make it, and a root file "
		    "system in it", d->bootdir, strerror(errno));
	free_service(c.service);
	if (c.bad > 0)
		log_fatal(EXIT_USER, "%zu of %zu exports cannot be opened",
		    c.bad, c.exports);
	log_info("%zu exports", c.exports);
	return EXIT_OK;
}

/* -x: what another server would have to be told. */
static int
translate_exports(const struct daemon *d, int bootfd, enum nfsexport kind)
{
	struct service *s = new_service(bootfd, 1024);

	if (translate(kind, d->bootdir, &s->tree.exports) == -1)
		log_fatal(EXIT_USER, "%s/root: %s", d->bootdir,
		    strerror(errno));
	free_service(s);
	return EXIT_OK;
}

/*
 * What a machine needs that asks for ports, or for its own name: by default
 * only where we have the port that all know.
 */
static bool
wants_mapper(const struct daemon *d, const struct flags *f)
{
	return f->mapper == NULL ? d->port == PORT :
	    strcmp(f->mapper, "yes") == 0;
}

/* Sockets that were passed, or our own; says where. */
static void
open_ports(struct ports *p, const struct daemon *d, const struct flags *f,
    const int *fds, size_t n, char *where, size_t size)
{
	if (n > 0) {
		snprintf(where, size, "%zu inherited sockets", n);
		if (ports_inherit(p, fds, n) == -1)
			log_fatal(EXIT_SYSTEM, "inherited socket: %s",
			    strerror(errno));
		return;
	}
	if (ports_bind(p, d) == -1)
		listen_fatal(d->listen, d->port, d->interface);
	if (wants_mapper(d, f))
		ports_bind_mapper(p, d);
	snprintf(where, size, "TCP and UDP port %u of %s", d->port,
	    d->listen == NULL ? "any address" : d->listen);
}

static void
listen_all(struct server *server, const struct ports *p)
{
	bool good = true;
	size_t i;

	for (i = 0; i < p->nstreams; i++)
		good &= server_listen(server, p->stream[i]) == 0;
	for (i = 0; i < p->ndatagrams; i++)
		good &= server_datagrams(server, p->datagram[i]) == 0;
	if (p->stray != -1)
		good &= server_stray(server, p->stray, p->mapper) == 0;
	if (p->reverse != -1)
		good &= server_reverse(server, p->reverse) == 0;
	if (!good)
		log_fatal(EXIT_SYSTEM, "listen: %s", strerror(errno));
}

static int
serve(struct daemon *d, const struct flags *f, int bootfd,
    enum listen_origin origin, const int *fds, size_t n)
{
	const size_t descriptors = raise_descriptors();
	struct confine confinement = { .user = d->user, .bootfd = bootfd,
	    .read_all = true };
	struct server_options options = { .service = new_service(bootfd,
	    descriptors) };
	char where[128] = "one connection";
	struct server *server;
	struct ports ports;
	struct seen seen;

	seen_open(&seen, bootfd, d->prog);
	options.seen = &seen;
	options.service->seen = &seen;
	options.service->guests = f->guests;
	options.signals = daemon_signals();
	options.max_peers = descriptors < 2 * FDS_RESERVED ? FDS_RESERVED / 4 :
	    at_most(descriptors - descriptors / 4 - FDS_RESERVED, PEERS_MAX);
	if ((server = server_new(&options)) == NULL)
		log_fatal(EXIT_SYSTEM, "start: %s", strerror(errno));
	ports_init(&ports);
	if (origin != LISTEN_INETD_NOWAIT)
		open_ports(&ports, d, f, fds, n, where, sizeof(where));
	else if (server_adopt(server, fds[0]) == -1)
		log_fatal(EXIT_SYSTEM, "connection: %s", strerror(errno));
	listen_all(server, &ports);
	options.service->portmap = ports.map;
	confinement.seenfd = seen.fd;
	confine(&confinement);
	seen_start(&seen);
	daemon_ready(d, where);
	if (server_run(server) == -1)
		log_fatal(EXIT_SYSTEM, "epoll_wait: %s", strerror(errno));
	ports_end(&ports);
	server_free(server);
	seen_stop(&seen);
	free_service(options.service);
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	enum listen_origin origin = LISTEN_NONE;
	struct flags flags = { .translate = false };
	struct daemon d;
	int fds[FDS_MAX], bootfd;
	size_t n = 0;

	parse_flags(&d, &flags, argc, argv);
	if (!d.explain && !d.check && !flags.translate)
		origin = listen_inherited(fds, FDS_MAX, &n);
	log_open(d.prog, d.verbose, origin == LISTEN_INETD_WAIT ||
	    origin == LISTEN_INETD_NOWAIT);
	bootfd = daemon_bootdir(&d);
	if (d.explain)
		return explain_record(bootfd);
	if (d.check)
		return check_bootdir(&d, bootfd);
	if (flags.translate)
		return translate_exports(&d, bootfd, flags.foreign);
	return serve(&d, &flags, bootfd, origin, fds, n);
}
