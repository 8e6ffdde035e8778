/* SPDX-License-Identifier: ISC */
/* Request targets: a name that is let through is harmless, whatever came. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "httpbootd/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
check_name(const char *name)
{
	const char *segment;

	require(*name != '\0' && strlen(name) < BOOTDIR_PATH_MAX);
	for (segment = name; segment != NULL; segment = strchr(segment, '/')) {
		segment += *segment == '/';
		require(*segment != '\0' && *segment != '/' &&
		    *segment != '.');
	}
}

/* Every octet escaped, it must come back as it was. */
static void
check_escaped(const char *name)
{
	static char target[3 * BOOTDIR_PATH_MAX + 2];
	char again[BOOTDIR_PATH_MAX];
	size_t i;

	target[0] = '/';
	for (i = 0; name[i] != '\0'; i++)
		snprintf(target + 1 + 3 * i, 4, "%%%02x",
		    (unsigned char)name[i]);
	require(target_decode(target, again) == REASON_WHOLE);
	require(strcmp(name, again) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char name[BOOTDIR_PATH_MAX], *target = strndup((const char *)data, len);
	enum reason reason;

	require(target != NULL);
	reason = target_decode(target, name);
	free(target);
	if (reason == REASON_WHOLE) {
		check_name(name);
		check_escaped(name);
	} else
		require(*name == '\0' && reason_status(reason) >= 400);
	return 0;
}
