/* SPDX-License-Identifier: ISC */
/* The loop over all connections: epoll, accept. */
#include "nfsroot-helper/server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/daemon.h"
#include "common/log.h"
#include "common/pace.h"
#include "nfsroot-helper/datagrams.h"
#include "nfsroot-helper/peer.h"
#include "nfsroot-helper/pool.h"
#include "nfsroot-helper/reverse.h"
#include "nfsroot-helper/stream.h"

#define LISTENERS_MAX 16
#define EVENTS 128
#define ACCEPTS 64		/* at a time, so that others have a turn */
#define ACCEPT_PAUSE_MS 200	/* after there was no descriptor for one more */
#define IDLE_MS 10000		/* then a peer may be closed to make room */
#define STUCK_MS 60000		/* in the middle of a call or a reply */
#define SWEEP_MS 5000
#define HELD_MAX (64u << 20)	/* octets held for all peers together */
#define FINISH_MS 5000		/* for what is under way at the end */
#define SPIN_NS 50000		/* before the processor is let go to sleep */

TAILQ_HEAD(peer_list, peer);

struct server {
	int epoll, signals;
	struct pool *pool;	/* NULL: the loop waits for the disk itself */
	struct service *service;
	struct seen *seen;
	int listener[LISTENERS_MAX];
	size_t nlisteners;
	int udp[LISTENERS_MAX];
	size_t nudp;
	int rarp, stray, mapper;
	bool paused;		/* nothing is accepted, until accept_at */
	int64_t accept_at;

	struct peer_list active;	/* the one silent for longest first */
	struct peer_list queue;		/* have more to do at once */
	struct peer_list dead;		/* closed; freed after the events */
	size_t n, max, held;

	bool spins;		/* there is another processor for others */
	int64_t now, sweep_at;
	bool stopping;
	int64_t stop_at;
	struct peer_scratch scratch;
	struct datagrams datagrams;
};

static int
watch(struct server *s, int op, int fd, uint32_t events, void *what)
{
	struct epoll_event event = { .events = events };

	event.data.ptr = what;
	return epoll_ctl(s->epoll, op, fd, &event);
}

struct server *
server_new(const struct server_options *options)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	TAILQ_INIT(&s->active);
	TAILQ_INIT(&s->queue);
	TAILQ_INIT(&s->dead);
	s->service = options->service;
	s->seen = options->seen;
	s->signals = options->signals;
	s->max = options->max_peers;
	s->now = daemon_now_ms();
	s->spins = sysconf(_SC_NPROCESSORS_ONLN) > 1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->epoll == -1 || watch(s, EPOLL_CTL_ADD, s->signals, EPOLLIN,
	    &s->signals) == -1) {
		free(s);
		return NULL;
	}
	return s;
}

int
server_listen(struct server *s, int fd)
{
	if (s->nlisteners == LISTENERS_MAX) {
		errno = ENFILE;
		return -1;
	}
	pace_leave(fd);
	s->listener[s->nlisteners] = fd;
	return watch(s, EPOLL_CTL_ADD, fd, EPOLLIN,
	    &s->listener[s->nlisteners++]);
}

int
server_datagrams(struct server *s, int fd)
{
	if (s->nudp == LISTENERS_MAX) {
		errno = ENFILE;
		return -1;
	}
	s->udp[s->nudp] = fd;
	return watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, &s->udp[s->nudp++]);
}

int
server_reverse(struct server *s, int fd)
{
	s->rarp = fd;
	return watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, &s->rarp);
}

int
server_stray(struct server *s, int fd, int mapper)
{
	s->stray = fd;
	s->mapper = mapper;
	return watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, &s->stray);
}

/* Closed at once, freed when no event can name it any more. */
static void
end_peer(struct server *s, struct peer *p, const char *why)
{
	if (*why != '\0')
		log_info("%s: connection closed: %s", p->host, why);
	else
		log_debug("%s: connection closed", p->host);
	TAILQ_REMOVE(&s->active, p, active);
	if (p->queued)
		TAILQ_REMOVE(&s->queue, p, queue);
	s->held -= peer_held(p);
	s->n--;
	if (p->job != NULL)
		p->job->owner = NULL;
	p->dead = true;
	/* Two descriptors may be one socket's: epoll must be told. */
	epoll_ctl(s->epoll, EPOLL_CTL_DEL, p->fd, NULL);
	shutdown(p->fd, SHUT_RDWR);
	close(p->fd);
	p->fd = -1;
	TAILQ_INSERT_TAIL(&s->dead, p, active);
}

static void
bury(struct server *s)
{
	struct peer *p;

	while ((p = TAILQ_FIRST(&s->dead)) != NULL) {
		TAILQ_REMOVE(&s->dead, p, active);
		peer_free(p);
	}
}

/* The seen/ line and the log line of what happened. */
static void
report(void *arg, const char *host, const struct sockaddr *from,
    const struct answer *a)
{
	static const char *const words[] = {
		[EVENT_MOUNTED] = "mounted", [EVENT_REFUSED] = "refused",
		[EVENT_UNMOUNTED] = "unmounted", [EVENT_READING] = "reading",
		[EVENT_NAMED] = "named", [EVENT_TOLD] = "told",
	};
	struct server *s = arg;
	char path[512];
	struct mac mac;

	log_escape(path, sizeof(path), a->path, strlen(a->path));
	if (a->event == EVENT_REFUSED)
		log_warn("%s: mount of %s refused: %s: %s", host, path,
		    a->status, a->why);
	else
		log_info("%s: %s %s", host, words[a->event], path);
	if (seen_whose(s->seen, from, &mac))
		seen_event(s->seen, &mac, words[a->event], "%s=%s",
		    a->event == EVENT_NAMED ? "name" : a->event == EVENT_TOLD ?
		    "place" : "export", path);
}

/* More held for all than we may: who was silent for longest goes. */
static void
shed(struct server *s)
{
	struct peer *p, *next;

	TAILQ_FOREACH_SAFE(p, &s->active, active, next) {
		if (s->held <= HELD_MAX)
			break;
		if (peer_held(p) > 0)
			end_peer(s, p, "too much is held for all peers");
	}
}

static uint32_t
events_for(const struct peer *p, enum peer_state state)
{
	if (p->out != NULL || p->file_left + p->padding > 0)
		return EPOLLOUT;
	return state == PEER_WAITING || state == PEER_READY ? 0 : EPOLLIN;
}

static void
enqueue(struct server *s, struct peer *p)
{
	if (!p->queued)
		TAILQ_INSERT_TAIL(&s->queue, p, queue);
	p->queued = true;
}

/* Has a thread wait for what the peer's call lacks. */
static void
begin_job(struct server *s, struct peer *p)
{
	p->job = pool_begin(s->pool, &p->asker.had, p);
	if (p->job != NULL)
		return;
	p->scanned = true;	/* it waits by itself, then */
	enqueue(s, p);
}

static void
end_jobs(struct server *s)
{
	struct peer *p;
	struct job *j;

	while ((j = pool_done(s->pool)) != NULL) {
		if (j->owner == &s->datagrams)
			datagrams_resume(&s->datagrams, j, s->now);
		else if ((p = j->owner) != NULL) {
			p->job = NULL;
			p->scanned = true;
			enqueue(s, p);
		}
		free(j);
	}
}

/* One turn of one peer, and what follows from it. */
static void
turn(struct server *s, struct peer *p)
{
	struct peer_turn t = { .service = s->service, .scratch = &s->scratch,
	    .report = report, .arg = s, .now = s->now,
	    .hurried = s->pool != NULL, .why = "" };
	const size_t held = peer_held(p);
	const int64_t progress = p->progress;
	enum peer_state state;
	uint32_t events;

	state = peer_work(p, &t);
	s->held += peer_held(p) - held;
	if (state == PEER_CLOSED || (s->stopping && !peer_is_busy(p))) {
		end_peer(s, p, t.why);
		return;
	}
	if (p->progress != progress) {
		TAILQ_REMOVE(&s->active, p, active);
		TAILQ_INSERT_TAIL(&s->active, p, active);
	}
	if (state == PEER_WAITING && p->wants_disk && p->job == NULL)
		begin_job(s, p);
	if (state == PEER_READY)
		enqueue(s, p);
	events = events_for(p, state);
	if (events != p->watched &&
	    watch(s, EPOLL_CTL_MOD, p->fd, events, p) == 0)
		p->watched = events;
	if (s->held > HELD_MAX)
		shed(s);
}

/* One more turn for each that was not done with its last. */
static void
run_queue(struct server *s)
{
	struct peer *p;
	size_t n = 0;

	TAILQ_FOREACH(p, &s->queue, queue)
		n++;
	while (n-- > 0 && (p = TAILQ_FIRST(&s->queue)) != NULL) {
		TAILQ_REMOVE(&s->queue, p, queue);
		p->queued = false;
		turn(s, p);
	}
}

int
server_adopt(struct server *s, int fd)
{
	union address address;
	socklen_t len = sizeof(address);
	struct peer *p;

	memset(&address, 0, sizeof(address));
	if (getpeername(fd, &address.sa, &len) == -1 ||
	    (p = peer_new(fd, &address)) == NULL)
		return -1;
	stream_tune(fd);
	if (watch(s, EPOLL_CTL_ADD, fd, EPOLLIN, p) == -1) {
		p->fd = -1;
		peer_free(p);
		return -1;
	}
	p->watched = EPOLLIN;
	p->progress = s->now;
	TAILQ_INSERT_TAIL(&s->active, p, active);
	s->n++;
	log_debug("%s: connection opened", p->host);
	return 0;
}

static void
listen_for(struct server *s, uint32_t events)
{
	size_t i;

	for (i = 0; i < s->nlisteners; i++)
		watch(s, EPOLL_CTL_MOD, s->listener[i], events,
		    &s->listener[i]);
}

/* Closes the idle peer that was silent for longest; false: there is none. */
static bool
make_room(struct server *s)
{
	struct peer *p;

	TAILQ_FOREACH(p, &s->active, active) {
		if (s->now - p->progress < IDLE_MS)
			return false;
		if (!peer_is_busy(p) && p->waiting == NULL) {
			end_peer(s, p, "idle, and others want to connect");
			return true;
		}
	}
	return false;
}

/* Without a pause, epoll would report the listener again at once. */
static void
pause_accepting(struct server *s, const char *why)
{
	if (!s->paused)
		log_warn("%zu connections: no more for now: %s", s->n, why);
	s->paused = true;
	s->accept_at = s->now + ACCEPT_PAUSE_MS;
	listen_for(s, 0);
}

static bool
is_out_of_room(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS ||
	    error == ENOMEM;
}

static void
accept_peers(struct server *s, int listener)
{
	unsigned i;
	int fd;

	for (i = 0; i < ACCEPTS; i++) {
		if (s->n >= s->max && !make_room(s)) {
			pause_accepting(s, "that is the limit");
			return;
		}
		fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK |
		    SOCK_CLOEXEC);
		if (fd == -1 && is_out_of_room(errno)) {
			if (!make_room(s)) {
				pause_accepting(s, strerror(errno));
				return;
			}
			continue;
		}
		if (fd == -1 && errno == EAGAIN)
			break;
		/* ECONNABORTED and the like are the peer's trouble. */
		if (fd != -1 && server_adopt(s, fd) == -1)
			close(fd);
	}
	s->paused = false;
}

static void
resume_accepting(struct server *s)
{
	if (s->paused && !s->stopping && s->now >= s->accept_at) {
		listen_for(s, EPOLLIN);
		s->accept_at = INT64_MAX;
	}
}

/* All calls that wait for a scan are asked again. */
static void
wake_waiting(struct server *s)
{
	struct peer *p;

	TAILQ_FOREACH(p, &s->active, active)
		if (p->waiting != NULL && p->job == NULL) {
			p->scanned = true;
			enqueue(s, p);
		}
}

/* Peers that stopped in the middle of something are closed after a while. */
static void
sweep(struct server *s)
{
	struct peer *p, *next;

	if (s->now < s->sweep_at)
		return;
	s->sweep_at = s->now + SWEEP_MS;
	TAILQ_FOREACH_SAFE(p, &s->active, active, next) {
		if (s->now - p->progress < STUCK_MS)
			break;
		if (peer_is_busy(p))
			end_peer(s, p, "silent in the middle of a call");
	}
}

static void
stop(struct server *s)
{
	struct peer *p, *next;

	log_info("stopping: what is under way is finished first");
	s->stopping = true;
	s->stop_at = s->now + FINISH_MS;
	listen_for(s, 0);
	TAILQ_FOREACH_SAFE(p, &s->active, active, next)
		if (!peer_is_busy(p) && p->calls == NULL)
			end_peer(s, p, "");
}

static void
handle_event(struct server *s, const struct epoll_event *event)
{
	int *fd = event->data.ptr;
	struct peer *p = event->data.ptr;

	if (fd == &s->signals) {
		if (!s->stopping)
			stop(s);
		epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->signals, NULL);
	} else if (event->data.ptr == &s->pool)
		end_jobs(s);
	else if (fd >= s->listener && fd < s->listener + LISTENERS_MAX)
		accept_peers(s, *fd);
	else if (fd >= s->udp && fd < s->udp + LISTENERS_MAX)
		datagrams_serve(&s->datagrams, *fd, s->now);
	else if (fd == &s->stray)
		datagrams_serve_stray(&s->datagrams, *fd, s->mapper, s->now);
	else if (fd == &s->rarp)
		reverse_serve(*fd, s->service->bootfd, s->seen);
	else if (p->dead || p->queued)
		return;
	else if ((event->events & (EPOLLERR | EPOLLHUP)) != 0 &&
	    p->watched == 0)
		end_peer(s, p, "");
	else
		turn(s, p);
}

/* The least of some waits, of which -1 has no end. */
static int
sooner(int64_t a, int64_t b)
{
	if (a < 0 || (b >= 0 && b < a))
		a = b;
	return a > INT_MAX ? INT_MAX : (int)a;
}

static int
timeout(const struct server *s, int work)
{
	int64_t wait = work;

	if (!TAILQ_EMPTY(&s->queue))
		return 0;
	if (s->n > 0)
		wait = sooner(wait, SWEEP_MS);
	if (s->paused)
		wait = sooner(wait, ACCEPT_PAUSE_MS);
	if (s->stopping)
		wait = sooner(wait, 100);
	return (int)wait;
}

static bool
is_done(const struct server *s)
{
	if (s->stopping)
		return s->n == 0 || s->now >= s->stop_at;
	return s->n == 0 && s->nlisteners + s->nudp == 0;
}

/*
 * A client that has its reply mostly calls again at once, and to wake a
 * sleeping processor takes longer than to answer: so for a moment after the
 * last event there is no sleep.  That doubles what one connection gets, for
 * no more CPU time a call.
 */
static int
wait_for_events(const struct server *s, struct epoll_event *event, int work)
{
	const int wait = timeout(s, work);
	struct timespec began, now;
	int64_t spent = 0;
	int n;

	if (!s->spins || wait == 0)
		return epoll_wait(s->epoll, event, EVENTS, wait);
	clock_gettime(CLOCK_MONOTONIC, &began);
	while ((n = epoll_wait(s->epoll, event, EVENTS, 0)) == 0 &&
	    spent < SPIN_NS) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		spent = (now.tv_sec - began.tv_sec) * 1000000000 +
		    now.tv_nsec - began.tv_nsec;
	}
	return n != 0 ? n : epoll_wait(s->epoll, event, EVENTS, wait);
}

/* Here, because threads are made after confine(). */
static void
start_pool(struct server *s)
{
	s->pool = pool_new();
	if (s->pool == NULL || watch(s, EPOLL_CTL_ADD,
	    pool_descriptor(s->pool), EPOLLIN, &s->pool) == -1)
		log_warn("no threads for the disk: %s; a slow one will delay "
		    "all", strerror(errno));
}

int
server_run(struct server *s)
{
	struct epoll_event event[EVENTS];
	bool finished;
	int n, i, work = -1;

	start_pool(s);
	datagrams_init(&s->datagrams, s->service, s->pool, report, s);
	while (!is_done(s)) {
		n = wait_for_events(s, event, work);
		if (n == -1 && errno != EINTR)
			return -1;
		s->now = daemon_now_ms();
		tree_at(&s->service->tree, s->now);
		for (i = 0; i < n; i++)
			handle_event(s, &event[i]);
		run_queue(s);
		work = exports_work(&s->service->tree.exports, s->now,
		    &finished);
		if (finished)
			wake_waiting(s);
		sweep(s);
		resume_accepting(s);
		bury(s);
	}
	return 0;
}

void
server_free(struct server *s)
{
	struct peer *p;

	datagrams_free(&s->datagrams);
	while ((p = TAILQ_FIRST(&s->active)) != NULL)
		end_peer(s, p, "");
	bury(s);
	close(s->epoll);
	free(s);
}
