/* SPDX-License-Identifier: ISC */
/* mkboot watch: renders what changes in machine/ and image/, as it does. */
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
#include "mkboot/facts.h"
#include "mkboot/render.h"
#include "mkboot/watched.h"

/*
 * Changes come in bursts: a file is made, written, renamed.  What is rendered
 * waits for a pause of this length, but not longer than the second one.
 */
#define PAUSE_MS 40
#define PATIENCE_MS 400

#define EVENTS (IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | \
	IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | \
	IN_EXCL_UNLINK)

struct watch {
	int bootfd;
	int notify;
	struct watched watched;
	int64_t first, last;	/* of the changes not rendered yet, ms */
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

/* files/ and all that is below: each folder has a watch of its own. */
static void
watch_tree(struct watch *w, int folder, const char *path, const char *machine)
{
	struct strings names = { NULL, 0 };
	char below[PATH_MAX];
	size_t i;
	int fd;

	if (watch_folder(w, folder, path, WATCHED_FILES, machine) == -1)
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
			watch_tree(w, fd, below, machine);
		close(fd);
	}
	strings_free(&names);
}

static void
watch_machine(struct watch *w, const char *name)
{
	char path[64];
	int folder, files;

	if ((folder = facts_machine_folder(w->bootfd, name)) == -1)
		return;
	(void)snprintf(path, sizeof(path), "machine/%s", name);
	(void)watch_folder(w, folder, path, WATCHED_MACHINE, name);
	files = openat(folder, "files",
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (files != -1) {
		(void)strlcat(path, "/files", sizeof(path));
		watch_tree(w, files, path, name);
		close(files);
	}
	close(folder);
}

/* machine/ or image/: without it there is nothing to do here. */
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

static void
watch_images(struct watch *w)
{
	struct strings names = { NULL, 0 };
	char path[PATH_MAX];
	size_t i;
	int fd;

	watch_top(w, "image", WATCHED_IMAGES);
	(void)facts_list(w->bootfd, "image", &names);
	for (i = 0; i < names.n; i++) {
		(void)snprintf(path, sizeof(path), "image/%s", names.at[i]);
		fd = bootdir_openat(w->bootfd, path, O_RDONLY | O_DIRECTORY);
		if (fd == -1)
			continue;
		(void)watch_folder(w, fd, path, WATCHED_IMAGE, "");
		close(fd);
	}
	strings_free(&names);
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

static void
render_everything(struct watch *w)
{
	int lock = command_render_lock(w->bootfd);

	(void)render_all(w->bootfd, report);
	close(lock);
}

static void
render_some(struct watch *w)
{
	enum render_result result;
	struct why why = { "" };
	const char *name;
	size_t i;
	int lock = command_render_lock(w->bootfd);

	for (i = 0; (name = watched_changed(&w->watched, i)) != NULL; i++) {
		result = render_machine(w->bootfd, name, &why);
		report(name, result, &why);
	}
	close(lock);
}

/*
 * Watches are made anew before anything is read: what changes after that is
 * told of, what changed before is found.
 */
static void
render(struct watch *w)
{
	const char *name;
	size_t i;

	if (watched_all(&w->watched)) {
		watch_images(w);
		(void)watch_machines(w);
		render_everything(w);
	} else {
		for (i = 0; (name = watched_changed(&w->watched, i)) != NULL;
		    i++)
			watch_machine(w, name);
		render_some(w);
	}
	watched_reset(&w->watched);
	w->first = w->last = 0;
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
			log_fatal(EXIT_SYSTEM, "machine/ or image/ is gone");
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

/* How long to wait before rendering, -1: nothing is to be rendered. */
static int
wait_ms(const struct watch *w, int64_t now)
{
	int64_t due;

	if (w->first == 0)
		return -1;
	due = w->last + PAUSE_MS;
	if (due > w->first + PATIENCE_MS)
		due = w->first + PATIENCE_MS;
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
		if (wait_ms(w, daemon_now_ms()) == 0)
			render(w);
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
	machines = watch_machines(&w);
	render_everything(&w);
	ready(&d, machines);
	loop(&w, signals);
	log_info("ended");
	watched_free(&w.watched);
	close(w.notify);
	close(signals);
	close(w.bootfd);
	return EXIT_OK;
}
