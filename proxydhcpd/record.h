/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_RECORD_H
#define PROXYDHCPD_RECORD_H

#include "common/seen.h"
#include "proxydhcpd/exchange.h"
#include "proxydhcpd/memory.h"
#include "proxydhcpd/notice.h"

/* What the log and seen/ are told of an exchange, once it is over. */
struct record {
	int bootfd;
	struct seen *seen;
	struct notices *notices;
	struct memory *memory;
	int64_t now_ms;
};

/* Facts and events of a machine that we answered: bootdir(7). */
void record_answer(const struct record *, const struct exchange *);
/* Why there was no answer. */
void record_silence(const struct record *, const struct exchange *);
/*
 * Who will have which address: every DHCPREQUEST that is broadcast says it.
 * Only of machines that are the boot directory's concern; others on the LAN
 * are nobody's business.
 */
void record_address(const struct record *, const struct exchange *);

#endif
