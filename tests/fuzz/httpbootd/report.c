/* SPDX-License-Identifier: ISC */
/* Reports: any target; what is good is words, and one line in seen/. */
#include "httpbootd/report.h"

#include <stddef.h>
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
	char *target = strndup((const char *)data, len), line[REPORT_FACT];
	struct report r;
	enum report_kind kind;
	const char *p;

	require(target != NULL);
	kind = report_parse(&r, target);
	require(memchr(r.why, '\0', sizeof(r.why)) != NULL);
	if (kind == REPORT_NONE)
		require(*r.stage == '\0' && *r.why == '\0');
	if (kind == REPORT_GOOD) {
		require(*r.stage != '\0' && *r.state != '\0');
		require(strpbrk(r.stage, " \n/=\\") == NULL);
		for (p = report_fact(&r, line); *p != '\0'; p++)
			require(*p >= ' ' && *p <= '~');
	}
	free(target);
	return 0;
}
