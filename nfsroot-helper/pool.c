/* SPDX-License-Identifier: ISC */
/* Threads that wait for the disk: pthreads, eventfd. */
#include "nfsroot-helper/pool.h"

#include <sys/eventfd.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

TAILQ_HEAD(jobs, job);

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct jobs asked, done;
	int event;
};

static void *
work(void *arg)
{
	struct pool *p = arg;
	struct job *j;

	for (;;) {
		pthread_mutex_lock(&p->lock);
		while ((j = TAILQ_FIRST(&p->asked)) == NULL)
			pthread_cond_wait(&p->more, &p->lock);
		TAILQ_REMOVE(&p->asked, j, link);
		pthread_mutex_unlock(&p->lock);
		disk_do(&j->want);
		close(j->want.fd);
		pthread_mutex_lock(&p->lock);
		TAILQ_INSERT_TAIL(&p->done, j, link);
		pthread_mutex_unlock(&p->lock);
		eventfd_write(p->event, 1);
	}
	return NULL;
}

/* One is enough to go on with. */
static int
start(struct pool *p)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int n = 0, error = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, POOL_STACK);
	while (n < POOL_THREADS && error == 0) {
		error = pthread_create(&thread, &attributes, work, p);
		n += error == 0;
	}
	pthread_attr_destroy(&attributes);
	errno = error;
	return n > 0 ? 0 : -1;
}

struct pool *
pool_new(void)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	TAILQ_INIT(&p->asked);
	TAILQ_INIT(&p->done);
	p->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (p->event != -1 && start(p) == 0)
		return p;
	if (p->event != -1)
		close(p->event);
	free(p);
	return NULL;
}

int
pool_descriptor(const struct pool *p)
{
	return p->event;
}

struct job *
pool_begin(struct pool *p, const struct disk_want *want, void *owner)
{
	struct job *j = calloc(1, sizeof(*j));

	if (j == NULL)
		return NULL;
	j->want = *want;
	j->owner = owner;
	j->want.fd = fcntl(want->fd, F_DUPFD_CLOEXEC, 0);
	if (j->want.fd == -1) {
		free(j);
		return NULL;
	}
	pthread_mutex_lock(&p->lock);
	TAILQ_INSERT_TAIL(&p->asked, j, link);
	pthread_cond_signal(&p->more);
	pthread_mutex_unlock(&p->lock);
	return j;
}

struct job *
pool_done(struct pool *p)
{
	eventfd_t count;
	struct job *j;

	eventfd_read(p->event, &count);
	pthread_mutex_lock(&p->lock);
	if ((j = TAILQ_FIRST(&p->done)) != NULL)
		TAILQ_REMOVE(&p->done, j, link);
	pthread_mutex_unlock(&p->lock);
	return j;
}
