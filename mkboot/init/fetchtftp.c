/* SPDX-License-Identifier: ISC */
/* The socket of a download by TFTP. */
#include "mkboot/init/fetchtftp.h"

#include <sys/socket.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/net.h"
#include "mkboot/init/tftpget.h"

#define SILENT_MAX 6		/* packets without an answer */
#define BUFFER (1024 * 1024)	/* octets: a burst while we write */

struct talk {
	struct fetch *fetch;
	struct tftpget get;
	union address server;	/* its port is the transfer's, once known */
	int fd;
};

static void
send_packet(const struct talk *t, const struct wire_out *w)
{
	/* Lost is lost: it goes out again by itself. */
	if (w->len > 0 && !w->bad && sendto(t->fd, w->start, w->len, 0,
	    &t->server.sa, address_length(&t->server.sa)) == -1)
		errno = 0;
}

static bool
same_host(const union address *a, const union address *b)
{
	if (a->sa.sa_family != b->sa.sa_family)
		return false;
	if (a->sa.sa_family == AF_INET)
		return a->in.sin_addr.s_addr == b->in.sin_addr.s_addr;
	return IN6_ARE_ADDR_EQUAL(&a->in6.sin6_addr, &b->in6.sin6_addr);
}

/*
 * The first answer's port is the transfer's (RFC 1350 section 4); who else
 * sends is not listened to.
 */
static bool
is_from_server(struct talk *t, const union address *from)
{
	if (!same_host(from, &t->server))
		return false;
	if (!t->get.begun)
		t->server = *from;
	return address_port(&from->sa) == address_port(&t->server.sa);
}

static enum fetch_result
store(struct fetch *f, const uint8_t *data, size_t len)
{
	const int64_t now = net_now();

	f->file.have += len;
	if (f->file.have > f->room || sink_write(f->sink, data, len) == -1) {
		snprintf(f->why, sizeof(f->why), "more than the %llu MiB that "
		    "this machine's memory has for it",
		    (unsigned long long)f->room >> 20);
		return FETCH_FULL;
	}
	if (now / 1000 != f->moved / 1000)
		f->tell(f);
	f->moved = now;
	return FETCH_BROKE;
}

/* One packet; FETCH_BROKE means that it goes on. */
static enum fetch_result
take(struct talk *t, const void *packet, size_t size)
{
	struct fetch *f = t->fetch;
	uint8_t answer[TFTPGET_PACKET];
	enum fetch_result result = FETCH_BROKE;
	enum tftpget_action action;
	const uint8_t *data;
	struct wire_out w;
	size_t len;

	wire_out_init(&w, answer, sizeof(answer));
	action = tftpget_input(&t->get, packet, size, net_now(), &w, &data,
	    &len);
	f->file.total = t->get.total;
	if (action == TFTPGET_DATA || action == TFTPGET_END)
		result = store(f, data, len);
	if (result == FETCH_FULL)
		return result;
	send_packet(t, &w);
	if (action == TFTPGET_FAILED)
		strlcpy(f->why, t->get.why, sizeof(f->why));
	return action == TFTPGET_FAILED ? FETCH_REFUSED :
	    action == TFTPGET_END ? FETCH_DONE : FETCH_BROKE;
}

static enum fetch_result
drain(struct talk *t)
{
	enum fetch_result result = FETCH_BROKE;
	uint8_t packet[TFTPGET_PACKET];
	union address from;
	socklen_t length;
	ssize_t n;

	while (result == FETCH_BROKE) {
		memset(&from, 0, sizeof(from));
		length = sizeof(from);
		n = recvfrom(t->fd, packet, sizeof(packet), 0, &from.sa,
		    &length);
		if (n == -1)
			break;
		if (is_from_server(t, &from))
			result = take(t, packet, (size_t)n);
	}
	return result;
}

static enum fetch_result
transfer(struct talk *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLIN };
	uint8_t packet[TFTPGET_PACKET];
	enum fetch_result result;
	struct wire_out w;
	int64_t wait;

	while (t->get.silent < SILENT_MAX) {
		wire_out_init(&w, packet, sizeof(packet));
		(void)tftpget_tick(&t->get, net_now(), &w);
		send_packet(t, &w);
		wait = t->get.deadline - net_now();
		(void)poll(&p, 1, wait > 0 ? (int)wait : 0);
		if ((result = drain(t)) != FETCH_BROKE)
			return result;
	}
	strlcpy(t->fetch->why, t->get.begun ? "broke off: the server is "
	    "silent" : "no answer", sizeof(t->fetch->why));
	return FETCH_BROKE;
}

enum fetch_result
fetch_tftp(struct fetch *f, const union address *server)
{
	struct talk t = { .fetch = f, .server = *server };
	const int size = BUFFER;
	enum fetch_result result;

	if (t.server.sa.sa_family == AF_INET6)
		t.server.in6.sin6_port = htons(f->url->port);
	else
		t.server.in.sin_port = htons(f->url->port);
	download_init(&f->file);
	t.fd = socket(t.server.sa.sa_family,
	    SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (t.fd == -1 || sink_restart(f->sink) == -1) {
		strlcpy(f->why, strerror(errno), sizeof(f->why));
		result = FETCH_BROKE;
	} else {
		/* Beyond the kernel's usual bound only root may go. */
		(void)setsockopt(t.fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
		    sizeof(size));
		/* Names in a server's folder have no slash in front. */
		tftpget_begin(&t.get, f->url->path + 1, net_now());
		result = transfer(&t);
	}
	if (t.fd != -1)
		close(t.fd);
	return result;
}
