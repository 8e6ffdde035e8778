/* SPDX-License-Identifier: ISC */
/* Broadcasts that no other socket is given: a packet socket and its filter. */
#include "nfsroot-helper/stray.h"

#include <sys/socket.h>

#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>

#include <linux/filter.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "nfsroot-helper/portmap.h"
#include "nfsroot-helper/station.h"
#include "common/udp4.h"

#define PACKET_MAX 1500

/* Broadcast by the link, UDP, no later fragment, to port 111. */
static const struct sock_filter filter[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_BROADCAST, 0, 8),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 6),
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x1fff, 4, 0),
	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PORTMAP_PORT, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

static int
prepare(int fd, const char *interface)
{
	struct sock_filter copy[sizeof(filter) / sizeof(filter[0])];
	const struct sock_fprog program = { .filter = copy,
	    .len = sizeof(copy) / sizeof(copy[0]) };
	struct sockaddr_ll where = { .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETHERTYPE_IP) };

	memcpy(copy, filter, sizeof(copy));
	if (interface != NULL &&
	    (where.sll_ifindex = (int)if_nametoindex(interface)) == 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program)) == -1)
		return -1;
	return bind(fd, (const struct sockaddr *)&where, sizeof(where));
}

int
stray_open(const char *interface)
{
	/* Protocol 0: nothing comes before the filter is there. */
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0), error;

	if (fd == -1 || prepare(fd, interface) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

ssize_t
stray_receive(int fd, void *data, size_t size, struct datagram *d)
{
	uint8_t packet[PACKET_MAX];
	struct sockaddr_ll from = { .sll_family = AF_PACKET };
	socklen_t from_len = sizeof(from);
	struct station here;
	struct udp4 u;
	ssize_t len;

	memset(d, 0, sizeof(*d));
	len = recvfrom(fd, packet, sizeof(packet), 0,
	    (struct sockaddr *)&from, &from_len);
	if (len == -1)
		return -1;
	if (!udp4_parse(&u, packet, (size_t)len) || u.len > size ||
	    u.to_port != PORTMAP_PORT || station_is_broadcast(u.to) ||
	    !station_find(&here, (unsigned)from.sll_ifindex, u.from))
		return 0;
	memcpy(data, u.payload, u.len);
	d->peer.in.sin_family = d->local.in.sin_family = AF_INET;
	d->peer.in.sin_addr = u.from;
	d->peer.in.sin_port = htons(u.from_port);
	d->local.in.sin_addr = here.ip;
	d->ifindex = (unsigned)from.sll_ifindex;
	return (ssize_t)u.len;
}
