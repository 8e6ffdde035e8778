/* SPDX-License-Identifier: ISC */
/* The mean of the round trips, and how far they spread. */
#include "tftpd/rtt.h"

bool
rtt_is_known(const struct rtt *r)
{
	return r->smooth8 > 0;
}

void
rtt_measured(struct rtt *r, int64_t took_ms)
{
	int64_t off;

	if (!rtt_is_known(r)) {
		r->smooth8 = took_ms > 0 ? took_ms * 8 : 1;
		r->spread4 = took_ms * 2;
		return;
	}
	off = took_ms - r->smooth8 / 8;
	r->smooth8 += off;
	r->spread4 += (off < 0 ? -off : off) - r->spread4 / 4;
}

int64_t
rtt_patience(const struct rtt *r, int64_t least_ms, int64_t most_ms)
{
	const int64_t margin = r->spread4 > RTT_MARGIN_MS ? r->spread4 :
	    RTT_MARGIN_MS;
	const int64_t ms = r->smooth8 / 8 + margin;

	return ms < least_ms ? least_ms : ms > most_ms ? most_ms : ms;
}
