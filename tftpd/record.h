/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_RECORD_H
#define TFTPD_RECORD_H

#include "common/seen.h"
#include "tftpd/session.h"

/* How a transfer ended, for the log and, where it is known whose it was, seen/. */
void record_end(struct seen *, const struct session *);
/* A request that is not granted; `who' may be NULL. */
void record_refusal(struct seen *, const struct datagram *, const char *file,
    const struct mac *who, enum refusal);

#endif
