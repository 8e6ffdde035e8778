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

/* What is to be done. */
struct jobs {
	size_t n;
	parallel_job *job;
	parallel_end *end;
	void *context;
};

/* One result on its way; well below PIPE_BUF, so that none are mixed. */
struct message {
	size_t i;
	struct parallel_result result;
};

static void
do_job(const struct jobs *j, size_t i, struct parallel_result *r)
{
	r->why.text[0] = '\0';
	r->value = j->job(j->context, i, &r->why);
}

/* Every `step'-th job from `first' on; the exit status. */
static int
work(const struct jobs *j, int out, size_t first, size_t step)
{
	struct message m;

	memset(&m, 0, sizeof(m));
	for (m.i = first; m.i < j->n; m.i += step) {
		do_job(j, m.i, &m.result);
		if (write(out, &m, sizeof(m)) != (ssize_t)sizeof(m))
			return 1;
	}
	return j->end(j->context) == 0 ? 0 : 1;
}

static size_t
start_workers(const struct jobs *j, const int ends[2], size_t workers)
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
		_exit(work(j, ends[1], i, workers));
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

/* Did all of them come to their ends? */
static bool
wait_for(size_t workers)
{
	bool whole = true;
	int status;

	while (workers > 0) {
		if (wait(&status) == -1) {
			if (errno == EINTR)
				continue;
			return false;
		}
		whole = whole && WIFEXITED(status) &&
		    WEXITSTATUS(status) == 0;
		workers--;
	}
	return whole;
}

static bool
run_in_workers(const struct jobs *j, struct parallel_result *results,
    size_t workers)
{
	size_t started, i;
	int ends[2];

	for (i = 0; i < j->n; i++) {
		results[i].value = -1;
		(void)why_not(&results[i].why, "who did it has died");
	}
	if (pipe(ends) == -1)
		return false;
	started = start_workers(j, ends, workers);
	close(ends[1]);
	collect(ends[0], results, j->n);
	close(ends[0]);
	return wait_for(started) && started == workers;
}

struct parallel_result *
parallel_run(size_t n, parallel_job *job, parallel_end *end, void *context,
    bool *whole)
{
	const struct jobs jobs = { n, job, end, context };
	struct parallel_result *results = calloc(n, sizeof(*results));
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	*whole = results != NULL || n == 0;
	if (results == NULL || n == 0) {
		free(results);
		return NULL;
	}
	if (processors > WORKERS_MAX)
		processors = WORKERS_MAX;
	if (n >= FEW && processors > 1) {
		*whole = run_in_workers(&jobs, results, (size_t)processors);
		return results;
	}
	for (i = 0; i < n; i++)
		do_job(&jobs, i, &results[i]);
	*whole = end(context) == 0;
	return results;
}
