/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_TEXT_H
#define MKBOOT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A growing text; what does not fit is noted, and left out. */
struct text {
	char *start;
	size_t len, size;	/* octets; the NUL is not counted in len */
	bool full;
};

void text_add(struct text *, const char *, ...)
    __attribute__((format(printf, 2, 3)));

#endif
