/* SPDX-License-Identifier: ISC */
/* Any text as the place of an NFS root. */
#include "mkboot/init/nfsroot.h"

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
	char text[4096], options[1024];
	enum nfsroot_error error;
	struct nfsroot n;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	error = nfsroot_parse(&n, text);
	require(strlen(nfsroot_error_words(error)) > 0);
	if (error != NFSROOT_OK)
		return 0;
	require(n.path[0] == '/' && strlen(n.path) < sizeof(n.path));
	require(strchr(n.path, ',') == NULL);
	require(n.port != 0);
	/* What it took is in the text, in one piece. */
	require(strstr(text, n.path) != NULL);
	if (n.server.sa.sa_family == AF_UNSPEC)
		return 0;
	require(nfsroot_options(&n, &n.server, options, sizeof(options)));
	require(strncmp(options, "vers=3,", 7) == 0);
	require(strstr(options, ",addr=") != NULL);
	require(strstr(options, ",,") == NULL);
	return 0;
}
