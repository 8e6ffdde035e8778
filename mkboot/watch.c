/* SPDX-License-Identifier: ISC */
/* mkboot watch: renders what changes, as it does, and enrols strangers. */
#include <sys/inotify.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
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
#include "mkboot/watches.h"

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

struct watch {
	struct watches on;
	struct strings refused;	/* strangers, said once each */
	int64_t first, last;	/* of the changes not rendered yet, ms */
	bool hosts;		/* known_hosts and the like are out of date */
	int64_t hosts_due;	/* not before, ms */
};

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
	enrol_all(w->on.bootfd, &w->refused);
	(void)render_all(w->on.bootfd, report);
}

/* To be rendered, and watched from now on. */
static void
add_name(struct watch *w, struct strings *names, const char *name)
{
	watches_machine(&w->on, name);
	if (strings_add(names, name) == -1)
		log_fatal(EXIT_SYSTEM, "%s", strerror(errno));
}

/* Strangers first: who is enrolled waits for a script of its own. */
static void
render_some(struct watch *w)
{
	struct strings names = { NULL, 0 };
	const char *name;
	size_t i;

	for (i = 0; (name = watched_seen(&w->on.watched, i)) != NULL; i++)
		if (enrol_stranger(w->on.bootfd, name, &w->refused))
			add_name(w, &names, name);
	for (i = 0; (name = watched_changed(&w->on.watched, i)) != NULL; i++) {
		/* It may let strangers in now. */
		if (strcmp(name, "default") == 0)
			enrol_all(w->on.bootfd, &w->refused);
		add_name(w, &names, name);
	}
	(void)render_list(w->on.bootfd, &names, report);
	strings_free(&names);
}

static void
write_hosts(struct watch *w)
{
	const int64_t began = daemon_now_ms();
	struct why why = { "" };

	if (hosts_write(w->on.bootfd, &why) == -1)
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
	int lock = command_render_lock(w->on.bootfd);

	if (watched_all(&w->on.watched)) {
		watches_images(&w->on);
		watches_seen(&w->on);
		(void)watches_machines(&w->on);
		render_everything(w);
	} else
		render_some(w);
	watched_reset(&w->on.watched);
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
		lock = command_render_lock(w->on.bootfd);
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
		watched_mark_all(&w->on.watched);
	} else if ((e->mask & IN_IGNORED) != 0) {
		if (watched_remove(&w->on.watched, e->wd))
			log_fatal(EXIT_SYSTEM, "machine/, image/ or seen/ is "
			    "gone");
		return;
	} else if (!watched_mark(&w->on.watched, e->wd, name))
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

	while ((n = read(w->on.notify, &buffer, sizeof(buffer))) > 0)
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
		{ .fd = w->on.notify, .events = POLLIN }
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
	w.on.bootfd = daemon_bootdir(&d);
	signals = daemon_signals();
	w.on.notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w.on.notify == -1)
		log_fatal(EXIT_SYSTEM, "inotify: %s", strerror(errno));
	watches_images(&w.on);
	watches_seen(&w.on);
	machines = watches_machines(&w.on);
	watched_mark_all(&w.on.watched);
	render(&w);
	write_hosts(&w);
	ready(&d, machines);
	loop(&w, signals);
	log_info("ended");
	watched_free(&w.on.watched);
	strings_free(&w.refused);
	close(w.on.notify);
	close(signals);
	close(w.on.bootfd);
	return EXIT_OK;
}
