/* SPDX-License-Identifier: ISC */
/* One transfer's socket and file; holds socket, bind, send, recv, pread. */
#include "tftpd/session.h"

#include <sys/uio.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/log.h"

#define HEADER 4		/* octets before a block: opcode and number */
#define IPV4_HEADERS (20 + 8)	/* octets: IPv4, UDP */
#define IPV6_HEADERS (40 + 8)
#define PACKET_MAX 516		/* of a client's: ACKs, and an ERROR's text */

static int
close_keeping_errno(int fd)
{
	const int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/* fe80::1 is an address only together with its interface. */
static void
set_scope(union address *a, unsigned ifindex)
{
	if (a->sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_LINKLOCAL(&a->in6.sin6_addr))
		a->in6.sin6_scope_id = ifindex;
}

/*
 * A socket on a new port of the address that the client asked: firmware drops
 * an answer from another address of this host (EDK2 PxeBcMtftp.c).  It is not
 * connected: a stranger's packet would then be met by the kernel with an ICMP
 * message, where RFC 1350 section 4 has an ERROR 5.
 */
static int
open_port(const struct datagram *way)
{
	union address local = way->local;
	int fd;

	if (local.sa.sa_family == AF_UNSPEC)
		local.sa.sa_family = way->peer.sa.sa_family;
	set_scope(&local, way->ifindex);
	fd = socket(local.sa.sa_family,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (bind(fd, &local.sa, address_length(&local.sa)) == -1)
		return close_keeping_errno(fd);
	return fd;
}

/* The MTU of the path to this client as the kernel knows it, or -1. */
static int
path_mtu(const union address *peer)
{
	const bool is_v6 = peer->sa.sa_family == AF_INET6;
	socklen_t len = sizeof(int);
	int fd, mtu = -1;

	fd = socket(peer->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, &peer->sa, address_length(&peer->sa)) == -1 ||
	    getsockopt(fd, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
	    is_v6 ? IPV6_MTU : IP_MTU, &mtu, &len) == -1)
		mtu = -1;
	close(fd);
	return mtu;
}

/* The largest block that goes to this client in one unbroken packet. */
static uint32_t
blksize_max(const union address *peer)
{
	const int headers = HEADER + (peer->sa.sa_family == AF_INET6 ?
	    IPV6_HEADERS : IPV4_HEADERS);
	const int mtu = path_mtu(peer);

	return mtu < headers ? TFTP_BLKSIZE_DEFAULT :
	    (uint32_t)(mtu - headers);
}

struct session *
session_new(const struct datagram *way, const struct request *request,
    struct found *found, const struct mac *who)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		close_keeping_errno(found->fd);
		return NULL;
	}
	s->file = found->fd;
	s->way = *way;
	s->request = *request;
	if (who != NULL) {
		s->known = true;
		s->who = *who;
	}
	s->path = strdup(found->path);
	s->socket = open_port(way);
	if (s->path == NULL || s->socket == -1) {
		session_free(s);
		return NULL;
	}
	posix_fadvise(s->file, 0, 0, POSIX_FADV_SEQUENTIAL);
	request_agree(request, found->size, blksize_max(&way->peer),
	    &s->agreement);
	return s;
}

void
session_free(struct session *s)
{
	const int error = errno;

	if (s->socket != -1)
		close(s->socket);
	close(s->file);
	free(s->path);
	free(s);
	errno = error;
}

/*
 * What another moment may mend is treated as a lost packet; the transfer's
 * own timer sees to it.
 */
static bool
is_passing(int error)
{
	switch (error) {
	case EAGAIN:
	case EINTR:
	case ENOBUFS:
	case ENOMEM:
	case ECONNREFUSED:
	case EHOSTDOWN:
	case EHOSTUNREACH:
	case ENETDOWN:
	case ENETUNREACH:
	case EPERM:		/* a packet filter's doing */
		return true;
	default:
		return false;
	}
}

static bool
send_packet(const struct session *s, const struct wire_out *w)
{
	return !w->bad && sendto(s->socket, w->start, w->len, 0,
	    &s->way.peer.sa, address_length(&s->way.peer.sa)) != -1;
}

static void
send_oack(struct session *s)
{
	uint8_t packet[TFTP_REQUEST_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	request_put_oack(&w, &s->request, &s->agreement);
	if (!send_packet(s, &w) && !is_passing(errno))
		s->transfer.end = TRANSFER_UNSENDABLE;
}

/* All octets of the run, or false: then the file shrank or failed. */
static bool
read_run(const struct session *s, const struct transfer_run *run,
    uint8_t *buffer)
{
	uint64_t at, last_at;
	size_t have, want;
	ssize_t n;

	transfer_block(&s->transfer, run->first, &at);
	want = transfer_block(&s->transfer, run->first + run->count - 1,
	    &last_at);
	want += (size_t)(last_at - at);
	for (have = 0; have < want; have += (size_t)n) {
		n = pread(s->file, buffer + have, want - have,
		    (off_t)(at + have));
		if (n <= 0)
			return false;
	}
	return true;
}

/* One datagram a block, all handed to the kernel at once. */
static int
send_blocks(struct session *s, const struct transfer_run *run,
    uint8_t *buffer)
{
	struct mmsghdr msg[REQUEST_WINDOW_MAX];
	struct iovec iov[REQUEST_WINDOW_MAX][2];
	uint8_t header[REQUEST_WINDOW_MAX][HEADER];
	struct wire_out w;
	uint64_t offset;
	uint32_t i, len;

	for (i = 0; i < run->count; i++) {
		len = transfer_block(&s->transfer, run->first + i, &offset);
		wire_out_init(&w, header[i], HEADER);
		tftp_put_data(&w, (uint16_t)(run->first + i), NULL, 0);
		iov[i][0] = (struct iovec){ header[i], HEADER };
		iov[i][1] = (struct iovec){ buffer, len };
		buffer += len;
		msg[i].msg_hdr = (struct msghdr){
			.msg_name = &s->way.peer,
			.msg_namelen = address_length(&s->way.peer.sa),
			.msg_iov = iov[i], .msg_iovlen = 2,
		};
	}
	return sendmmsg(s->socket, msg, run->count, 0);
}

void
session_send(struct session *s, const struct transfer_run *run,
    uint8_t *buffer, int64_t now_ms)
{
	int sent;

	if (run->count == 0)
		return;
	if (run->first == 0) {
		send_oack(s);
		return;
	}
	if (!read_run(s, run, buffer)) {
		s->transfer.end = TRANSFER_UNREADABLE;
		session_refuse(s, REFUSAL_BROKE);
		return;
	}
	sent = send_blocks(s, run, buffer);
	if (sent == -1 && !is_passing(errno))
		s->transfer.end = TRANSFER_UNSENDABLE;
	else if (sent >= 0 && (uint32_t)sent < run->count)
		transfer_unsent(&s->transfer, run, (uint32_t)sent, now_ms);
	else if (sent == -1 && errno == EAGAIN)
		transfer_unsent(&s->transfer, run, 0, now_ms);
}

/* RFC 1350 section 4.  An ERROR gets none back: that could go on for ever. */
static void
answer_stranger(const struct session *s, const uint8_t *packet, size_t len,
    const union address *stranger)
{
	uint8_t answer[REFUSAL_PACKET_MAX];
	char text[ADDRESS_TEXT];
	struct wire_in in;
	struct wire_out out;

	log_debug("stranger on a transfer's port: client=%s",
	    address_format(&stranger->sa, text));
	wire_in_init(&in, packet, len);
	if (wire_get_n16(&in) == TFTP_ERROR || in.bad)
		return;
	wire_out_init(&out, answer, sizeof(answer));
	refusal_put(&out, REFUSAL_STRANGER, NULL);
	sendto(s->socket, out.start, out.len, 0, &stranger->sa,
	    address_length(&stranger->sa));
}

bool
session_receive(struct session *s, uint8_t *buffer, int64_t now_ms)
{
	uint8_t packet[PACKET_MAX];
	union address from;
	socklen_t fromlen = sizeof(from);
	struct transfer_run run;
	ssize_t len;

	len = recvfrom(s->socket, packet, sizeof(packet), 0, &from.sa,
	    &fromlen);
	if (len == -1)
		return false;
	if (!address_equal(&from.sa, &s->way.peer.sa)) {
		answer_stranger(s, packet, (size_t)len, &from);
		return true;
	}
	run = transfer_packet(&s->transfer, packet, (size_t)len, now_ms);
	session_send(s, &run, buffer, now_ms);
	return true;
}

void
session_refuse(const struct session *s, enum refusal refusal)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	refusal_put(&w, refusal, s->path);
	send_packet(s, &w);
}

void
session_refuse_request(int listener, const struct datagram *way,
    enum refusal refusal, const char *file)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct wire_out w;
	int fd = open_port(way);

	wire_out_init(&w, packet, sizeof(packet));
	refusal_put(&w, refusal, file);
	if (fd == -1) {
		datagram_send(listener, w.start, w.len, way);
		return;
	}
	sendto(fd, w.start, w.len, 0, &way->peer.sa,
	    address_length(&way->peer.sa));
	close(fd);
}
