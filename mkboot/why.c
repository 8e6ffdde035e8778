/* SPDX-License-Identifier: ISC */
/* Why something could not be done. */
#include "mkboot/why.h"

#include <stdarg.h>
#include <stdio.h>

int
why_not(struct why *why, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(why->text, sizeof(why->text), format, args);
	va_end(args);
	return -1;
}
