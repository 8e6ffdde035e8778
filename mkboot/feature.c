/* SPDX-License-Identifier: ISC */
/* A line of a feature's list of kernel modules. */
#include "mkboot/feature.h"

#include <string.h>

#define BLANK " \t\r\n"

enum feature_kind
feature_parse(char *line, const char **what)
{
	line += strspn(line, BLANK);
	line[strcspn(line, BLANK "#")] = '\0';
	*what = line;
	if (*line == '\0')
		return FEATURE_NOTHING;
	if (strchr(line, '/') != NULL)
		return FEATURE_PATTERN;
	if (line[0] != '-')
		return FEATURE_NAME;
	*what = line + 1;
	return line[1] == '\0' ? FEATURE_NOTHING : FEATURE_OPTIONAL;
}
