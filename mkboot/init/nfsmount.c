/* SPDX-License-Identifier: ISC */
/* Mounts an NFS root from the first server that gives it. */
#include "mkboot/init/nfsmount.h"

#include <sys/mount.h>
#include <sys/wait.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mkboot/init/fetch.h"
#include "mkboot/init/net.h"
#include "mkboot/init/say.h"

/* Milliseconds. */
#define SERVER_WAIT 180000	/* for a server that does not answer */
#define CONNECT_WAIT 5000
#define MOUNT_WAIT 30000	/* for one mount(2) */
#define AGAIN 1000
#define TELL_EVERY 10000

#define SOURCE 1100		/* octets of "SERVER:/PATH" */

/*
 * Does the server take a connection?  The kernel's NFS client would tell us
 * only after minutes that it does not, and not why.
 */
static int
knock(const struct nfsroot *n, const union address *server)
{
	int fd;

	if (n->udp)
		return 0;
	if ((fd = fetch_connect(server, n->port, CONNECT_WAIT)) == -1)
		return errno;
	close(fd);
	return 0;
}

/* The child's status within a bounded time; ETIMEDOUT when it hangs. */
static int
wait_for(pid_t child)
{
	const struct timespec nap = { .tv_nsec = 10 * 1000 * 1000 };
	const int64_t end = net_now() + MOUNT_WAIT;
	int status;

	for (;;) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
		if (net_now() >= end)
			break;
		nanosleep(&nap, NULL);
	}
	/* What waits for an NFS server can be killed. */
	kill(child, SIGKILL);
	return ETIMEDOUT;
}

/*
 * mount(2) in a child, which shares our mounts: so that a server which takes
 * the connection and then says nothing cannot hold us up for ever.
 */
static int
mount_one(const struct nfsroot *n, const union address *server, const char *at)
{
	char source[SOURCE], options[1024];
	pid_t child;

	nfsroot_source(n, server, source, sizeof(source));
	if (!nfsroot_options(n, server, options, sizeof(options)))
		return E2BIG;
	if ((child = fork()) == -1)
		return errno;
	if (child == 0)
		_exit(mount(source, at, "nfs", n->writable ? 0 : MS_RDONLY,
		    options) == -1 ? errno : 0);
	return wait_for(child);
}

/* Will it perhaps be another time? */
static bool
may_pass(int error)
{
	static const int passing[] = {
		ECONNREFUSED, ECONNRESET, EHOSTDOWN, EHOSTUNREACH, EIO,
		ENETDOWN, ENETUNREACH, EPIPE, ETIMEDOUT, EAGAIN, EINTR, ENOMEM
	};
	size_t i;

	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		if (error == passing[i])
			return true;
	return false;
}

static const char *
advice(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "; the server has no such folder for us";
	case EACCES:
	case EPERM:
		return "; the server does not give it to this machine";
	case ENODEV:
		return "; make the initrd with -f nfs";
	case EINVAL:
		return "; see to the options in root=";
	case EPROTONOSUPPORT:
		return "; the server speaks another version of NFS";
	case ECONNREFUSED:
		return "; does an NFS server run there?";
	default:
		return "";
	}
}

/* One round: each server once.  0, or the errno that has most hope in it. */
static int
try_servers(const struct nfsroot *n, const struct servers *s, const char *at,
    bool tell, int64_t left)
{
	char source[SOURCE];
	int error, kept = 0;
	size_t i;

	for (i = 0; i < s->n; i++) {
		error = knock(n, &s->server[i]);
		if (error == 0)
			error = mount_one(n, &s->server[i], at);
		if (error == 0)
			return 0;
		nfsroot_source(n, &s->server[i], source, sizeof(source));
		if (tell && (may_pass(error) || i + 1 < s->n))
			say_warn("root: nfs %s: %s%s; trying on for %d s",
			    source, strerror(error), advice(error),
			    (int)left / 1000);
		if (kept == 0 || may_pass(error))
			kept = error;
	}
	return kept;
}

void
nfsmount(const struct nfsroot *n, const struct servers *s, const char *at)
{
	const int64_t begun = net_now();
	int64_t told = begun - TELL_EVERY, now = begun;
	char source[SOURCE];
	bool tell;
	int error;

	nfsroot_source(n, &s->server[0], source, sizeof(source));
	say_info("root: nfs %s", source);
	for (;;) {
		tell = now - told >= TELL_EVERY;
		if (tell)
			told = now;
		error = try_servers(n, s, at, tell, begun + SERVER_WAIT - now);
		if (error == 0)
			return;
		now = net_now();
		if (!may_pass(error) || now - begun >= SERVER_WAIT)
			say_fatal("root: nfs %s: %s%s", source,
			    strerror(error), advice(error));
		(void)poll(NULL, 0, AGAIN);
	}
}
