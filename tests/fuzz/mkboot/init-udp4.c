/* SPDX-License-Identifier: ISC */
/* Any octets as a packet; and any payload comes back as it was put. */
#include "mkboot/init/udp4.h"

#include <stdlib.h>
#include <string.h>

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
	uint8_t packet[4096];
	struct wire_out w;
	const uint8_t *found;
	size_t len;

	found = udp4_parse(data, size, 68, true, &len);
	require(found != NULL || len == 0);
	if (found != NULL) {
		require(found >= data + UDP4_HEADERS);
		require(found + len <= data + size);
		/* What passes with its sum passes without looking at it. */
		require(udp4_parse(data, size, 68, false, &len) == found);
	}
	wire_out_init(&w, packet, sizeof(packet));
	udp4_put_broadcast(&w, 68, 67, data, size);
	require(w.bad == (size > sizeof(packet) - UDP4_HEADERS));
	if (w.bad)
		return 0;
	found = udp4_parse(packet, w.len, 67, true, &len);
	require(found != NULL && len == size);
	require(memcmp(found, data, size) == 0);
	return 0;
}
