/* SPDX-License-Identifier: ISC */
/* One transfer with its port and content; holds the question for the MTU. */
#include "tftpd/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER 4		/* octets before a block: opcode and number */
#define IPV4_HEADERS (20 + 8)	/* octets: IPv4, UDP */
#define IPV6_HEADERS (40 + 8)

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
    struct port *port, struct content *content, const char *path,
    const struct mac *who)
{
	struct session *s = calloc(1, sizeof(*s));

	if (s == NULL || (s->path = strdup(path)) == NULL) {
		free(s);
		errno = ENOMEM;
		return NULL;
	}
	s->way = *way;
	s->request = *request;
	if (who != NULL) {
		s->known = true;
		s->who = *who;
	}
	s->port = port;
	port->transfers++;
	s->content = content;
	request_agree(request, content->size, blksize_max(&way->peer),
	    &s->agreement);
	return s;
}

void
session_free(struct session *s, struct contents *contents)
{
	s->port->transfers--;
	content_close(contents, s->content);
	free(s->path);
	free(s);
}

void
session_send_oack(struct session *s)
{
	uint8_t packet[TFTP_REQUEST_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	request_put_oack(&w, &s->request, &s->agreement);
	if (w.bad || (port_send(s->port, &s->way, &w) == -1 &&
	    !port_error_passes(errno)))
		s->transfer.end = TRANSFER_UNSENDABLE;
}

void
session_refuse(const struct session *s, enum refusal refusal)
{
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	refusal_put(&w, refusal, s->path);
	port_send(s->port, &s->way, &w);
}
