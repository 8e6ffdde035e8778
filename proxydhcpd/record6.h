/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_RECORD6_H
#define PROXYDHCPD_RECORD6_H

#include "common/seen.h"
#include "proxydhcpd/exchange6.h"
#include "proxydhcpd/notice.h"

/* What the log and seen/ are told of an exchange, once it is over. */
struct record6 {
	int bootfd;
	struct seen *seen;
	struct notices notices;
};

/* Facts and events of a machine that we answered: bootdir(7). */
void record6_answer(struct record6 *, const struct exchange6 *);
/* Why there was no answer. */
void record6_silence(struct record6 *, const struct exchange6 *);
/* Who will have which address; of the boot directory's machines alone. */
void record6_address(struct record6 *, const struct exchange6 *);

#endif
