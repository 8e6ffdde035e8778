/* SPDX-License-Identifier: ISC */
/* Any text as a feature's line: what is taken from it holds no surprise. */
#include "mkboot/feature.h"

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

static void
require_sane(const struct feature *f)
{
	require(strpbrk(f->what, " \t\r\n#") == NULL);
	require((f->kind == FEATURE_NOTHING) <= (*f->what == '\0'));
	require(f->kind != FEATURE_MODULE || strchr(f->what, '/') == NULL);
	require(f->kind != FEATURE_FILE || *f->what == '/');
	require(f->kind != FEATURE_LINK || *f->more != '\0');
	require(f->kind != FEATURE_EARLY || *f->more == '/');
	require(f->condition == NULL || f->kind == FEATURE_PATTERN ||
	    f->kind == FEATURE_BAD);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = malloc(size + 1);
	struct feature f;

	require(line != NULL);
	memcpy(line, data, size);
	line[size] = '\0';
	feature_parse(&f, line);
	require_sane(&f);
	free(line);
	return 0;
}
