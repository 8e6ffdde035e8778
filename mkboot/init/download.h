/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_DOWNLOAD_H
#define MKBOOT_INIT_DOWNLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mkboot/init/reply.h"
#include "mkboot/init/url.h"

/*
 * A file on its way by HTTP, whichever server and connection brings its next
 * octets: what to ask for, and what to make of the answer.
 */
#define DOWNLOAD_REQUEST 2048	/* octets that any request fits in */

struct download {
	uint64_t have;		/* octets so far */
	uint64_t total;		/* UINT64_MAX: not known */
	char tag[REPLY_TAG];	/* of the file they are of; empty: none */
};

enum download_verdict {
	DOWNLOAD_APPEND,	/* the body goes behind what there is */
	DOWNLOAD_ANEW,		/* the body takes its place */
	DOWNLOAD_LATER,		/* the server has troubles: ask again */
	DOWNLOAD_CHANGED,	/* another file now: ask for all of it */
	DOWNLOAD_REFUSED,	/* and will be another time too */
	DOWNLOAD_UNFIT		/* an answer that we cannot take */
};

void download_init(struct download *);
/* A GET of what is missing; returns its length. */
size_t download_request(const struct download *, const struct url *,
    const union address *server, char text[DOWNLOAD_REQUEST]);
/* With the first two verdicts `total' is known, and `have' is right. */
enum download_verdict download_judge(struct download *, const struct reply *);

#endif
