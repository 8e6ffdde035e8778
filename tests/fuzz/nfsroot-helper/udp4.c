/* SPDX-License-Identifier: ISC */
/* Any octets as an IPv4 packet: what is taken for UDP lies in it. */
#include "nfsroot-helper/udp4.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct udp4 u;

	if (!udp4_parse(&u, data, len))
		return 0;
	require(u.data >= data + 28);
	require(u.data + u.len <= data + len);
	require(u.data + u.len <= data + (data[2] << 8 | data[3]));
	return 0;
}
