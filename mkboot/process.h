/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PROCESS_H
#define MKBOOT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/elf.h"
#include "mkboot/libpath.h"
#include "mkboot/tree.h"

/*
 * What a program would be once its loader is done: it and its libraries, in
 * the order in which they are loaded.
 */
struct object {
	char *asked;		/* without a slash in front */
	char *real;		/* the same, links followed */
	void *map;
	size_t len;
	struct elf elf;
	size_t loader;		/* number of the object that needed it first */
};

struct process {
	const struct tree *tree;
	struct object *object;
	size_t n;
	struct libpath libpath;
};

enum process_found {
	PROCESS_OK, PROCESS_ABSENT, PROCESS_OTHER /* no ELF of our kind */,
	PROCESS_ERROR
};

/* Loads the first object, or a library by its whole path. */
enum process_found process_load(struct process *, const char *path,
    size_t loader);
/*
 * Looks for a library as the loader does: one that is loaded already, then
 * RPATH, RUNPATH and the configured folders, then the usual ones.
 */
enum process_found process_find(struct process *, const char *name,
    size_t needer);
void process_free(struct process *);

#endif
