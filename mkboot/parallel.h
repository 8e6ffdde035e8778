/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PARALLEL_H
#define MKBOOT_PARALLEL_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/why.h"

struct parallel_result {
	int value;		/* what the job returned; -1: it never did */
	struct why why;
};

/* One of many jobs, told apart by their number, from 0. */
typedef int parallel_job(void *context, size_t i, struct why *);

/* What a process does after its last job; -1: some of them were not done. */
typedef int parallel_end(void *context);

/*
 * Does `n' jobs that do not depend on one another, in a process for each
 * processor, or here when they are few; their results, to be freed.  NULL
 * when there is no memory, or none to do.  *whole: all processes came to
 * their ends.
 */
struct parallel_result *parallel_run(size_t n, parallel_job *, parallel_end *,
    void *context, bool *whole);

#endif
