/* SPDX-License-Identifier: ISC */
/* Any octets as a capture file: what is read lies within them, and it ends. */
#include "proxydhcpd/capture.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct capture_datagram d;
	struct capture c;
	unsigned frames = 0;

	if (capture_open(&c, data, size) != CAPTURE_READY)
		return 0;
	while (capture_next(&c, &d)) {
		require(c.frame > frames);
		frames = c.frame;
		require(d.payload >= data && d.len <= size &&
		    d.payload + d.len <= data + size);
		require(d.from.sa.sa_family == d.to.sa.sa_family);
	}
	require(frames <= size / 12);
	return 0;
}
