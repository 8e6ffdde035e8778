/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_RECORD_H
#define HTTPBOOTD_RECORD_H

#include <stdint.h>

#include "common/seen.h"
#include "httpbootd/answer.h"

/* How a request ended. */
struct outcome {
	const struct sockaddr *client;
	const struct mac *who;		/* NULL: nobody we know */
	uint64_t octets;		/* of the body, sent as far as known */
	int64_t took_ms;
};

/* Writes the request's line to the log, and to seen/ where `who' is known. */
void record_answer(struct seen *, const struct found *,
    const struct answer *, const struct outcome *);
/* The same for a request that broke off or was none. */
void record_broken(const char *target, const struct outcome *);

#endif
