/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_REQUEST_H
#define MKBOOT_REQUEST_H

#include <stdbool.h>

#include "mkboot/compress.h"
#include "mkboot/strings.h"

/* What the user asks of mkboot initrd. */
enum request_job { REQUEST_MAKE, REQUEST_DIFF, REQUEST_NEEDS };

struct request {
	enum request_job job;
	const char *root;
	const char *version;	/* NULL: choose */
	const char *output;	/* NULL: standard output */
	const char *bootdir;
	const char *feature_dir;
	const char *init;
	const char *machine;	/* NULL: any; a MAC, or a path of a list */
	bool kind_given;
	enum compress_kind kind;
	struct strings feature;
	struct strings module;
	struct strings binary;
	char *const *operand;	/* of REQUEST_DIFF and REQUEST_NEEDS */
	int operands;
};

/* Reads the flags, or ends the program with a line that helps. */
void request_read(struct request *, int argc, char **argv);
void request_free(struct request *);

#endif
