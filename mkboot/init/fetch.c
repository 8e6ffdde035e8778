/* SPDX-License-Identifier: ISC */
/* The sockets of a download by HTTP. */
#include "mkboot/init/fetch.h"

#include <sys/socket.h>

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/fetchtftp.h"
#include "mkboot/init/net.h"

/* Milliseconds. */
#define CONNECT_WAIT 5000
#define SILENCE 10000		/* of a server that took the connection */
#define CHUNK (256 * 1024)

/* Waits for a connection under way; 0, or the errno it came to. */
static int
connected(int fd, int wait)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t len = sizeof(error);

	if (poll(&p, 1, wait) == 0)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return errno;
	return error;
}

int
fetch_connect(const union address *server, unsigned port, int wait)
{
	union address to = *server;
	int error = 0, fd;

	if (to.sa.sa_family == AF_INET6)
		to.in6.sin6_port = htons((uint16_t)port);
	else
		to.in.sin_port = htons((uint16_t)port);
	fd = socket(to.sa.sa_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, &to.sa, address_length(&to.sa)) == -1)
		error = errno == EINPROGRESS ? connected(fd, wait) : errno;
	if (error == 0)
		return fd;
	close(fd);
	errno = error;
	return -1;
}

static enum fetch_result
broke(struct fetch *f, const char *what, int error)
{
	snprintf(f->why, sizeof(f->why), "%s%s", what,
	    error != 0 ? strerror(error) : "");
	return FETCH_BROKE;
}

/* What comes next; 0 at the end, -1 with errno, ETIMEDOUT among them. */
static ssize_t
receive(int fd, void *to, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	if (poll(&p, 1, SILENCE) == 0) {
		errno = ETIMEDOUT;
		return -1;
	}
	return recv(fd, to, size, 0);
}

static enum fetch_result
keep(struct fetch *f, const void *data, size_t len)
{
	const int64_t now = net_now();

	if (len > f->file.total - f->file.have)
		len = (size_t)(f->file.total - f->file.have);
	if (sink_write(f->sink, data, len) == -1) {
		(void)broke(f, "", errno);
		return FETCH_FULL;
	}
	f->file.have += len;
	if (now / 1000 != f->moved / 1000)
		f->tell(f);
	f->moved = now;
	return f->file.have == f->file.total ? FETCH_DONE : FETCH_BROKE;
}

static enum fetch_result
body(struct fetch *f, int fd, char *chunk)
{
	enum fetch_result result;
	ssize_t n;

	for (;;) {
		n = receive(fd, chunk, CHUNK);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n == -1)
			return broke(f, "broke off: ", errno);
		if (n == 0)
			return broke(f, "broke off: the server closed it", 0);
		result = keep(f, chunk, (size_t)n);
		if (result != FETCH_BROKE)
			return result;
	}
}

/* Makes room for the whole file, once it is known how long it is. */
static enum fetch_result
begin_anew(struct fetch *f)
{
	if (f->file.total > f->room) {
		snprintf(f->why, sizeof(f->why), "%" PRIu64 " MiB do not fit "
		    "into the %" PRIu64 " MiB that this machine's memory has "
		    "for it", (f->file.total >> 20) + 1, f->room >> 20);
		return FETCH_FULL;
	}
	if (sink_restart(f->sink) == -1) {
		(void)broke(f, "", errno);
		return FETCH_FULL;
	}
	return FETCH_DONE;
}

static enum fetch_result
take_reply(struct fetch *f, const struct reply *r)
{
	const enum download_verdict verdict = download_judge(&f->file, r);

	snprintf(f->why, sizeof(f->why), "the server says %u%s", r->status,
	    r->status == 404 ? ", there is no such file" :
	    r->status == 403 ? ", not for this machine" :
	    verdict == DOWNLOAD_CHANGED ? ", it has another file now" :
	    verdict == DOWNLOAD_UNFIT ? ", but not how long the file is" : "");
	switch (verdict) {
	case DOWNLOAD_APPEND:
		return FETCH_DONE;
	case DOWNLOAD_ANEW:
		return begin_anew(f);
	case DOWNLOAD_LATER:
	case DOWNLOAD_CHANGED:
		return FETCH_BROKE;
	case DOWNLOAD_REFUSED:
	case DOWNLOAD_UNFIT:
		break;
	}
	return FETCH_REFUSED;
}

/* Reads the head, and what of the body came with it; no why: it goes on. */
static enum fetch_result
head(struct fetch *f, int fd, char *chunk)
{
	enum fetch_result result;
	struct reply r;
	size_t have = 0, len;
	ssize_t n;

	for (;;) {
		n = receive(fd, chunk + have, REPLY_HEAD_MAX - have);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n == -1)
			return broke(f, "no answer: ", errno);
		if (n == 0)
			return broke(f, "no answer: the server closed it", 0);
		have += (size_t)n;
		switch (reply_parse(&r, chunk, have, &len)) {
		case REPLY_MORE:
			continue;
		case REPLY_BAD:
			(void)broke(f, "the answer is no HTTP", 0);
			return FETCH_REFUSED;
		case REPLY_OK:
			break;
		}
		result = take_reply(f, &r);
		if (result != FETCH_DONE)
			return result;
		f->why[0] = '\0';
		return keep(f, chunk + len, have - len);
	}
}

static enum fetch_result
fetch_http(struct fetch *f, const union address *server)
{
	enum fetch_result result = FETCH_BROKE;
	char request[DOWNLOAD_REQUEST], *chunk;
	size_t len;
	int fd;

	if ((fd = fetch_connect(server, f->url->port, CONNECT_WAIT)) == -1)
		return broke(f, "", errno);
	if ((chunk = malloc(CHUNK)) == NULL)
		goto out;
	f->why[0] = '\0';
	len = download_request(&f->file, f->url, server, request);
	if (send(fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
		result = broke(f, "", errno);
	else if ((result = head(f, fd, chunk)) == FETCH_BROKE &&
	    f->why[0] == '\0')
		result = body(f, fd, chunk);
out:
	free(chunk);
	close(fd);
	return result;
}

enum fetch_result
fetch_from(struct fetch *f, const union address *server)
{
	return f->url->scheme == URL_HTTP ? fetch_http(f, server) :
	    fetch_tftp(f, server);
}
