/* SPDX-License-Identifier: ISC */
/* System calls: DHCPv6's sockets, and this host's addresses on a link. */
#include "proxydhcpd/sockets6.h"

#include <sys/ioctl.h>
#include <sys/socket.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <errno.h>
#include <ifaddrs.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"

static int
join(int fd, const char *interface)
{
	/* ff02::1:2, all DHCP relays and servers: RFC 8415 section 7.1. */
	struct ipv6_mreq group = {
		.ipv6mr_multiaddr = { { { 0xff, 2, [13] = 1, [15] = 2 } } },
		.ipv6mr_interface = if_nametoindex(interface),
	};

	/* Index 0 would have the kernel choose one. */
	if (group.ipv6mr_interface == 0)
		return -1;
	return setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group,
	    sizeof(group));
}

/*
 * Where one cannot be joined, it is already, or it is a bridge's port, say,
 * that has no IPv6.
 */
void
sockets6_join(int fd)
{
	const unsigned needed = IFF_UP | IFF_MULTICAST;
	struct ifaddrs *list, *i;
	int joined = 0;

	if (getifaddrs(&list) == -1)
		return;
	for (i = list; i != NULL && joined < SOCKETS6_INTERFACES_MAX;
	    i = i->ifa_next) {
		/* Each interface is listed as a packet socket's once. */
		if (i->ifa_addr != NULL &&
		    i->ifa_addr->sa_family == AF_PACKET &&
		    (i->ifa_flags & needed) == needed &&
		    join(fd, i->ifa_name) == 0)
			joined++;
	}
	freeifaddrs(list);
}

static int
prepare(int fd, unsigned port, const char *interface)
{
	union address where = { .in6 = { .sin6_family = AF_INET6 } };
	const int on = 1;

	where.in6.sin6_port = htons((uint16_t)port);
	if (interface != NULL && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE,
	    interface, (socklen_t)strlen(interface)) == -1)
		return -1;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
	    sizeof(on)) == -1 ||
	    bind(fd, &where.sa, sizeof(where.in6)) == -1)
		return -1;
	if (interface != NULL)
		return join(fd, interface);
	sockets6_join(fd);
	return 0;
}

int
sockets6_open(unsigned port, const char *interface)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	int error;

	if (fd == -1 || prepare(fd, port, interface) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* How much we like to tell this address; 0: not at all. */
static int
rank(const struct in6_addr *addr, unsigned flags)
{
	if ((flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED |
	    IFA_F_DEPRECATED)) != 0 || IN6_IS_ADDR_LOOPBACK(addr))
		return 0;
	if (IN6_IS_ADDR_LINKLOCAL(addr))
		return 1;
	if ((flags & IFA_F_TEMPORARY) != 0)
		return 2;
	return (flags & IFA_F_PERMANENT) != 0 ? 4 : 3;
}

/* What a message of the kernel says: an address, and how we like it. */
static int
read_message(struct nlmsghdr *h, unsigned ifindex, struct in6_addr *addr)
{
	struct ifaddrmsg *m = NLMSG_DATA(h);
	unsigned flags = m->ifa_flags;
	struct rtattr *a;
	size_t left = IFA_PAYLOAD(h);
	bool found = false;

	if (m->ifa_index != ifindex)
		return 0;
	for (a = IFA_RTA(m); RTA_OK(a, left); a = RTA_NEXT(a, left)) {
		if (a->rta_type == IFA_FLAGS &&
		    RTA_PAYLOAD(a) >= sizeof(flags))
			memcpy(&flags, RTA_DATA(a), sizeof(flags));
		if (a->rta_type == IFA_ADDRESS &&
		    RTA_PAYLOAD(a) == sizeof(*addr)) {
			memcpy(addr, RTA_DATA(a), sizeof(*addr));
			found = true;
		}
	}
	return found ? rank(addr, flags) : 0;
}

/* One datagram of the kernel's list; false at the list's end. */
static bool
read_part(int fd, unsigned ifindex, struct in6_addr *best, int *best_rank)
{
	union {
		char bytes[16 * 1024];
		struct nlmsghdr h;
	} part;
	ssize_t n = recv(fd, &part, sizeof(part), 0);
	size_t left = n > 0 ? (size_t)n : 0;
	struct in6_addr addr;
	struct nlmsghdr *h;
	int r;

	if (left == 0)
		return false;
	for (h = &part.h; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
		if (h->nlmsg_type != RTM_NEWADDR)
			return false;
		r = read_message(h, ifindex, &addr);
		if (r > *best_rank) {
			*best_rank = r;
			*best = addr;
		}
	}
	return true;
}

bool
sockets6_address(unsigned ifindex, struct in6_addr *best)
{
	const struct {
		struct nlmsghdr h;
		struct ifaddrmsg m;
	} ask = {
		.h = { .nlmsg_len = sizeof(ask), .nlmsg_type = RTM_GETADDR,
		    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.m = { .ifa_family = AF_INET6, .ifa_index = ifindex },
	};
	int fd, best_rank = 0;

	memset(best, 0, sizeof(*best));
	fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (fd == -1)
		return false;
	if (send(fd, &ask, sizeof(ask), 0) == sizeof(ask))
		while (read_part(fd, ifindex, best, &best_rank))
			continue;
	close(fd);
	return best_rank > 0;
}

bool
sockets6_mac(unsigned ifindex, struct mac *mac)
{
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ask = { 0 };
	bool found;

	if (fd == -1)
		return false;
	found = if_indextoname(ifindex, ask.ifr_name) != NULL &&
	    ioctl(fd, SIOCGIFHWADDR, &ask) == 0 &&
	    ask.ifr_hwaddr.sa_family == ARPHRD_ETHER;
	close(fd);
	if (found)
		memcpy(mac->octet, ask.ifr_hwaddr.sa_data,
		    sizeof(mac->octet));
	return found;
}
