/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_RTT_H
#define TFTPD_RTT_H

#include <stdbool.h>
#include <stdint.h>

/* Round trips as they were measured: RFC 6298 section 2, in milliseconds. */
struct rtt {
	int64_t smooth8;	/* eight times the mean; 0: none measured */
	int64_t spread4;	/* four times the mean deviation */
};

bool rtt_is_known(const struct rtt *);
void rtt_measured(struct rtt *, int64_t took_ms);
/*
 * On a steady line the spread nears nothing, and then the first answer that
 * is a little late would be taken for lost.
 */
#define RTT_MARGIN_MS 50
/* How long to wait for an answer; never below `least_ms'. */
int64_t rtt_patience(const struct rtt *, int64_t least_ms, int64_t most_ms);

#endif
