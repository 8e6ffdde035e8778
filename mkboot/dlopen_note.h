/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_DLOPEN_NOTE_H
#define MKBOOT_DLOPEN_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/strings.h"

/*
 * One library that a program may load while it runs, UAPI's "ELF Dlopen
 * Metadata": any of the names will do, the first that is there.
 */
struct dlopen_need {
	bool required;		/* priority "required"; else it can do without */
	bool wanted;		/* not only "suggested" */
	struct strings soname;
};

/*
 * The next object of a note's JSON text; *at (0 to begin with) moves behind
 * it.  1: *need is set, its soname to be freed; 0: there is none; -1: this is
 * no such text (errno EINVAL), or there is no memory.
 */
int dlopen_note_next(const char *json, size_t len, size_t *at,
    struct dlopen_need *need);

#endif
