/* SPDX-License-Identifier: ISC */
/* Many jobs on all processors. */
#include "mkboot/parallel.h"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Fewer are done sooner than a process is made. */
#define FEW 32
#define WORKERS_MAX 16

/* One result on its way; well below PIPE_BUF, so that none are mixed. */
struct message {
	size_t i;
	struct parallel_result result;
};

static void
do_job(struct parallel_result *r, parallel_job *job, void *context, size_t i)
{
	r->why.text[0] = '\0';
	r->value = job(context, i, &r->why);
}

/* Every `step'-th job from `first' on. */
static void
work(int out, size_t first, size_t step, size_t n, parallel_job *job,
    void *context)
{
	struct message m;

	memset(&m, 0, sizeof(m));
	for (m.i = first; m.i < n; m.i += step) {
		do_job(&m.result, job, context, m.i);
		if (write(out, &m, sizeof(m)) != (ssize_t)sizeof(m))
			_exit(1);
	}
}

static size_t
start_workers(const int ends[2], size_t workers, size_t n, parallel_job *job,
    void *context)
{
	size_t i;
	pid_t child;

	(void)fflush(NULL);
	for (i = 0; i < workers; i++) {
		child = fork();
		if (child == -1)
			break;
		if (child > 0)
			continue;
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ends[0]);
		work(ends[1], i, workers, n, job, context);
		_exit(0);
	}
	return i;
}

/* What no worker was there for, or died over, stays -1. */
static void
collect(int in, struct parallel_result *results, size_t n)
{
	struct message m;

	while (read(in, &m, sizeof(m)) == (ssize_t)sizeof(m))
		if (m.i < n)
			results[m.i] = m.result;
}

static void
run_in_workers(struct parallel_result *results, size_t workers, size_t n,
    parallel_job *job, void *context)
{
	size_t started, i;
	int ends[2];

	for (i = 0; i < n; i++) {
		results[i].value = -1;
		(void)why_not(&results[i].why, "who did it has died");
	}
	if (pipe(ends) == -1)
		return;
	started = start_workers(ends, workers, n, job, context);
	close(ends[1]);
	collect(ends[0], results, n);
	close(ends[0]);
	while (started > 0 && (wait(NULL) != -1 || errno == EINTR))
		started--;
}

struct parallel_result *
parallel_run(size_t n, parallel_job *job, void *context)
{
	struct parallel_result *results = calloc(n, sizeof(*results));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	if (results == NULL || n == 0) {
		free(results);
		return NULL;
	}
	if (processors > WORKERS_MAX)
		processors = WORKERS_MAX;
	if (n >= FEW && processors > 1)
		run_in_workers(results, (size_t)processors, n, job, context);
	else
		for (i = 0; i < n; i++)
			do_job(&results[i], job, context, i);
	return results;
}
