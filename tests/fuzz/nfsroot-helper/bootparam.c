/* SPDX-License-Identifier: ISC */
/*
 * Any octets as arguments of a BOOTPARAM procedure, which the first one
 * names: names lie in them, a key is no path, and a line of a file is a
 * place with an absolute path or none.
 */
#include "nfsroot-helper/bootparam.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
require_inside(struct xdr_span span, const uint8_t *data, size_t len)
{
	require(span.len == 0 || (span.data >= data &&
	    span.data + span.len <= data + len));
}

static void
try_place(const uint8_t *data, size_t len)
{
	struct in_addr server = { 0 };
	const char *path;
	char line[2048];

	if (len >= sizeof(line))
		return;
	memcpy(line, data, len);
	line[len] = '\0';
	path = bootparam_place(line, &server);
	require(path == NULL || (path[0] == '/' && path >= line &&
	    strlen(path) <= BOOTPARAM_PATH_MAX));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char key[BOOTPARAM_FILE_MAX + 1];
	struct bootparam_args args;

	if (len == 0)
		return 0;
	try_place(data + 1, len - 1);
	if (!bootparam_parse(&args, data[0] % BOOTPARAM_NPROCS, data + 1,
	    len - 1))
		return 0;
	require_inside(args.client, data + 1, len - 1);
	require_inside(args.file, data + 1, len - 1);
	require(args.client.len <= BOOTPARAM_NAME_MAX);
	if (bootparam_key(args.file, key))
		require(key[0] != '.' && key[0] != '\0' &&
		    strchr(key, '/') == NULL);
	return 0;
}
