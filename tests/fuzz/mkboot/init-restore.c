/* SPDX-License-Identifier: ISC */
/* Any text as a list of extended attributes. */
#include "mkboot/init/restore.h"

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
	static struct restore r;
	const char *before;
	char *text;

	if ((text = malloc(size + 1)) == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	r = (struct restore){ .text = text };
	for (before = r.text; restore_next(&r); before = r.text) {
		require(r.text > before);
		require(r.path[0] != '\0' && strlen(r.path) < RESTORE_PATH);
		require(r.name[0] != '\0' && strlen(r.name) < RESTORE_NAME);
		require(strchr(r.name, '=') == NULL);
		require(r.len <= RESTORE_VALUE);
	}
	require(*r.text == '\0');
	free(text);
	return 0;
}
