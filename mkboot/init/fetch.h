/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_FETCH_H
#define MKBOOT_INIT_FETCH_H

#include <stdint.h>

#include "mkboot/init/download.h"
#include "mkboot/init/sink.h"

/* The sockets of a download by HTTP or TFTP, into a sink. */
struct fetch {
	const struct url *url;
	struct sink *sink;
	uint64_t room;		/* octets that the sink can take */
	struct download file;	/* how far it is */
	int64_t moved;		/* when the last octet came: net_now() */
	char why[256];		/* printable: why it ended */
	/* Called about once a second while octets come. */
	void (*tell)(struct fetch *);
};

enum fetch_result {
	FETCH_DONE,
	FETCH_BROKE,		/* go on here or elsewhere, in a while */
	FETCH_REFUSED,		/* this server will not, ever */
	FETCH_FULL		/* there is no room for it */
};

/*
 * Goes on where the file stands, from this server, with bounded waits.
 * HTTP resumes; TFTP begins anew.
 */
enum fetch_result fetch_from(struct fetch *, const union address *server);

/*
 * A TCP connection, non-blocking: its descriptor, or -1 with errno after
 * `wait' ms at most.
 */
int fetch_connect(const union address *server, unsigned port, int wait);

#endif
