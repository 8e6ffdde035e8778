/* SPDX-License-Identifier: ISC */
/* seen/: lines and facts about each machine, and who has which address. */
#include "common/seen.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/address.h"
#include "common/bootdir.h"
#include "common/log.h"
#include "common/notes.h"

#define LINE_MAX_OCTETS 1024
#define NAME_OCTETS 32
#define PATH_OCTETS 128

/* Some 600 lines, and as many while those are written. */
#define NOTES_OCTETS (80 * 1024)
#define STOP_MS 2000

/* What is written, by the caller or later by the notes' thread. */
struct note {
	enum { NOTE_LINE, NOTE_FACT, NOTE_ADDRESS, NOTE_TEXT } kind;
	struct mac mac;
	char *lines;			/* of a NOTE_TEXT, to be freed */
	char name[NAME_OCTETS];		/* of a fact or text */
	char text[LINE_MAX_OCTETS];	/* whole line, fact, or address */
};

/*
 * A machine that boots has the same facts said of it with each packet; to
 * read its files as often costs more than the answer.  One slot a fact holds
 * a hash of its value and of the time in periods, so that what somebody
 * removed or changed is put right in the next one.
 */
#define SAID_SLOTS 16384
#define SAID_PERIOD_S 16

struct seen_said {
	_Atomic uint32_t slot[SAID_SLOTS];
};

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

/* Lines of one machine, which go into its log together. */
struct seen_log {
	struct mac mac;
	size_t len;
	char text[4 * LINE_MAX_OCTETS];
};

/* Whole lines by one write(2). */
static void
write_lines(struct seen *s, const struct mac *mac, const char *text,
    size_t len)
{
	char path[PATH_OCTETS], name[MAC_TEXT];
	int fd;

	snprintf(path, sizeof(path), "%s/log", mac_format(mac, name));
	fd = open_below(s, name, path, O_APPEND);
	if (fd == -1)
		return;
	if (write(fd, text, len) == -1)
		complain(s, path);
	rotate(s, fd, path);
	close(fd);
}

static void
end_lines(struct seen *s)
{
	if (s->log->len > 0)
		write_lines(s, &s->log->mac, s->log->text, s->log->len);
	s->log->len = 0;
}

/* A thread that has more notes of this machine keeps its line for these. */
static void
write_line(struct seen *s, const struct note *n)
{
	const size_t len = strlen(n->text);
	struct seen_log *l = s->log;

	if (l == NULL) {
		write_lines(s, &n->mac, n->text, len);
		return;
	}
	if (l->len + len > sizeof(l->text) ||
	    memcmp(&l->mac, &n->mac, sizeof(l->mac)) != 0)
		end_lines(s);
	l->mac = n->mac;
	memcpy(l->text + l->len, n->text, len);
	l->len += len;
}

/* seen/MAC/NAME becomes this text and what stands behind it. */
static void
replace(struct seen *s, const char *mac, const char *name, const char *text,
    const char *end)
{
	char path[PATH_OCTETS], temp[PATH_OCTETS];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", mac, name);
	snprintf(temp, sizeof(temp), "%s/.%s.%s", mac, name, s->prog);
	fd = open_below(s, mac, temp, O_TRUNC);
	if (fd == -1)
		return;
	/* No fsync: a fact that a power failure eats is soon seen again. */
	if (dprintf(fd, "%s%s", text, end) < 0 ||
	    renameat(s->fd, temp, s->fd, path) == -1) {
		complain(s, path);
		unlinkat(s->fd, temp, 0);
	}
	close(fd);
}

static void
write_fact(struct seen *s, const struct mac *mac, const char *name,
    const char *line)
{
	char path[PATH_OCTETS], now[256], text[MAC_TEXT];

	mac_format(mac, text);
	snprintf(path, sizeof(path), "%s/%s", text, name);
	if (!bootdir_line(s->fd, path, now, sizeof(now)) ||
	    strcmp(now, line) != 0)
		replace(s, text, name, line, "\n");
}

static void
write_text(struct seen *s, const struct note *n)
{
	char mac[MAC_TEXT];

	replace(s, mac_format(&n->mac, mac), n->name, n->lines, "");
	free(n->lines);
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

static void
write_address(struct seen *s, const struct mac *mac, const char *address)
{
	char path[PATH_OCTETS], temp[PATH_OCTETS], target[3 + MAC_TEXT];
	char text[MAC_TEXT];
	struct mac owner;

	snprintf(path, sizeof(path), "ip/%s", address);
	if (read_owner(s, path, &owner) &&
	    memcmp(&owner, mac, sizeof(owner)) == 0)
		return;
	forget_old_address(s, mac);
	write_fact(s, mac, "ip", address);
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

static void
write_note(struct seen *s, const struct note *n)
{
	switch (n->kind) {
	case NOTE_LINE:
		write_line(s, n);
		break;
	case NOTE_FACT:
		write_fact(s, &n->mac, n->name, n->text);
		break;
	case NOTE_ADDRESS:
		write_address(s, &n->mac, n->text);
		break;
	case NOTE_TEXT:
		write_text(s, n);
		break;
	}
}

static uint64_t
subject(const void *octets)
{
	const struct note *n = octets;
	uint64_t machine = 0;

	memcpy(&machine, (const char *)octets + offsetof(struct note, mac),
	    sizeof(n->mac));
	return machine;
}

/* A note from the queue is as long as its text. */
static void
write_queued(void *context, const void *octets, size_t len)
{
	struct note n;

	if (octets == NULL) {
		end_lines(context);
		return;
	}
	memcpy(&n, octets, len);
	write_note(context, &n);
}

static void
put(struct seen *s, const struct note *n)
{
	if (s->notes == NULL)
		write_note(s, n);
	/* Whose an address is decides what it is given. */
	else if (!notes_put(s->notes, n, offsetof(struct note, text) +
	    strlen(n->text) + 1, n->kind == NOTE_ADDRESS))
		free(n->lines);
}

void
seen_start(struct seen *s)
{
	if (s->fd == -1)
		return;
	if ((s->log = calloc(1, sizeof(*s->log))) != NULL)
		s->notes = notes_start(NOTES_OCTETS, subject, write_queued,
		    s);
	if (s->notes == NULL) {
		log_warn("seen/: no thread to write it: %s", strerror(errno));
		free(s->log);
		s->log = NULL;
	} else
		s->said = calloc(1, sizeof(*s->said));
}

void
seen_stop(struct seen *s)
{
	if (s->notes != NULL && !notes_stop(s->notes, STOP_MS)) {
		log_warn("seen/: the disk hangs; what waited is lost");
		return;
	}
	free(s->said);
	free(s->log);
	s->notes = NULL;
	s->said = NULL;
	s->log = NULL;
	if (s->fd != -1)
		close(s->fd);
	s->fd = -1;
}

void
seen_event(struct seen *s, const struct mac *mac, const char *event,
    const char *format, ...)
{
	struct note n = { .kind = NOTE_LINE, .mac = *mac };
	struct timespec now;
	va_list args;
	size_t len;

	if (s->fd == -1)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(n.text, sizeof(n.text), "%jd.%06ld %s %s ",
	    (intmax_t)now.tv_sec, now.tv_nsec / 1000, s->prog, event);
	len = strlen(n.text);
	va_start(args, format);
	vsnprintf(n.text + len, sizeof(n.text) - 1 - len, format, args);
	va_end(args);
	strlcat(n.text, "\n", sizeof(n.text));
	put(s, &n);
}

/* FNV-1a. */
static uint32_t
hash(uint32_t h, const void *octets, size_t len)
{
	const uint8_t *p = octets;

	while (len-- > 0)
		h = (h ^ *p++) * 16777619U;
	return h;
}

/* Was this the last that was said of this fact, a moment ago?  Now it is. */
static bool
said_already(struct seen_said *said, const struct note *n)
{
	struct timespec now;
	uint32_t key, value;
	time_t period;

	if (said == NULL)
		return false;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	period = now.tv_sec / SAID_PERIOD_S;
	key = hash(2166136261U, &n->mac, sizeof(n->mac));
	key = hash(key, n->name, strlen(n->name));
	value = hash(key, n->text, strlen(n->text));
	value = hash(value, &period, sizeof(period));
	return atomic_exchange(&said->slot[key % SAID_SLOTS], value) == value;
}

void
seen_fact(struct seen *s, const struct mac *mac, const char *name,
    const char *line)
{
	struct note n = { .kind = NOTE_FACT, .mac = *mac };

	strlcpy(n.name, name, sizeof(n.name));
	strlcpy(n.text, line, sizeof(n.text));
	if (s->fd != -1 && !said_already(s->said, &n))
		put(s, &n);
}

void
seen_text(struct seen *s, const struct mac *mac, const char *name,
    const char *lines)
{
	struct note n = { .kind = NOTE_TEXT, .mac = *mac };

	strlcpy(n.name, name, sizeof(n.name));
	if (s->fd != -1 && (n.lines = strdup(lines)) != NULL)
		put(s, &n);
}

void
seen_address(struct seen *s, const struct mac *mac, const struct sockaddr *sa)
{
	struct note n = { .kind = NOTE_ADDRESS, .mac = *mac };

	address_format(sa, n.text);
	if (s->fd != -1)
		put(s, &n);
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
	char path[PATH_OCTETS], text[ADDRESS_TEXT];

	if (s->fd == -1)
		return false;
	snprintf(path, sizeof(path), "ip/%s", address_format(sa, text));
	return read_owner(s, path, mac);
}
