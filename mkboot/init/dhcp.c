/* SPDX-License-Identifier: ISC */
/* The sockets of a DHCP client. */
#include "mkboot/init/dhcp.h"

#include <sys/socket.h>

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/udp4.h"

enum { SERVER_PORT = 67, CLIENT_PORT = 68 };

static void
close_keeping_errno(int fd)
{
	const int error = errno;

	close(fd);
	errno = error;
}

int
dhcp_open_packet(const struct nic *nic)
{
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = nic->index
	};
	const int yes = 1;
	int fd;

	/* Protocol 0: nothing comes in before it is bound to the card. */
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &yes,
	    sizeof(yes)) == -1 ||
	    bind(fd, (const struct sockaddr *)&to, sizeof(to)) == -1) {
		close_keeping_errno(fd);
		return -1;
	}
	return fd;
}

int
dhcp_open_udp(const struct nic *nic)
{
	const struct sockaddr_in port = {
		.sin_family = AF_INET, .sin_port = htons(CLIENT_PORT)
	};
	const int yes = 1;
	int fd;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes,
	    sizeof(yes)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &yes,
	    sizeof(yes)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, nic->name,
	    (socklen_t)strlen(nic->name)) == -1 ||
	    bind(fd, (const struct sockaddr *)&port, sizeof(port)) == -1) {
		close_keeping_errno(fd);
		return -1;
	}
	return fd;
}

int
dhcp_send_packet(int fd, const struct nic *nic, const void *data, size_t len)
{
	uint8_t packet[DHCP4_PACKET_MAX + UDP4_HEADERS];
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = nic->index,
		.sll_halen = sizeof(nic->mac.octet)
	};
	struct wire_out w;

	memset(to.sll_addr, 0xff, sizeof(nic->mac.octet));
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put_broadcast(&w, CLIENT_PORT, SERVER_PORT, data, len);
	if (w.bad) {
		errno = EMSGSIZE;
		return -1;
	}
	return sendto(fd, packet, w.len, 0, (const struct sockaddr *)&to,
	    sizeof(to)) == -1 ? -1 : 0;
}

int
dhcp_send_udp(int fd, struct in_addr to, const void *data, size_t len)
{
	const struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(SERVER_PORT),
		.sin_addr = to
	};

	return sendto(fd, data, len, 0, (const struct sockaddr *)&server,
	    sizeof(server)) == -1 ? -1 : 0;
}

/* Did the kernel say that the sums are there already? */
static bool
is_summed(struct msghdr *message)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(message); c != NULL; c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == SOL_PACKET &&
		    c->cmsg_type == PACKET_AUXDATA &&
		    c->cmsg_len >= CMSG_LEN(sizeof(aux))) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			return (aux.tp_status & TP_STATUS_CSUMNOTREADY) == 0;
		}
	return true;
}

bool
dhcp_receive_packet(int fd, struct dhcp4 *d)
{
	uint8_t packet[DHCP4_PACKET_MAX + 64];
	_Alignas(struct cmsghdr) char control[256];
	struct iovec iov = { packet, sizeof(packet) };
	struct msghdr message;
	const uint8_t *payload;
	size_t len;
	ssize_t n;

	for (;;) {
		message = (struct msghdr){
			.msg_iov = &iov, .msg_iovlen = 1,
			.msg_control = control,
			.msg_controllen = sizeof(control)
		};
		n = recvmsg(fd, &message, 0);
		if (n == -1)
			return false;
		payload = udp4_parse(packet, (size_t)n, CLIENT_PORT,
		    is_summed(&message), &len);
		if (payload != NULL && dhcp4_parse(d, payload, len) == DHCP4_OK)
			return true;
	}
}

bool
dhcp_receive_udp(int fd, struct dhcp4 *d)
{
	uint8_t packet[DHCP4_PACKET_MAX];
	ssize_t n;

	while ((n = recv(fd, packet, sizeof(packet), 0)) != -1)
		if (dhcp4_parse(d, packet, (size_t)n) == DHCP4_OK)
			return true;
	return false;
}
