/* SPDX-License-Identifier: ISC */
/* Any text as a hostname file and as /etc/hosts. */
#include "mkboot/init/names.h"

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
	char text[2048], out[4096], again[4096 + 128];
	char name[NAMES_HOST], same[NAMES_HOST];
	size_t len, i;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (names_host(text, name)) {
		for (i = 0; name[i] != '\0'; i++)
			require(name[i] > ' ' && name[i] != '/' &&
			    name[i] != ':' && (unsigned char)name[i] < 127);
		require(names_host(name, same) && strcmp(name, same) == 0);
	} else
		require(name[0] == '\0');
	len = names_hosts(text, "box", "example", out, sizeof(out));
	require(len > 0 && len == strlen(out));
	require(strcmp(out + len - strlen("127.0.1.1\tbox.example box\n"),
	    "127.0.1.1\tbox.example box\n") == 0);
	/* A second time changes nothing. */
	require(names_hosts(out, "box", "example", again, sizeof(again)) ==
	    len);
	require(strcmp(out, again) == 0);
	return 0;
}
