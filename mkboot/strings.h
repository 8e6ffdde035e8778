/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_STRINGS_H
#define MKBOOT_STRINGS_H

#include <stdbool.h>
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
/* Is it in a list that is sorted? */
bool strings_has(const struct strings *, const char *);
/* All of it with a blank before each, cut to fit; returns `text'. */
const char *strings_join(const struct strings *, char *text, size_t size);
void strings_free(struct strings *);

#endif
