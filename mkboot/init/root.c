/* SPDX-License-Identifier: ISC */
/* Mounts the root: NFS below, memory above. */
#include "mkboot/init/root.h"

#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "mkboot/init/nfsroot.h"
#include "mkboot/init/say.h"

/* Below /run, so that the running system can look at both. */
#define LOWER "/run/pixie/lower"
#define UPPER "/run/pixie/upper"

/* Milliseconds. */
#define SERVER_WAIT 180000	/* for a server that does not answer */
#define CONNECT_WAIT 5000
#define MOUNT_WAIT 30000	/* for one mount(2) */
#define AGAIN 1000
#define TELL_EVERY 10000

/*
 * root=nfs:..., or the kernel's own root=/dev/nfs with nfsroot=, or else what
 * DHCP's root path says.
 */
static const char *
source(const struct cmdline *c, const struct net *net)
{
	if (strncmp(c->root, "nfs:", 4) == 0)
		return c->root + 4;
	if (c->root[0] != '\0' && strcmp(c->root, "/dev/nfs") != 0)
		say_fatal("root=%s: not known here; it is "
		    "root=nfs:SERVER:/PATH[,options]", c->root);
	if (c->nfsroot[0] != '\0')
		return c->nfsroot;
	if (net->lease.facts.root_path[0] != '\0')
		return net->lease.facts.root_path;
	say_fatal("root=: not on the kernel's command line; "
	    "it is root=nfs:SERVER:/PATH[,options]");
}

static void
find_root(struct nfsroot *n, const struct cmdline *c, const struct net *net)
{
	const char *text = source(c, net);
	enum nfsroot_error error = nfsroot_parse(n, text);

	if (error != NFSROOT_OK)
		say_fatal("root=nfs:%s: %s", text, nfsroot_error_words(error));
	if (n->server.s_addr == INADDR_ANY)
		n->server = c->ip.server;
	if (n->server.s_addr == INADDR_ANY)
		n->server = net->lease.facts.next_server;
	if (n->server.s_addr == INADDR_ANY)
		say_fatal("root=nfs:%s: which server?  it is "
		    "root=nfs:SERVER:/PATH[,options]", text);
}

/* Waits for a connection under way; 0, or the errno it came to. */
static int
connected(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t len = sizeof(error);

	if (poll(&p, 1, CONNECT_WAIT) == 0)
		return ETIMEDOUT;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1)
		return errno;
	return error;
}

/*
 * Does the server take a connection?  The kernel's NFS client would tell us
 * only after minutes that it does not, and not why.
 */
static int
knock(const struct nfsroot *n)
{
	const struct sockaddr_in server = {
		.sin_family = AF_INET,
		.sin_port = htons(n->port),
		.sin_addr = n->server
	};
	int error = 0, fd;

	if (n->udp)
		return 0;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return errno;
	if (connect(fd, (const struct sockaddr *)&server,
	    sizeof(server)) == -1)
		error = errno == EINPROGRESS ? connected(fd) : errno;
	close(fd);
	return error;
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
mount_nfs(const struct nfsroot *n, const char *at)
{
	char where[sizeof(n->path) + INET_ADDRSTRLEN + 1], options[1024];
	char server[INET_ADDRSTRLEN];
	pid_t child;

	inet_ntop(AF_INET, &n->server, server, sizeof(server));
	snprintf(where, sizeof(where), "%s:%s", server, n->path);
	if (!nfsroot_options(n, options, sizeof(options)))
		return E2BIG;
	if ((child = fork()) == -1)
		return errno;
	if (child == 0)
		_exit(mount(where, at, "nfs", n->writable ? 0 : MS_RDONLY,
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

static void
mount_lower(const struct nfsroot *n, const char *at)
{
	const int64_t begun = net_now();
	int64_t told = begun, now;
	char server[INET_ADDRSTRLEN];
	int error;

	inet_ntop(AF_INET, &n->server, server, sizeof(server));
	say_info("root: nfs %s:%s", server, n->path);
	for (;;) {
		if ((error = knock(n)) == 0)
			error = mount_nfs(n, at);
		if (error == 0)
			return;
		now = net_now();
		if (!may_pass(error) || now - begun >= SERVER_WAIT)
			say_fatal("root: nfs %s:%s: %s%s", server, n->path,
			    strerror(error), advice(error));
		if (told == begun || now - told >= TELL_EVERY) {
			say_warn("root: nfs %s:%s: %s; trying on for %d s",
			    server, n->path, strerror(error),
			    (int)(begun + SERVER_WAIT - now) / 1000);
			told = now;
		}
		(void)poll(NULL, 0, AGAIN);
	}
}

/* What the system writes goes to memory; nobody else sees it. */
static void
mount_overlay(const char *size)
{
	char options[64];

	snprintf(options, sizeof(options), "mode=0755%s%s",
	    size[0] != '\0' ? ",size=" : "", size);
	(void)mkdir(UPPER, 0755);
	if (mount("upper", UPPER, "tmpfs", MS_NODEV | MS_NOSUID,
	    options) == -1)
		say_fatal("overlay: tmpfs with %s: %s", options,
		    strerror(errno));
	if (mkdir(UPPER "/upper", 0755) == -1 ||
	    mkdir(UPPER "/work", 0755) == -1)
		say_fatal("overlay: %s", strerror(errno));
	if (mount("overlay", ROOT_NEW, "overlay", 0, "lowerdir=" LOWER
	    ",upperdir=" UPPER "/upper,workdir=" UPPER "/work") == -1)
		say_fatal("overlay: %s%s", strerror(errno), errno == ENODEV ?
		    "; make the initrd with -m overlay, or boot with "
		    "overlay=none" : "");
}

void
root_mount(const struct cmdline *c, const struct net *net)
{
	struct nfsroot n;

	find_root(&n, c, net);
	if (!c->overlay) {
		mount_lower(&n, ROOT_NEW);
		return;
	}
	/* Several machines share it: only memory is written. */
	n.writable = false;
	(void)mkdir(LOWER, 0755);
	mount_lower(&n, LOWER);
	mount_overlay(c->overlay_size);
}
