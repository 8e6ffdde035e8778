/* SPDX-License-Identifier: ISC */
/* Any text as the JSON of .note.dlopen: it comes to an end, moving on. */
#include "mkboot/dlopen_note.h"

#include <errno.h>
#include <stdint.h>
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
	struct dlopen_need d;
	size_t i, at = 0, before = 0;
	int result;

	while ((result = dlopen_note_next((const char *)data, size, &at,
	    &d)) == 1) {
		require(at > before && at <= size);
		before = at;
		for (i = 0; i < d.soname.n; i++)
			require(strlen(d.soname.at[i]) < size);
		require(!d.required || d.wanted);
		strings_free(&d.soname);
	}
	require(result == 0 || errno == EINVAL);
	return 0;
}
