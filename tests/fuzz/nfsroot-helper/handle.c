/* SPDX-License-Identifier: ISC */
/* Any octets as a handle: refused, or the very octets that we would write. */
#include "nfsroot-helper/handle.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint8_t octets[HANDLE_MAX];
	struct handle h;

	if (!handle_parse(&h, data, len))
		return 0;
	if (h.depth > HANDLE_DEPTH_MAX ||
	    handle_levels(h.depth) > HANDLE_LEVELS ||
	    handle_format(&h, octets) != len ||
	    memcmp(octets, data, len) != 0)
		abort();
	return 0;
}
