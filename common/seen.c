/* SPDX-License-Identifier: ISC */
/* seen/: lines and facts about each machine, and who has which address. */
#include "common/seen.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "common/log.h"

#define LINE_MAX_OCTETS 1024
#define PATH_OCTETS 128

/* Said once: a full disk must not fill the log too. */
static void
complain(struct seen *s, const char *path)
{
	if (!s->complained)
		log_warn("seen/%s: %s; serving goes on, unrecorded", path,
		    strerror(errno));
	s->complained = true;
}

static size_t
count_machines(int fd)
{
	struct dirent *entry;
	struct mac mac;
	size_t n = 0;
	DIR *dir;
	int copy;

	copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (copy == -1 || (dir = fdopendir(copy)) == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL)
		n += mac_parse(entry->d_name, &mac);
	closedir(dir);
	return n;
}

void
seen_open(struct seen *s, int bootfd, const char *prog)
{
	memset(s, 0, sizeof(*s));
	s->prog = prog;
	if (mkdirat(bootfd, "seen", 0755) == -1 && errno != EEXIST)
		complain(s, "");
	s->fd = bootdir_openat(bootfd, "seen", O_RDONLY | O_DIRECTORY);
	if (s->fd == -1) {
		complain(s, "");
		return;
	}
	s->machines = count_machines(s->fd);
}

/* Makes seen/MAC; false when there are too many, or it cannot be made. */
static bool
make_machine(struct seen *s, const char *mac)
{
	if (s->machines >= SEEN_MACHINES_MAX) {
		errno = ENOSPC;
		complain(s, mac);
		return false;
	}
	if (mkdirat(s->fd, mac, 0755) == -1 && errno != EEXIST) {
		complain(s, mac);
		return false;
	}
	s->machines++;
	return true;
}

/* Opens seen/MAC/NAME, making the machine's folder when it is the first. */
static int
open_below(struct seen *s, const char *mac, const char *path, int flags)
{
	int fd;

	flags |= O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_WRONLY | O_NONBLOCK;
	fd = openat(s->fd, path, flags, 0644);
	if (fd == -1 && errno == ENOENT && make_machine(s, mac))
		fd = openat(s->fd, path, flags, 0644);
	else if (fd == -1 && errno != ENOENT)
		complain(s, path);
	return fd;
}

static void
rotate(struct seen *s, int fd, const char *path)
{
	char old[PATH_OCTETS + 2];
	struct stat st;

	if (fstat(fd, &st) == -1 || st.st_size < SEEN_LOG_MAX)
		return;
	snprintf(old, sizeof(old), "%s.0", path);
	if (renameat(s->fd, path, s->fd, old) == -1)
		complain(s, path);
}

void
seen_event(struct seen *s, const struct mac *mac, const char *event,
    const char *format, ...)
{
	char line[LINE_MAX_OCTETS], path[PATH_OCTETS], text[MAC_TEXT];
	struct timespec now;
	va_list args;
	size_t len;
	int fd;

	if (s->fd == -1)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(line, sizeof(line), "%jd.%06ld %s %s ", (intmax_t)now.tv_sec,
	    now.tv_nsec / 1000, s->prog, event);
	len = strlen(line);
	va_start(args, format);
	vsnprintf(line + len, sizeof(line) - 1 - len, format, args);
	va_end(args);
	len = strlen(line);
	line[len++] = '\n';
	snprintf(path, sizeof(path), "%s/log", mac_format(mac, text));
	fd = open_below(s, text, path, O_APPEND);
	if (fd == -1)
		return;
	if (write(fd, line, len) == -1)
		complain(s, path);
	rotate(s, fd, path);
	close(fd);
}

void
seen_fact(struct seen *s, const struct mac *mac, const char *name,
    const char *line)
{
	char path[PATH_OCTETS], temp[PATH_OCTETS], now[256], text[MAC_TEXT];
	int fd;

	if (s->fd == -1)
		return;
	mac_format(mac, text);
	snprintf(path, sizeof(path), "%s/%s", text, name);
	if (bootdir_line(s->fd, path, now, sizeof(now)) &&
	    strcmp(now, line) == 0)
		return;
	snprintf(temp, sizeof(temp), "%s/.%s.%s", text, name, s->prog);
	fd = open_below(s, text, temp, O_TRUNC);
	if (fd == -1)
		return;
	/* No fsync: a fact that a power failure eats is soon seen again. */
	if (dprintf(fd, "%s\n", line) < 0 ||
	    renameat(s->fd, temp, s->fd, path) == -1) {
		complain(s, path);
		unlinkat(s->fd, temp, 0);
	}
	close(fd);
}

/* seen/ip/ADDRESS, as text. */
static void
address_path(const struct sockaddr *sa, char path[PATH_OCTETS])
{
	char text[ADDRESS_TEXT];

	snprintf(path, PATH_OCTETS, "ip/%s", address_format(sa, text));
}

static bool
read_owner(const struct seen *s, const char *path, struct mac *mac)
{
	char target[PATH_OCTETS];
	ssize_t len = readlinkat(s->fd, path, target, sizeof(target) - 1);

	if (len < 3)
		return false;
	target[len] = '\0';
	return strncmp(target, "../", 3) == 0 && mac_parse(target + 3, mac);
}

/* The link of an address that this machine had before, if it still is its. */
static void
forget_old_address(struct seen *s, const struct mac *mac)
{
	char path[PATH_OCTETS], text[MAC_TEXT], old[ADDRESS_TEXT];
	struct mac owner;

	snprintf(path, sizeof(path), "%s/ip", mac_format(mac, text));
	if (!bootdir_line(s->fd, path, old, sizeof(old)) ||
	    strchr(old, '/') != NULL)
		return;
	snprintf(path, sizeof(path), "ip/%s", old);
	if (read_owner(s, path, &owner) &&
	    memcmp(&owner, mac, sizeof(owner)) == 0)
		unlinkat(s->fd, path, 0);
}

void
seen_address(struct seen *s, const struct mac *mac, const struct sockaddr *sa)
{
	char path[PATH_OCTETS], temp[PATH_OCTETS], target[3 + MAC_TEXT];
	char text[MAC_TEXT], address[ADDRESS_TEXT];
	struct mac owner;

	if (s->fd == -1)
		return;
	address_path(sa, path);
	if (read_owner(s, path, &owner) &&
	    memcmp(&owner, mac, sizeof(owner)) == 0)
		return;
	forget_old_address(s, mac);
	seen_fact(s, mac, "ip", address_format(sa, address));
	snprintf(target, sizeof(target), "../%s", mac_format(mac, text));
	snprintf(temp, sizeof(temp), "ip/.%s.%s", text, s->prog);
	/* Made here, by the user that we serve as: root's would be root's. */
	if (mkdirat(s->fd, "ip", 0755) == -1 && errno != EEXIST)
		complain(s, "ip");
	unlinkat(s->fd, temp, 0);
	if (symlinkat(target, s->fd, temp) == -1 ||
	    renameat(s->fd, temp, s->fd, path) == -1)
		complain(s, path);
}

bool
seen_known(const struct seen *s, const struct mac *mac)
{
	char text[MAC_TEXT];
	struct stat st;

	return s->fd != -1 && fstatat(s->fd, mac_format(mac, text), &st,
	    AT_SYMLINK_NOFOLLOW) == 0;
}

bool
seen_whose(const struct seen *s, const struct sockaddr *sa, struct mac *mac)
{
	char path[PATH_OCTETS];

	if (s->fd == -1)
		return false;
	address_path(sa, path);
	return read_owner(s, path, mac);
}
