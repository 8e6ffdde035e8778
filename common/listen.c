/* SPDX-License-Identifier: ISC */
/* Sockets, bound here or inherited, and datagrams with both addresses. */
#include "common/listen.h"

#include <sys/uio.h>

#include <net/if.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

#define FIRST_FD 3	/* SD_LISTEN_FDS_START of sd_listen_fds(3) */
#define BACKLOG 1024

static void
set_flags(int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* LISTEN_FDS of a supervisor, if they are meant for this process. */
static size_t
passed_fds(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long long n;

	if (pid == NULL || fds == NULL || atoll(pid) != getpid())
		return 0;
	n = strtonum(fds, 0, 64, NULL);
	return (size_t)n;
}

static int
socket_option(int fd, int option)
{
	socklen_t len = sizeof(int);
	int value = 0;

	return getsockopt(fd, SOL_SOCKET, option, &value, &len) == -1 ? -1 :
	    value;
}

static void
ask_for_addresses(int fd)
{
	const int on = 1;

	/* One of the two fits the socket's family; the other fails. */
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
}

enum listen_origin
listen_inherited(int *fds, size_t max, size_t *n)
{
	int domain, type;

	for (*n = 0; *n < passed_fds() && *n < max; (*n)++) {
		fds[*n] = FIRST_FD + (int)*n;
		set_flags(fds[*n]);
		ask_for_addresses(fds[*n]);
	}
	if (*n > 0)
		return LISTEN_FDS;
	type = socket_option(STDIN_FILENO, SO_TYPE);
	domain = socket_option(STDIN_FILENO, SO_DOMAIN);
	/* A supervisor's or a shell's own local socket is no client. */
	if (type == -1 || (domain != AF_INET && domain != AF_INET6))
		return LISTEN_NONE;
	fds[0] = STDIN_FILENO;
	*n = 1;
	set_flags(fds[0]);
	if (type == SOCK_STREAM &&
	    socket_option(STDIN_FILENO, SO_ACCEPTCONN) != 1)
		return LISTEN_INETD_NOWAIT;
	ask_for_addresses(fds[0]);
	return LISTEN_INETD_WAIT;
}

static int
enable(int fd, int level, int option)
{
	const int on = 1;

	return setsockopt(fd, level, option, &on, sizeof(on));
}

/* Bound to the interface and address, with what its type needs. */
static int
prepare(int fd, int type, const union address *where, const char *interface)
{
	const int off = 0;

	if (interface != NULL && if_nametoindex(interface) == 0) {
		errno = ENODEV;
		return -1;
	}
	if (interface != NULL && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE,
	    interface, (socklen_t)strlen(interface)) == -1)
		return -1;
	if (where->sa.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &off, sizeof(off)) == -1)
		return -1;
	/* A restart must not wait for old connections to time out. */
	if (type == SOCK_STREAM && enable(fd, SOL_SOCKET, SO_REUSEADDR) == -1)
		return -1;
	if (bind(fd, &where->sa, address_length(&where->sa)) == -1)
		return -1;
	if (type == SOCK_STREAM)
		return listen(fd, BACKLOG);
	ask_for_addresses(fd);
	return 0;
}

static int
close_keeping_errno(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

static int
bind_one(int type, const union address *where, const char *interface)
{
	int fd = socket(where->sa.sa_family,
	    type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd == -1 || prepare(fd, type, where, interface) == 0)
		return fd;
	return close_keeping_errno(fd);
}

int
listen_bind(int type, const char *addr, unsigned port, const char *interface)
{
	union address where;
	int fd;

	if (addr == NULL) {
		address_parse("::", port, &where);
		fd = bind_one(type, &where, interface);
		if (fd != -1 || errno != EAFNOSUPPORT)
			return fd;
		addr = "0.0.0.0";	/* a kernel without IPv6 */
	}
	if (!address_parse(addr, port, &where)) {
		errno = EINVAL;
		return -1;
	}
	return bind_one(type, &where, interface);
}

int
listen_bind_dhcp(const char *addr, unsigned port, const char *interface)
{
	union address where;
	int fd;

	if (!address_parse(addr == NULL ? "0.0.0.0" : addr, port, &where) ||
	    where.sa.sa_family != AF_INET) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	/* A DHCP server on this host that does the same shares the port. */
	if (enable(fd, SOL_SOCKET, SO_REUSEADDR) == 0 &&
	    enable(fd, SOL_SOCKET, SO_BROADCAST) == 0 &&
	    prepare(fd, SOCK_DGRAM, &where, interface) == 0)
		return fd;
	return close_keeping_errno(fd);
}

void
listen_fatal(const char *addr, unsigned port, const char *interface)
{
	const int error = errno;
	const char *help = "";

	if (error == EADDRINUSE)
		help = "; another server has it: stop that one, or use -l or -p";
	else if (error == EACCES || error == EPERM)
		help = "; start as root, or pass the socket (inetd, systemd)";
	else if (error == EADDRNOTAVAIL || error == EINVAL)
		help = "; -l takes a numeric address of this host";
	else if (error == ENODEV)
		help = "; -i takes an interface that `ip link' lists";
	log_fatal(error == EINVAL || error == ENODEV ||
	    error == EADDRNOTAVAIL ? EXIT_USER : EXIT_SYSTEM,
	    "listen on %s port %u%s%s: %s%s", addr == NULL ? "any" : addr, port,
	    interface == NULL ? "" : " of ", interface == NULL ? "" : interface,
	    strerror(error), help);
}

static void
note_destination(struct datagram *d, const struct cmsghdr *c)
{
	struct in6_pktinfo in6;
	struct in_pktinfo in;

	if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
		memcpy(&in, CMSG_DATA(c), sizeof(in));
		d->local.in.sin_family = AF_INET;
		/* ipi_spec_dst is ours even where the packet was broadcast. */
		d->local.in.sin_addr = in.ipi_spec_dst;
		d->ifindex = (unsigned)in.ipi_ifindex;
		d->multicast = IN_MULTICAST(ntohl(in.ipi_addr.s_addr));
	} else if (c->cmsg_level == IPPROTO_IPV6 &&
	    c->cmsg_type == IPV6_PKTINFO &&
	    d->local.sa.sa_family == AF_UNSPEC) {
		memcpy(&in6, CMSG_DATA(c), sizeof(in6));
		d->local.in6.sin6_family = AF_INET6;
		d->local.in6.sin6_addr = in6.ipi6_addr;
		d->ifindex = in6.ipi6_ifindex;
	}
}

/* IPv4 that came by a dual-stack socket is plain IPv4 from here on. */
static void
unmap(union address *a)
{
	struct sockaddr_in in = { .sin_family = AF_INET };

	if (a->sa.sa_family != AF_INET6 ||
	    !IN6_IS_ADDR_V4MAPPED(&a->in6.sin6_addr))
		return;
	in.sin_port = a->in6.sin6_port;
	memcpy(&in.sin_addr, a->in6.sin6_addr.s6_addr + 12,
	    sizeof(in.sin_addr));
	memset(a, 0, sizeof(*a));
	a->in = in;
}

void
datagram_note(struct datagram *d, struct msghdr *msg)
{
	struct cmsghdr *c;

	memset(&d->local, 0, sizeof(d->local));
	d->ifindex = 0;
	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c))
		note_destination(d, c);
	unmap(&d->peer);
	unmap(&d->local);
}

ssize_t
datagram_receive(int fd, void *data, size_t size, struct datagram *d)
{
	union datagram_control control;
	struct iovec iov = { .iov_base = data, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &d->peer, .msg_namelen = sizeof(d->peer),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	ssize_t len;

	memset(d, 0, sizeof(*d));
	len = recvmsg(fd, &msg, 0);
	if (len == -1)
		return -1;
	datagram_note(d, &msg);
	return len;
}

size_t
datagram_source(const struct datagram *d, union datagram_control *control)
{
	struct cmsghdr *c = &control->align;
	struct in6_pktinfo in6 = { .ipi6_ifindex = d->ifindex };
	struct in_pktinfo in = { .ipi_ifindex = (int)d->ifindex };

	memset(control, 0, sizeof(*control));
	if (d->local.sa.sa_family == AF_INET6) {
		in6.ipi6_addr = d->local.in6.sin6_addr;
		c->cmsg_level = IPPROTO_IPV6;
		c->cmsg_type = IPV6_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof(in6));
		memcpy(CMSG_DATA(c), &in6, sizeof(in6));
		return CMSG_SPACE(sizeof(in6));
	}
	if (d->local.sa.sa_family != AF_INET)
		return 0;
	in.ipi_spec_dst = d->local.in.sin_addr;
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(in));
	memcpy(CMSG_DATA(c), &in, sizeof(in));
	return CMSG_SPACE(sizeof(in));
}

ssize_t
datagram_send(int fd, const void *data, size_t len, const struct datagram *d)
{
	union datagram_control control;
	union address peer = d->peer;
	struct iovec iov = { .iov_len = len };
	struct msghdr msg = {
		.msg_name = &peer, .msg_namelen = address_length(&peer.sa),
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
	};

	memcpy(&iov.iov_base, &data, sizeof(data));	/* sendmsg only reads */
	msg.msg_controllen = datagram_source(d, &control);
	if (msg.msg_controllen == 0)
		msg.msg_control = NULL;
	return sendmsg(fd, &msg, 0);
}
