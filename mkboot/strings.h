/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_STRINGS_H
#define MKBOOT_STRINGS_H

#include <stddef.h>

/* A growing list of texts that it owns; all zeros is an empty one. */
struct strings {
	char **at;
	size_t n;
};

/* Adds a copy; -1 with errno when there is no memory. */
int strings_add(struct strings *, const char *);
/* Sorts by octets, and drops what is there twice. */
void strings_sort(struct strings *);
void strings_free(struct strings *);

#endif
