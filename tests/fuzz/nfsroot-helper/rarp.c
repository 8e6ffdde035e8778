/* SPDX-License-Identifier: ISC */
/* Any frame as RARP: what is taken for it is the same when written again. */
#include "nfsroot-helper/rarp.h"

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
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct mac mac = { { 2, 0, 0, 0, 0, 1 } };
	uint8_t octets[RARP_LEN];
	struct rarp request, reply;
	struct wire_out out;

	if (!rarp_parse(&request, data, len))
		return 0;
	require(len >= RARP_LEN);
	wire_out_init(&out, octets, sizeof(octets));
	rarp_put(&out, &request);
	require(!out.bad && out.len == RARP_LEN);
	/* The hardware may have been IEEE 802; we say Ethernet. */
	require(memcmp(octets + 2, data + 2, RARP_LEN - 2) == 0);
	rarp_answer(&reply, &request, request.sender_ip, &mac,
	    request.target_ip);
	require(reply.operation == RARP_REPLY);
	require(memcmp(&reply.target, &request.target, sizeof(mac)) == 0);
	return 0;
}
