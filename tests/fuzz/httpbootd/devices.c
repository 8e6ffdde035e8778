/* SPDX-License-Identifier: ISC */
/* Lists of hardware: in whichever parts, the lines kept are harmless. */
#include "httpbootd/devices.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void
require(bool truth)
{
	if (!truth)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct devices d;
	const size_t half = len > 0 ? data[0] % len : 0;
	size_t i;
	bool good;

	memset(&d, 0, sizeof(d));
	devices_feed(&d, data, half);
	devices_feed(&d, data + half, len - half);
	good = devices_end(&d);
	require(good == (d.len > 0));
	require(d.len <= len && strlen(d.text) == d.len);
	require(!good || d.text[d.len - 1] == '\n');
	for (i = 0; i < d.len; i++)
		require(d.text[i] == '\n' ? i > 0 && d.text[i - 1] != '\n' :
		    d.text[i] > ' ' && d.text[i] <= '~');
	return 0;
}
