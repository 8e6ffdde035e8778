/* SPDX-License-Identifier: ISC */
/* mkboot watch: renders what changes, as it does, and enrols strangers. */
#include <sys/inotify.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/daemon.h"
#include "common/log.h"
#include "mkboot/command.h"
#include "mkboot/enrol.h"
#include "mkboot/facts.h"
#include "mkboot/hosts.h"
#include "mkboot/render.h"
#include "mkboot/watched.h"

/*
 * Changes come in bursts: a file is made, written, renamed.  What is rendered
 * waits for a pause of this length, but not longer than the second one.
 */
#define PAUSE_MS 40
#define PATIENCE_MS 400
/*
 * The files of all machines together take a while when these are many: the
 * next time is this many times as far away as the last one took.
 */
#define HOSTS_PAUSES 20

#define EVENTS (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | \
	IN_EXCL_UNLINK)

struct watch {
	int bootfd;
	int notify;
	struct watched watched;
	struct strings refused;	/* strangers, said once each */
	int64_t first, last;	/* of the changes not rendered yet, ms */
	bool hosts;		/* known_hosts and the like are out of date */
	int64_t hosts_due;	/* not before, ms */
};

/*
 * A watch on a folder, found without leaving the boot directory.  One that is
 * gone meanwhile is no error: its parent's watch tells of that.
 */
static int
watch_folder(struct watch *w, int folder, const char *path,
    enum watched_kind kind, const char *machine)
{
	char by_fd[64];
	int wd;

	(void)snprintf(by_fd, sizeof(by_fd), "/proc/self/fd/%d", folder);
	wd = inotify_add_watch(w->notify, by_fd, EVENTS);
	if (wd == -1 && errno == ENOSPC)
		log_fatal(EXIT_SYSTEM, "%s: no more watches; the kernel's "
		    "limit is fs.inotify.max_user_watches", path);
	if (wd == -1) {
		log_warn("%s is not watched: %s", path, strerror(errno));
		return -1;
	}
	if (watched_add(&w->watched, wd, kind, machine) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
	return 0;
}

/* A folder and all that is below: each folder has a watch of its own. */
static void
watch_tree(struct watch *w, int folder, const char *path,
    enum watched_kind kind, const char *machine)
{
	struct strings names = { NULL, 0 };
	char below[PATH_MAX];
	size_t i;
	int fd;

	if (watch_folder(w, folder, path, kind, machine) == -1)
		return;
	if (facts_names(folder, &names) == -1)
		log_warn("%s: %s", path, strerror(errno));
	for (i = 0; i < names.n; i++) {
		fd = openat(folder, names.at[i],
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd == -1)
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path,
		    names.at[i]) < (int)sizeof(below))
			watch_tree(w, fd, below, kind, machine);
		close(fd);
	}
	strings_free(&names);
}

/* The tree at this path of the boot directory, where there is one. */
static void
watch_path(struct watch *w, const char *path, enum watched_kind kind,
    const char *machine)
{
	int fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		return;
	watch_tree(w, fd, path, kind, machine);
	close(fd);
}

/* What boots another image once is done with it when its log says so. */
static void
watch_log(struct watch *w, const char *machine)
{
	char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "seen/%s", machine);
	fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, path, WATCHED_LOG, machine);
	close(fd);
}

static void
watch_machine(struct watch *w, const char *name)
{
	static const char *const trees[] = { "files", "group", "var" };
	char path[64];
	struct stat st;
	int folder;
	size_t i;

	if ((folder = facts_machine_folder(w->bootfd, name)) == -1)
		return;
	(void)snprintf(path, sizeof(path), "machine/%s", name);
	(void)watch_folder(w, folder, path, WATCHED_MACHINE, name);
	for (i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		(void)snprintf(path, sizeof(path), "machine/%s/%s", name,
		    trees[i]);
		watch_path(w, path, WATCHED_FILES, name);
	}
	if (fstatat(folder, "next", &st, AT_SYMLINK_NOFOLLOW) == 0)
		watch_log(w, name);
	close(folder);
}

/* machine/, image/ or seen/: without it there is nothing to do here. */
static void
watch_top(struct watch *w, const char *path, enum watched_kind kind)
{
	int fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);

	if (fd == -1)
		log_fatal(errno == ENOENT ? EXIT_USER : EXIT_SYSTEM,
		    "%s: %s; `mkboot create' makes it", path,
		    strerror(errno));
	if (watch_folder(w, fd, path, kind, "") == -1)
		exit(EXIT_SYSTEM);
	close(fd);
}

/* An image's own facts, and its templates; root leads to a whole system. */
static void
watch_image(struct watch *w, const char *image)
{
	static const char *const trees[] = { "template", "pub", "var" };
	char path[PATH_MAX];
	size_t i;
	int fd;

	fd = bootdir_openat(w->bootfd, image, O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, image, WATCHED_IMAGE, "");
	close(fd);
	for (i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		if (snprintf(path, sizeof(path), "%s/%s", image, trees[i]) <
		    (int)sizeof(path))
			watch_path(w, path, WATCHED_IMAGE, "");
}

static void
watch_images(struct watch *w)
{
	struct strings names = { NULL, 0 };
	char path[PATH_MAX];
	size_t i;

	watch_top(w, "image", WATCHED_IMAGES);
	(void)facts_list(w->bootfd, "image", &names);
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "image/%s", names.at[i]);
		watch_image(w, path);
	}
	strings_free(&names);
}

static void
watch_seen(struct watch *w)
{
	int fd;

	watch_top(w, "seen", WATCHED_SEEN);
	fd = bootdir_openat(w->bootfd, "seen/ip", O_RDONLY | O_DIRECTORY);
	if (fd == -1)
		return;
	(void)watch_folder(w, fd, "seen/ip", WATCHED_ADDRESSES, "");
	close(fd);
}

/* How many machines. */
static size_t
watch_machines(struct watch *w)
{
	struct strings names = { NULL, 0 };
	size_t i, n = 0;

	watch_top(w, "machine", WATCHED_MACHINES);
	(void)facts_list(w->bootfd, "machine", &names);
	for (i = 0; i < names.n; i++)
		if (name_is_machine(names.at[i])) {
			watch_machine(w, names.at[i]);
			n++;
		}
	strings_free(&names);
	return n;
}

static void
report(const char *name, enum render_result result, const struct why *why)
{
	switch (result) {
	case RENDER_SAME:
		break;
	case RENDER_CHANGED:
		log_info("rendered pub/machine/%s", name);
		break;
	case RENDER_REMOVED:
		log_info("removed pub/machine/%s", name);
		break;
	case RENDER_FAILED:
		log_warn("%s not rendered: %s", *name == '\0' ? "machines" :
		    name, why->text);
		break;
	}
}

/* When what changed is to be rendered: after a pause, but not too late. */
static int64_t
render_due(const struct watch *w)
{
	const int64_t due = w->last + PAUSE_MS;
	const int64_t latest = w->first + PATIENCE_MS;

	return due < latest ? due : latest;
}

static void
render_everything(struct watch *w)
{
	enrol_all(w->bootfd, &w->refused);
	(void)render_all(w->bootfd, report);
}

static void
render_one(struct watch *w, const char *name)
{
	struct why why = { "" };
	enum render_result result;

	watch_machine(w, name);
	result = render_machine(w->bootfd, name, &why);
	report(name, result, &why);
}

/* Strangers first: who is enrolled waits for a script of its own. */
static void
render_some(struct watch *w)
{
	const char *name;
	size_t i;

	for (i = 0; (name = watched_seen(&w->watched, i)) != NULL; i++)
		if (enrol_stranger(w->bootfd, name, &w->refused))
			render_one(w, name);
	for (i = 0; (name = watched_changed(&w->watched, i)) != NULL; i++) {
		/* It may let strangers in now. */
		if (strcmp(name, "default") == 0)
			enrol_all(w->bootfd, &w->refused);
		render_one(w, name);
	}
}

static void
write_hosts(struct watch *w)
{
	const int64_t began = daemon_now_ms();
	struct why why = { "" };

	if (hosts_write(w->bootfd, &why) == -1)
		log_warn("%s", why.text);
	w->hosts = false;
	w->hosts_due = daemon_now_ms() +
	    HOSTS_PAUSES * (daemon_now_ms() - began);
}

/*
 * Watches are made anew before anything is read: what changes after that is
 * told of, what changed before is found.
 */
static void
render(struct watch *w)
{
	int lock = command_render_lock(w->bootfd);

	if (watched_all(&w->watched)) {
		watch_images(w);
		watch_seen(w);
		(void)watch_machines(w);
		render_everything(w);
	} else
		render_some(w);
	watched_reset(&w->watched);
	w->first = w->last = 0;
	w->hosts = true;
	close(lock);
}

/* What is due now. */
static void
work(struct watch *w)
{
	int lock;

	if (w->first != 0 && render_due(w) <= daemon_now_ms())
		render(w);
	if (w->hosts && w->hosts_due <= daemon_now_ms()) {
		lock = command_render_lock(w->bootfd);
		write_hosts(w);
		close(lock);
	}
}

static void
take_event(struct watch *w, const struct inotify_event *e)
{
	const char *name = e->len > 0 ? e->name : "";
	int64_t now = daemon_now_ms();

	if ((e->mask & IN_Q_OVERFLOW) != 0) {
		log_warn("changes came faster than they could be read: "
		    "everything is looked at again");
		watched_mark_all(&w->watched);
	} else if ((e->mask & IN_IGNORED) != 0) {
		if (watched_remove(&w->watched, e->wd))
			log_fatal(EXIT_SYSTEM, "machine/, image/ or seen/ is "
			    "gone");
		return;
	} else if (!watched_mark(&w->watched, e->wd, name))
		return;
	if (w->first == 0)
		w->first = now;
	w->last = now;
}

static void
take_events(struct watch *w)
{
	union {
		struct inotify_event event;
		char octets[64 * 1024];
	} buffer;
	const struct inotify_event *e;
	ssize_t n;
	char *p;

	while ((n = read(w->notify, &buffer, sizeof(buffer))) > 0)
		for (p = buffer.octets; p < buffer.octets + n;
		    p += sizeof(*e) + e->len) {
			e = (const struct inotify_event *)(const void *)p;
			take_event(w, e);
		}
	if (n == -1 && errno != EAGAIN && errno != EINTR)
		log_fatal(EXIT_SYSTEM, "inotify: %s", strerror(errno));
}

/* How long to wait, -1: nothing is to be done. */
static int
wait_ms(const struct watch *w, int64_t now)
{
	int64_t due = -1;

	if (w->first != 0)
		due = render_due(w);
	if (w->hosts && (due == -1 || w->hosts_due < due))
		due = w->hosts_due;
	if (due == -1)
		return -1;
	return due > now ? (int)(due - now) : 0;
}

static void
loop(struct watch *w, int signals)
{
	struct pollfd fd[2] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = w->notify, .events = POLLIN }
	};

	for (;;) {
		if (poll(fd, 2, wait_ms(w, daemon_now_ms())) == -1 &&
		    errno != EINTR)
			log_fatal(EXIT_SYSTEM, "poll: %s", strerror(errno));
		if ((fd[0].revents & POLLIN) != 0)
			return;
		take_events(w);
		work(w);
	}
}

static void
ready(const struct daemon *d, size_t machines)
{
	log_info("watching machine/ (%zu there) and image/ of %s", machines,
	    d->bootdir);
	if (d->ready_fd == -1)
		return;
	if (write(d->ready_fd, "\n", 1) != 1)
		log_warn("readiness on descriptor %d: %s", d->ready_fd,
		    strerror(errno));
	close(d->ready_fd);
}

int
watch_main(int argc, char **argv)
{
	struct daemon d;
	struct watch w = { .first = 0 };
	size_t machines;
	int c, signals;

	daemon_init(&d, "mkboot", 0);
	while ((c = command_flag(argc, argv, "D:d:")) != -1)
		if ((c != 'D' && c != 'd') || !daemon_flag(&d, c, optarg))
			command_usage("watch [-D fd] [-d dir]");
	w.bootfd = daemon_bootdir(&d);
	signals = daemon_signals();
	w.notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w.notify == -1)
		log_fatal(EXIT_SYSTEM, "inotify: %s", strerror(errno));
	watch_images(&w);
	watch_seen(&w);
	machines = watch_machines(&w);
	watched_mark_all(&w.watched);
	render(&w);
	write_hosts(&w);
	ready(&d, machines);
	loop(&w, signals);
	log_info("ended");
	watched_free(&w.watched);
	strings_free(&w.refused);
	close(w.notify);
	close(signals);
	close(w.bootfd);
	return EXIT_OK;
}
