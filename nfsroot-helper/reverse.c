/* SPDX-License-Identifier: ISC */
/* RARP: a packet socket, and what our interfaces have. */
#include "nfsroot-helper/reverse.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>

#include <errno.h>
#include <ifaddrs.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/log.h"
#include "nfsroot-helper/diskless.h"
#include "nfsroot-helper/nearby.h"
#include "nfsroot-helper/rarp.h"

#define FRAME_MAX 1500
#define TURN 64		/* requests, before others have their turn */

int
reverse_open(const char *interface)
{
	struct sockaddr_ll where = { .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETHERTYPE_REVARP) };
	int fd, error;

	if (interface != NULL &&
	    (where.sll_ifindex = (int)if_nametoindex(interface)) == 0)
		return -1;
	/* Protocol 0: nothing comes before it is bound to what we want. */
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1 || bind(fd, (const struct sockaddr *)&where,
	    sizeof(where)) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Our own two addresses on the interface that the request came by. */
struct station {
	unsigned ifindex;
	struct in_addr asked;	/* which network it has to be on */
	struct mac mac;
	struct in_addr ip;
	bool has_mac, has_ip;
};

static void
note_address(struct station *s, const struct ifaddrs *i)
{
	const union address *ours = (const void *)i->ifa_addr;
	const struct sockaddr_in asked = { .sin_family = AF_INET,
	    .sin_addr = s->asked };
	union address sa = { .in = asked };
	struct sockaddr_ll link;

	if (ours->sa.sa_family == AF_PACKET) {
		memcpy(&link, i->ifa_addr, sizeof(link));
		memcpy(&s->mac, link.sll_addr, sizeof(s->mac));
		s->has_mac = link.sll_halen == sizeof(s->mac);
	} else if (!s->has_ip && i->ifa_netmask != NULL &&
	    nearby_same_network(&sa.sa, &ours->sa, i->ifa_netmask)) {
		s->ip = ours->in.sin_addr;
		s->has_ip = true;
	}
}

/* False when we have no address there of the asked one's network. */
static bool
find_station(struct station *s)
{
	struct ifaddrs *all, *i;
	char name[IF_NAMESIZE];

	if (if_indextoname(s->ifindex, name) == NULL ||
	    getifaddrs(&all) == -1)
		return false;
	for (i = all; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && strcmp(i->ifa_name, name) == 0)
			note_address(s, i);
	freeifaddrs(all);
	return s->has_mac && s->has_ip;
}

/* Whom the target's address is, and we on its network; else *why. */
static bool
decide(int bootfd, const struct rarp *request, struct diskless *d,
    struct station *s, const char **why)
{
	if (!diskless_by_mac(bootfd, &request->target, d, why))
		return false;
	if (!diskless_address(bootfd, d, &s->asked)) {
		*why = "no ip in its folder in machine/, nor in seen/";
		return false;
	}
	*why = "its address is of another network than it asks on";
	return find_station(s);
}

static void
answer(int fd, int bootfd, const struct rarp *request,
    const struct sockaddr_ll *from, struct seen *seen)
{
	struct station s = { .ifindex = (unsigned)from->sll_ifindex };
	char mac[MAC_TEXT], ip[INET_ADDRSTRLEN];
	union address address = { .in = { .sin_family = AF_INET } };
	uint8_t frame[RARP_LEN];
	struct wire_out out;
	struct diskless d;
	struct rarp reply;
	const char *why;

	mac_format(&request->target, mac);
	if (!decide(bootfd, request, &d, &s, &why)) {
		log_debug("%s: RARP: not answered: %s", mac, why);
		return;
	}
	rarp_answer(&reply, request, s.asked, &s.mac, s.ip);
	wire_out_init(&out, frame, sizeof(frame));
	rarp_put(&out, &reply);
	if (sendto(fd, frame, out.len, MSG_NOSIGNAL,
	    (const struct sockaddr *)from, sizeof(*from)) == -1) {
		log_warn("%s: RARP: %s", mac, strerror(errno));
		return;
	}
	address.in.sin_addr = s.asked;
	inet_ntop(AF_INET, &s.asked, ip, sizeof(ip));
	log_info("%s: RARP: told its address %s", mac, ip);
	seen_address(seen, &d.mac, &address.sa);
	seen_event(seen, &d.mac, "rarp", "ip=%s", ip);
}

void
reverse_serve(int fd, int bootfd, struct seen *seen)
{
	uint8_t frame[FRAME_MAX];
	struct sockaddr_ll from;
	struct rarp request;
	socklen_t from_len;
	ssize_t len;
	unsigned n;

	for (n = 0; n < TURN; n++) {
		from_len = sizeof(from);
		len = recvfrom(fd, frame, sizeof(frame), 0,
		    (struct sockaddr *)&from, &from_len);
		if (len == -1)
			return;
		if (from.sll_pkttype != PACKET_OUTGOING &&
		    rarp_parse(&request, frame, (size_t)len) &&
		    request.operation == RARP_REQUEST)
			answer(fd, bootfd, &request, &from, seen);
	}
}
