/* SPDX-License-Identifier: ISC */
/* proxydhcpd: tells netboot clients where their first program is. */
#include <sys/socket.h>

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
#include "common/dhcp4.h"
#include "common/listen.h"
#include "common/log.h"
#include "common/seen.h"
#include "proxydhcpd/check.h"
#include "proxydhcpd/explained.h"
#include "proxydhcpd/serve4.h"
#include "proxydhcpd/serve6.h"
#include "proxydhcpd/sockets.h"
#include "proxydhcpd/solicited.h"

#define DHCP_PORT 67
#define PROXY_PORT 4011
#define EXTRA_FLAGS "46:P:a:"
#define EXTRA_USAGE "[-4] [-6 addr] [-P port] [-a addr]"
#define EXPLAIN_ADDRESS "192.0.2.1"	/* RFC 5737 */
#define EXPLAIN_ADDRESS6 "2001:db8::1"	/* RFC 3849 */

struct server {
	struct daemon daemon;
	unsigned proxy_port;
	struct in_addr self;	/* -l; INADDR_ANY: that of the interface */
	int bootfd;
	struct sockets sockets;
	struct seen seen;
	struct serve4 serve4;
	struct serve6 serve6;
	struct solicited solicited;
};

static void
loop(struct server *s, int signal_fd)
{
	enum { DHCP, LINK, PROXY, ROUTER, DHCP6, SIGNAL, SOCKETS };
	struct pollfd fds[SOCKETS] = {
		[DHCP] = { .fd = s->sockets.dhcp, .events = POLLIN },
		[LINK] = { .fd = s->sockets.link, .events = POLLIN },
		[PROXY] = { .fd = s->sockets.proxy, .events = POLLIN },
		[ROUTER] = { .fd = s->sockets.router, .events = POLLIN },
		[DHCP6] = { .fd = s->serve6.fd, .events = POLLIN },
		[SIGNAL] = { .fd = signal_fd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, SOCKETS, -1) == -1) {
			if (errno == EINTR)
				continue;
			log_fatal(EXIT_SYSTEM, "poll: %s", strerror(errno));
		}
		if (fds[SIGNAL].revents != 0)
			return;
		if (fds[DHCP].revents != 0)
			serve4_dhcp(&s->serve4);
		if (fds[LINK].revents != 0)
			serve4_link(&s->serve4);
		if (fds[PROXY].revents != 0)
			serve4_proxy(&s->serve4);
		if (fds[ROUTER].revents != 0)
			solicited_receive(&s->solicited);
		if (fds[DHCP6].revents != 0)
			serve6_work(&s->serve6);
	}
}

/* The host's address in a flag. */
static struct in_addr
address_flag(const char *flag, const char *value)
{
	union address a;

	if (!address_parse(value, 0, &a) || a.sa.sa_family != AF_INET)
		log_fatal(EXIT_USER, "%s %s: not an IPv4 address in figures",
		    flag, value);
	return a.in.sin_addr;
}

static struct in6_addr
address6_flag(const char *flag, const char *value)
{
	union address a;

	if (!address_parse(value, 0, &a) || a.sa.sa_family != AF_INET6)
		log_fatal(EXIT_USER, "%s %s: not an IPv6 address in figures",
		    flag, value);
	return a.in6.sin6_addr;
}

static unsigned
port_flag(const char *flag, const char *value)
{
	const char *why;
	long long port = strtonum(value, 1, 65535, &why);

	if (why != NULL)
		log_fatal(EXIT_USER, "%s %s: %s; say a number from 1 to 65535",
		    flag, value, why);
	return (unsigned)port;
}

static int
explain(const struct server *s, struct in_addr self, bool proxy)
{
	struct explained e = { .bootfd = s->bootfd, .self = self,
	    .self6 = s->serve6.self, .proxy = proxy,
	    .dhcp_port = s->daemon.port, .proxy_port = s->proxy_port };

	if (IN6_IS_ADDR_UNSPECIFIED(&e.self6))
		e.self6 = address6_flag("-6", EXPLAIN_ADDRESS6);
	return explained_run(&e);
}

static int
check(const struct server *s)
{
	char why[BOOT_NAME_MAX + 256];

	if (!check_bootdir(s->bootfd, why, sizeof(why)))
		log_fatal(EXIT_USER, "%s: %s", s->daemon.bootdir, why);
	return EXIT_OK;
}

static int
serve(struct server *s)
{
	enum listen_origin origin;
	char where[64];
	int fds[2], signal_fd;
	size_t n;

	origin = listen_inherited(fds, 2, &n);
	log_open(s->daemon.prog, s->daemon.verbose,
	    origin == LISTEN_INETD_WAIT);
	s->bootfd = daemon_bootdir(&s->daemon);
	seen_open(&s->seen, s->bootfd, s->daemon.prog);
	sockets_open(&s->sockets, &s->daemon, s->proxy_port, fds, n, origin);
	serve6_open(&s->serve6, &s->daemon, s->proxy_port, s->bootfd,
	    &s->seen);
	confine(&(struct confine){ .user = s->daemon.user,
	    .bootfd = s->bootfd, .seenfd = s->seen.fd });
	signal_fd = daemon_signals();
	seen_start(&s->seen);
	snprintf(where, sizeof(where), "UDP ports %u and %u",
	    s->daemon.port, s->proxy_port);
	s->serve4.bootfd = s->bootfd;
	s->serve4.self = s->self;
	s->serve4.port = s->daemon.port;
	s->serve4.sockets = &s->sockets;
	s->serve4.seen = &s->seen;
	s->serve4.solicited = &s->solicited;
	s->solicited.fd = s->sockets.router;
	s->solicited.bootfd = s->bootfd;
	s->solicited.seen = &s->seen;
	s->solicited.notices = &s->serve4.notices;
	solicited_start(&s->solicited, s->daemon.interface, daemon_now_ms());
	daemon_ready(&s->daemon, where);
	loop(s, signal_fd);
	seen_stop(&s->seen);
	log_info("ends: %lu packets answered, %lu not, %lu broken",
	    s->serve4.answered + s->solicited.answered + s->serve6.answered,
	    s->serve4.silent + s->solicited.silent + s->serve6.silent,
	    s->serve4.broken + s->serve6.broken);
	return EXIT_OK;
}

int
main(int argc, char *argv[])
{
	static struct server s = { .proxy_port = PROXY_PORT };
	struct in_addr explained = address_flag("-a", EXPLAIN_ADDRESS);
	bool proxy = false;
	int flag;

	daemon_init(&s.daemon, "proxydhcpd", DHCP_PORT);
	log_open(s.daemon.prog, false, false);
	while ((flag = getopt(argc, argv, DAEMON_FLAGS EXTRA_FLAGS)) != -1) {
		if (flag == '4')
			proxy = true;
		else if (flag == '6')
			s.serve6.self = address6_flag("-6", optarg);
		else if (flag == 'P')
			s.proxy_port = port_flag("-P", optarg);
		else if (flag == 'a')
			explained = address_flag("-a", optarg);
		else if (!daemon_flag(&s.daemon, flag, optarg))
			daemon_usage(&s.daemon, EXTRA_USAGE);
	}
	if (optind != argc)
		daemon_usage(&s.daemon, EXTRA_USAGE);
	if (s.daemon.listen != NULL)
		s.self = address_flag("-l", s.daemon.listen);
	if (!s.daemon.explain && !s.daemon.check)
		return serve(&s);
	log_open(s.daemon.prog, s.daemon.verbose, false);
	s.bootfd = daemon_bootdir(&s.daemon);
	return s.daemon.explain ? explain(&s, explained, proxy) : check(&s);
}
