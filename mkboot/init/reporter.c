/* SPDX-License-Identifier: ISC */
/* The process that tells the boot's server how far the boot is. */
#include "mkboot/init/reporter.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mkboot/init/fetch.h"
#include "mkboot/init/hardware.h"
#include "mkboot/init/report.h"
#include "mkboot/init/say.h"

#define PATIENCE 1000		/* ms for a connection, and for an answer */

/* One write(2) of a pipe, whole or not at all (PIPE_BUF is 4096). */
struct record {
	char stage[32], state[16], why[900];
};

/* Whole, as far as it goes within a while. */
static bool
send_all(int fd, const char *text, size_t len)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	ssize_t n;

	while (len > 0) {
		n = send(fd, text, len, MSG_NOSIGNAL);
		if (n == -1 && (errno != EAGAIN ||
		    poll(&p, 1, PATIENCE) != 1))
			return false;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

/*
 * A request's head, and its body where it has one.  False when nobody is
 * there, or it is another's server.
 */
static bool
send_one(const struct url *u, const char *head, const char *body)
{
	struct pollfd p = { .events = POLLIN };
	char answer[256];
	ssize_t n = -1;

	p.fd = fetch_connect(&u->server, u->port, PATIENCE);
	if (p.fd == -1)
		return false;
	if (send_all(p.fd, head, strlen(head)) &&
	    send_all(p.fd, body, strlen(body)) && poll(&p, 1, PATIENCE) == 1)
		n = recv(p.fd, answer, sizeof(answer), 0);
	close(p.fd);
	return n > 12 && strncmp(answer, "HTTP/1.", 7) == 0 &&
	    strncmp(answer + 9, "200", 3) == 0;
}

/* What mkboot(8) makes a smaller initrd from. */
static void
send_devices(const struct url *u)
{
	static char body[HARDWARE_TEXT];
	char head[REPORT_REQUEST];

	(void)report_devices(u, hardware_text(body), head);
	if (body[0] != '\0' && !send_one(u, head, body))
		say_info("report: the server takes no list of hardware");
}

static void __attribute__((noreturn))
work(int pipe, const struct url *u)
{
	char text[REPORT_REQUEST];
	unsigned failures = 0;
	struct record r;

	/* The booted system may end all processes; this one ends soon. */
	(void)signal(SIGPIPE, SIG_IGN);
	send_devices(u);
	while (read(pipe, &r, sizeof(r)) == (ssize_t)sizeof(r)) {
		(void)report_request(u, r.stage, r.state, r.why, text);
		if (send_one(u, text, ""))
			failures = 0;
		else if (failures++ == 0)
			say_info("report: stage %s: the server takes none",
			    r.stage);
	}
	_exit(0);
}

void
reporter_start(struct reporter *r, const char *report)
{
	struct url u;
	int end[2];

	r->child = 0;
	if (report[0] == '\0')
		return;
	if (!report_target(report, &u)) {
		say_warn("report=%s: it is http://SERVER/report; going on "
		    "without reports", report);
		return;
	}
	if (pipe2(end, O_CLOEXEC) == -1)
		return;
	if ((r->child = fork()) == 0) {
		close(end[1]);
		work(end[0], &u);
	}
	close(end[0]);
	r->pipe = end[1];
	/* A full pipe loses reports; it does not hold up the boot. */
	(void)fcntl(r->pipe, F_SETFL, O_NONBLOCK);
	if (r->child == -1) {
		close(r->pipe);
		r->child = 0;
	}
}

void
reporter_tell(struct reporter *r, const char *stage, const char *state,
    const char *why)
{
	struct record record;

	if (r->child == 0)
		return;
	memset(&record, 0, sizeof(record));
	strlcpy(record.stage, stage, sizeof(record.stage));
	strlcpy(record.state, state, sizeof(record.state));
	strlcpy(record.why, why, sizeof(record.why));
	if (write(r->pipe, &record, sizeof(record)) == -1)
		errno = 0;
}

void
reporter_finish(struct reporter *r, unsigned wait)
{
	const struct timespec nap = { .tv_nsec = 20 * 1000 * 1000 };
	unsigned naps = wait * 50;

	if (r->child == 0)
		return;
	close(r->pipe);
	while (naps-- > 0 && waitpid(r->child, NULL, WNOHANG) == 0)
		nanosleep(&nap, NULL);
	r->child = 0;
}
