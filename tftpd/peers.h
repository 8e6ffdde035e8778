/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_PEERS_H
#define TFTPD_PEERS_H

#include "tftpd/session.h"

/* The sessions by their client's address and port: one each. */
#define PEERS_BUCKETS 4096

LIST_HEAD(session_list, session);

struct peers {
	struct session_list bucket[PEERS_BUCKETS];
	size_t n;
};

void peers_open(struct peers *);
/* NULL when this client has none. */
struct session *peers_find(const struct peers *, const union address *);
void peers_add(struct peers *, struct session *);
void peers_remove(struct peers *, struct session *);
/* Any one; NULL when there is none. */
struct session *peers_first(const struct peers *);

#endif
