/* SPDX-License-Identifier: ISC */
/* System calls: packet and raw sockets for DHCP. */
#include "proxydhcpd/link.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/dhcp4.h"

#define CLIENT_PORT 68
#define PROTOCOL_UDP 17
#define OFFSET 0x1fff		/* of a fragment that is not the first */
#define WHOLE 0xffff		/* octets of a packet that is let through */

/*
 * The packet begins at its IPv4 header.  For us, unfragmented UDP, and: to
 * the DHCP port, or from it to the clients'.  And by the interface that was
 * meant (0: any): a socket bound to eth0 hears eth0.7 too, since the frame
 * came in there (Linux, __netif_receive_skb_core: orig_dev).  Of a VLAN
 * without an interface the kernel says that it is for another host.
 * Instruction numbers stand at the side for the jumps.
 */
static int
attach_filter(int fd, unsigned ifindex, unsigned port, bool requests)
{
	const unsigned kind = (unsigned)SKF_AD_OFF + SKF_AD_PKTTYPE;
	const unsigned where = (unsigned)SKF_AD_OFF + SKF_AD_IFINDEX;
	struct sock_filter code[] = {
	/* 0 */	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, kind),
	/* 1 */	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OTHERHOST, 13, 0),
	/* 2 */	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, where),
	/* 3 */	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ifindex, 0,
		    ifindex == 0 ? 0 : 11),
	/* 4 */	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),
	/* 5 */	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PROTOCOL_UDP, 0, 9),
	/* 6 */	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 6),
	/* 7 */	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, OFFSET, 7, 0),
	/* 8 */	BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
	/* 9 */	BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2),
	/* 10 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port,
		    requests ? 3 : 4, 0),
	/* 11 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CLIENT_PORT, 0, 3),
	/* 12 */ BPF_STMT(BPF_LD | BPF_H | BPF_IND, 0),
	/* 13 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, port, 0, 1),
	/* 14 */ BPF_STMT(BPF_RET | BPF_K, WHOLE),
	/* 15 */ BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {
		.len = sizeof(code) / sizeof(code[0]), .filter = code
	};

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
	    sizeof(program));
}

/* Heard from here on: no packet came before there was a filter. */
static int
bind_to(int fd, unsigned ifindex)
{
	const struct sockaddr_ll where = { .sll_family = AF_PACKET,
	    .sll_protocol = htons(ETH_P_IP), .sll_ifindex = (int)ifindex };

	return bind(fd, (const struct sockaddr *)&where, sizeof(where));
}

int
link_open(const char *interface, unsigned port, bool requests)
{
	const unsigned ifindex = interface == NULL ? 0 :
	    if_nametoindex(interface);
	int fd, error;

	if (interface != NULL && ifindex == 0)
		return -1;
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (attach_filter(fd, ifindex, port, requests) == 0 &&
	    bind_to(fd, ifindex) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

/* Of this protocol number a socket receives nothing: raw(7). */
int
link_open_sender(void)
{
	const int on = 1;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    IPPROTO_RAW);

	if (fd != -1)
		setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	return fd;
}

int
link_receive(int fd, void *data, size_t size, struct link_packet *p)
{
	struct sockaddr_ll from = { .sll_family = AF_PACKET };
	socklen_t from_len = sizeof(from);
	ssize_t len;

	len = recvfrom(fd, data, size, 0, (struct sockaddr *)&from, &from_len);
	if (len == -1)
		return -1;
	p->ifindex = (unsigned)from.sll_ifindex;
	p->broadcast = from.sll_pkttype == PACKET_BROADCAST;
	p->has_mac = from.sll_hatype == ARPHRD_ETHER &&
	    from.sll_halen == sizeof(p->mac);
	memcpy(&p->mac, from.sll_addr, sizeof(p->mac));
	return udp4_parse(&p->udp, data, (size_t)len);
}

int
link_send(int fd, const struct udp4 *u, unsigned ifindex)
{
	uint8_t packet[UDP4_HEADERS + DHCP4_PACKET_MAX];
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = u->to };
	union {
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { .iov_base = packet };
	struct msghdr msg = {
		.msg_name = &to, .msg_namelen = sizeof(to),
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	const struct in_pktinfo info = { .ipi_ifindex = (int)ifindex };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	udp4_put(&w, u);
	if (w.bad) {
		errno = EMSGSIZE;
		return -1;
	}
	iov.iov_len = w.len;
	c->cmsg_level = IPPROTO_IP;
	c->cmsg_type = IP_PKTINFO;
	c->cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(c), &info, sizeof(info));
	return sendmsg(fd, &msg, 0) == -1 ? -1 : 0;
}
