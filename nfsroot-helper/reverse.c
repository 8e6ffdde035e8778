/* SPDX-License-Identifier: ISC */
/* RARP: a packet socket. */
#include "nfsroot-helper/reverse.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "common/address.h"
#include "common/log.h"
#include "nfsroot-helper/diskless.h"
#include "nfsroot-helper/rarp.h"
#include "nfsroot-helper/station.h"

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

/* Which address the target has, and what we are called there; else *why. */
static bool
decide(int bootfd, const struct rarp *request, unsigned ifindex,
    struct diskless *d, struct in_addr *address, struct station *here,
    const char **why)
{
	if (!diskless_by_mac(bootfd, &request->target, d, why))
		return false;
	if (!diskless_address(bootfd, d, address)) {
		*why = "no ip in its folder in machine/, nor in seen/";
		return false;
	}
	*why = "its address is of another network than it asks on";
	return station_find(here, ifindex, *address);
}

static void
answer(int fd, int bootfd, const struct rarp *request,
    const struct sockaddr_ll *from, struct seen *seen)
{
	char mac[MAC_TEXT], ip[INET_ADDRSTRLEN];
	union address address = { .in = { .sin_family = AF_INET } };
	uint8_t frame[RARP_LEN];
	struct station here;
	struct wire_out out;
	struct diskless d;
	struct rarp reply;
	struct in_addr asked;
	const char *why;

	mac_format(&request->target, mac);
	if (!decide(bootfd, request, (unsigned)from->sll_ifindex, &d, &asked,
	    &here, &why)) {
		log_debug("%s: RARP: not answered: %s", mac, why);
		return;
	}
	rarp_answer(&reply, request, asked, &here.mac, here.ip);
	wire_out_init(&out, frame, sizeof(frame));
	rarp_put(&out, &reply);
	if (sendto(fd, frame, out.len, MSG_NOSIGNAL,
	    (const struct sockaddr *)from, sizeof(*from)) == -1) {
		log_warn("%s: RARP: %s", mac, strerror(errno));
		return;
	}
	address.in.sin_addr = asked;
	inet_ntop(AF_INET, &asked, ip, sizeof(ip));
	log_info("%s: RARP: told its address %s", mac, ip);
	seen_address(seen, &d.mac, &address.sa);
	seen_event(seen, &d.mac, "rarp", "ip=%s", ip);
}

void
reverse_serve(int fd, int bootfd, struct seen *seen)
{
	uint8_t frame[FRAME_MAX];
	struct sockaddr_ll from = { .sll_family = AF_PACKET };
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
