/* SPDX-License-Identifier: ISC */
/* System calls: the raw ICMPv6 socket that solicitations come by. */
#include "proxydhcpd/icmp6.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>

#include <errno.h>
#include <ifaddrs.h>
#include <string.h>
#include <unistd.h>

/* RFC 4861: what comes from this link has it, as no router lowered it. */
#define HOP_LIMIT 255

/* ff02::2, all routers of the link: RFC 4291 section 2.7.1. */
static const struct in6_addr all_routers = { { { 0xff, 2, [15] = 2 } } };

static int
join(int fd, const char *interface)
{
	struct ipv6_mreq group = {
		.ipv6mr_multiaddr = all_routers,
		.ipv6mr_interface = if_nametoindex(interface),
	};

	/* Index 0 would have the kernel choose one. */
	if (group.ipv6mr_interface == 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group,
	    sizeof(group));
}

/* Good if one could be joined: a bridge's port, say, has no IPv6. */
static int
join_all(int fd)
{
	const unsigned needed = IFF_UP | IFF_MULTICAST;
	struct ifaddrs *list, *i;
	int joined = 0;

	if (getifaddrs(&list) == -1)
		return -1;
	errno = ENODEV;
	for (i = list; i != NULL && joined < ICMP6_INTERFACES_MAX;
	    i = i->ifa_next) {
		/* Each interface is listed as a packet socket's once. */
		if (i->ifa_addr != NULL &&
		    i->ifa_addr->sa_family == AF_PACKET &&
		    (i->ifa_flags & needed) == needed &&
		    join(fd, i->ifa_name) == 0)
			joined++;
	}
	freeifaddrs(list);
	return joined > 0 ? 0 : -1;
}

/* With what decides on them, and sent as they must be. */
static int
prepare(int fd)
{
	const int on = 1, hops = HOP_LIMIT;
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_SOLICIT, &filter);
	ICMP6_FILTER_SETPASS(ND_ROUTER_ADVERT, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
	    sizeof(filter)) == -1 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on,
	    sizeof(on)) == -1 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
	    sizeof(on)) == -1)
		return -1;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
	    sizeof(hops)) == -1)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops,
	    sizeof(hops));
}

int
icmp6_open(const char *interface)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    IPPROTO_ICMPV6);
	int error;

	if (fd == -1 || prepare(fd) == -1)
		goto fail;
	if (interface == NULL ? join_all(fd) == -1 :
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
	    (socklen_t)strlen(interface)) == -1 || join(fd, interface) == -1)
		goto fail;
	return fd;
fail:
	error = errno;
	if (fd != -1)
		close(fd);
	errno = error;
	return -1;
}

/* What the socket was told to say of each message. */
union control {
	char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
	    CMSG_SPACE(sizeof(int))];
	struct cmsghdr align;
};

static void
note(const struct cmsghdr *c, struct sockaddr_in6 *from, int *hop_limit)
{
	struct in6_pktinfo info;

	if (c->cmsg_level != IPPROTO_IPV6)
		return;
	if (c->cmsg_type == IPV6_HOPLIMIT)
		memcpy(hop_limit, CMSG_DATA(c), sizeof(*hop_limit));
	if (c->cmsg_type == IPV6_PKTINFO) {
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		from->sin6_scope_id = info.ipi6_ifindex;
	}
}

ssize_t
icmp6_receive(int fd, void *data, size_t size, struct sockaddr_in6 *from,
    int *hop_limit)
{
	union control control;
	struct iovec iov = { .iov_base = data, .iov_len = size };
	struct msghdr msg = {
		.msg_name = from, .msg_namelen = sizeof(*from),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c;
	ssize_t len;

	*hop_limit = -1;
	memset(from, 0, sizeof(*from));
	len = recvmsg(fd, &msg, 0);
	if (len == -1)
		return -1;
	for (c = CMSG_FIRSTHDR(&msg); c != NULL; c = CMSG_NXTHDR(&msg, c))
		note(c, from, hop_limit);
	return len;
}

int
icmp6_send(int fd, const void *data, size_t len, const struct sockaddr_in6 *to)
{
	struct sockaddr_in6 peer = *to;

	/*
	 * On a raw socket a port would be taken for a protocol.  The kernel
	 * takes the source of the destination's scope: RFC 6724, rule 2.
	 */
	peer.sin6_port = 0;
	return sendto(fd, data, len, 0, (const struct sockaddr *)&peer,
	    sizeof(peer)) == -1 ? -1 : 0;
}

int
icmp6_send_to_routers(int fd, const void *data, size_t len, unsigned ifindex)
{
	const struct sockaddr_in6 all = { .sin6_family = AF_INET6,
	    .sin6_addr = all_routers, .sin6_scope_id = ifindex };

	return icmp6_send(fd, data, len, &all);
}
