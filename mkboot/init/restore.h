/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_RESTORE_H
#define MKBOOT_INIT_RESTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Extended attributes as a text, in the form of getfattr(1) --dump -e hex: a
 * line "# file: PATH" (\ooo is an octet), then lines "NAME=0xHEX".
 */
#define RESTORE_PATH 4096
#define RESTORE_NAME 256	/* XATTR_NAME_MAX and a NUL */
#define RESTORE_VALUE 4096

struct restore {
	const char *text;	/* what is left of it */
	char path[RESTORE_PATH];
	char name[RESTORE_NAME];
	uint8_t value[RESTORE_VALUE];
	size_t len;
};

/*
 * The next attribute.  Lines that are no good are skipped, and with a path
 * that is none all lines behind it; false at the end.
 */
bool restore_next(struct restore *);

#endif
