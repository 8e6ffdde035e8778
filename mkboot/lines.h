/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_LINES_H
#define MKBOOT_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* A text that grows as it is written; all zeros is an empty one. */
struct lines {
	char *text;	/* NULL while it is empty */
	size_t len;	/* without the NUL */
	size_t size;
	bool failed;	/* no memory: it is not whole */
};

void lines_add(struct lines *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void lines_free(struct lines *);

#endif
