/* SPDX-License-Identifier: ISC */
/* What makes this machine itself, written over the root. */
#include "mkboot/init/machine.h"

#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>

#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/init/lay.h"
#include "mkboot/init/restore.h"
#include "mkboot/init/say.h"

#define FILES "/machine/files"
#define HOSTS_MAX (64 * 1024)
#define XATTRS_MAX (1024 * 1024)

/* Up to `size' less one octets of a file, and a NUL. */
static bool
read_text(int folder, const char *path, char *text, size_t size)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_IN_ROOT
	};
	ssize_t n;
	int fd;

	text[0] = '\0';
	fd = (int)syscall(SYS_openat2, folder, path, &how, sizeof(how));
	if (fd == -1)
		return false;
	n = read(fd, text, size - 1);
	close(fd);
	if (n < 0)
		return false;
	text[n] = '\0';
	return true;
}

/* Writes etc/NAME below the root, in place of what is there. */
static void
write_etc(int etc, const char *name, const char *text, size_t len, mode_t mode)
{
	int fd;

	if (unlinkat(etc, name, 0) == -1 && errno != ENOENT)
		goto fail;
	fd = openat(etc, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd == -1)
		goto fail;
	if (fchmod(fd, mode) == -1 || write(fd, text, len) != (ssize_t)len) {
		close(fd);
		goto fail;
	}
	close(fd);
	return;
fail:
	say_warn("/etc/%s: %s%s", name, strerror(errno), errno == EROFS ?
	    "; with overlay=none the root must bring its own" : "");
}

/* Did the machine bring this file itself? */
static bool
brought(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), FILES "/etc/%s", name);
	return access(path, F_OK) == 0 || errno == ELOOP;
}

void
machine_hostname(char name[NAMES_HOST])
{
	char text[256];

	if (!read_text(AT_FDCWD, "/machine/hostname", text, sizeof(text))) {
		name[0] = '\0';
		return;
	}
	if (!names_host(text, name))
		say_warn("machine: hostname: not letters, digits, '-' and "
		    "'.', up to 64; taking another");
}

/* By order: machine/hostname, its etc/hostname, DHCP's, the address's. */
static void
choose_name(int root, const struct net *net, const char *hostname,
    char name[NAMES_HOST])
{
	char text[256];

	if (names_host(hostname, name))
		return;
	if (brought("hostname") &&
	    read_text(root, "etc/hostname", text, sizeof(text)) &&
	    names_host(text, name))
		return;
	if (!names_host(net->lease.facts.hostname, name))
		names_from_mac(&net->nic.mac, name);
}

static void
write_hosts(int root, int etc, const char *name, const char *domain)
{
	char before[HOSTS_MAX / 2], after[HOSTS_MAX];
	size_t len;

	if (!read_text(root, "etc/hosts", before, sizeof(before)))
		strlcpy(before, "127.0.0.1\tlocalhost\n"
		    "::1\tlocalhost ip6-localhost ip6-loopback\n",
		    sizeof(before));
	len = names_hosts(before, name, domain, after, sizeof(after));
	if (len > 0)
		write_etc(etc, "hosts", after, len, 0644);
}

static void
name_it(int root, int etc, const struct net *net, const char *hostname)
{
	char name[NAMES_HOST], line[NAMES_HOST + 1];
	int len;

	choose_name(root, net, hostname, name);
	if (sethostname(name, strlen(name)) == -1)
		say_warn("hostname %s: %s", name, strerror(errno));
	say_info("machine: %s", name);
	len = snprintf(line, sizeof(line), "%s\n", name);
	if (hostname[0] != '\0' || !brought("hostname"))
		write_etc(etc, "hostname", line, (size_t)len, 0644);
	if (!brought("hosts"))
		write_hosts(root, etc, name, net->lease.facts.domain);
}

/*
 * A root that many share has an empty machine-id.  Left so, systemd would take
 * a new one at each boot, and a journal of a machine's past would be lost.
 */
static void
identify(int root, int etc, const struct net *net)
{
	char id[NAMES_ID], there[64];

	if (brought("machine-id"))
		return;
	if (read_text(root, "etc/machine-id", there, sizeof(there)) &&
	    there[0] != '\0' && strncmp(there, "uninitialized", 13) != 0) {
		say_warn("root: /etc/machine-id: not empty, so all machines "
		    "of this root have the same; empty it there");
		return;
	}
	names_machine_id(&net->nic.mac, id);
	write_etc(etc, "machine-id", id, strlen(id), 0444);
}

/* "nameserver ADDRESS" for each; the length of all. */
static size_t
put_servers(const struct net *net, char *text, size_t size)
{
	const struct in6_addr *six = six_dns(&net->six);
	const struct in_addr *four = net->lease.facts.dns;
	char address[INET6_ADDRSTRLEN];
	size_t i, len = 0;

	for (i = 0; i < LEASE_ADDRESSES && four[i].s_addr != INADDR_ANY; i++)
		len += (size_t)snprintf(text + len, size - len,
		    "nameserver %s\n", inet_ntop(AF_INET, &four[i], address,
		    sizeof(address)));
	for (i = 0; i < LEASE_ADDRESSES &&
	    !IN6_IS_ADDR_UNSPECIFIED(&six[i]); i++)
		len += (size_t)snprintf(text + len, size - len,
		    "nameserver %s\n", inet_ntop(AF_INET6, &six[i], address,
		    sizeof(address)));
	return len;
}

/* The name servers, unless the root or the machine knows better. */
static void
write_resolver(int etc, const struct net *net)
{
	const char *domain = net->lease.facts.domain;
	char servers[512], text[1024];
	struct stat st;
	int len;

	if (put_servers(net, servers, sizeof(servers)) == 0 ||
	    brought("resolv.conf"))
		return;
	/* A link leads to what a resolver of the system's will write. */
	if (fstatat(etc, "resolv.conf", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISLNK(st.st_mode))
		return;
	len = snprintf(text, sizeof(text), "%s%s%s%s",
	    domain[0] != '\0' ? "search " : "", domain,
	    domain[0] != '\0' ? "\n" : "", servers);
	write_etc(etc, "resolv.conf", text, (size_t)len, 0644);
}

static void
failed(const char *path, int error)
{
	say_warn("machine: %s: %s", path, strerror(error));
}

static void
restore_one(int root, const struct restore *r)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT
	};
	const int fd = (int)syscall(SYS_openat2, root, r->path, &how,
	    sizeof(how));

	if (fd == -1 || fsetxattr(fd, r->name, r->value, r->len, 0) == -1)
		say_warn("machine: /%s: %s: %s", r->path, r->name,
		    strerror(errno));
	if (fd != -1)
		close(fd);
}

/* An archive carries no extended attributes; a text in it does. */
static void
restore_xattrs(int root, const char *path)
{
	struct restore r = { .text = NULL };
	char *text = malloc(XATTRS_MAX);

	if (text != NULL && read_text(AT_FDCWD, path, text, XATTRS_MAX)) {
		r.text = text;
		while (restore_next(&r))
			restore_one(root, &r);
	}
	free(text);
}

void
machine_lay(const char *root, const struct net *net, const char *hostname)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT
	};
	int etc, fd, laid;

	if ((laid = lay_tree(FILES, root, failed)) >= 0)
		say_info("machine: %d files laid over the root", laid);
	if ((fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		say_fatal("root: %s", strerror(errno));
	restore_xattrs(fd, "/machine/xattrs");
	restore_xattrs(fd, "/machine/xattrs.private");
	etc = (int)syscall(SYS_openat2, fd, "etc", &how, sizeof(how));
	if (etc == -1) {
		say_warn("root: /etc: %s", strerror(errno));
	} else {
		name_it(fd, etc, net, hostname);
		identify(fd, etc, net);
		write_resolver(etc, net);
		close(etc);
	}
	close(fd);
}
