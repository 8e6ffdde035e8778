/* SPDX-License-Identifier: ISC */
/* Any octets as an IPv4 packet: what is read is written and read the same. */
#include "common/udp4.h"

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
	static uint8_t again[UDP4_HEADERS + UINT16_MAX];
	struct udp4 first, second;
	struct wire_out w;

	if (!udp4_parse(&first, data, size))
		return 0;
	require(first.payload >= data + UDP4_HEADERS);
	require(first.len <= (size_t)(data + size - first.payload));
	wire_out_init(&w, again, sizeof(again));
	udp4_put(&w, &first);
	require(!w.bad && w.len == UDP4_HEADERS + first.len);
	require(udp4_parse(&second, again, w.len));
	require(second.from.s_addr == first.from.s_addr);
	require(second.to.s_addr == first.to.s_addr);
	require(second.from_port == first.from_port);
	require(second.to_port == first.to_port);
	require(second.len == first.len);
	require(memcmp(second.payload, first.payload, first.len) == 0);
	return 0;
}
