/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_TEMPLATE_H
#define MKBOOT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Text with values in it: @NAME@ becomes the value of NAME, which is upper
 * case letters, digits and `_', a letter first.  Anything else with an `@'
 * stands for itself, so that an address like root@host does no harm; what
 * would be taken for a name is written @AT@NAME@.
 */
#define TEMPLATE_NAME_SIZE 65		/* with its NUL */
#define TEMPLATE_VALUE_SIZE 4096	/* with its NUL */

/*
 * Who knows the values: writes the one of `name' to `value'.  False when
 * there is no such name.
 */
struct template_values {
	bool (*value)(void *context, const char *name,
	    char value[TEMPLATE_VALUE_SIZE]);
	void *context;
};

/* What came of it; free(3) text. */
struct template_text {
	char *text;		/* `len' octets */
	size_t len;
	char unknown[TEMPLATE_NAME_SIZE];	/* the name without a value */
	size_t line;				/* where, from 1 */
};

enum template_result {
	TEMPLATE_OK,
	TEMPLATE_UNKNOWN,	/* ->unknown, ->line */
	TEMPLATE_NO_MEMORY
};

/* Is this text, in which names are looked for?  What has a NUL is not. */
bool template_is_text(const char *, size_t len);

/* On failure text is NULL. */
enum template_result template_expand(const char *, size_t len,
    const struct template_values *, struct template_text *);

#endif
