/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_LOOKUP_H
#define HTTPBOOTD_LOOKUP_H

#include <stdbool.h>

#include "common/bootdir.h"
#include "httpbootd/answer.h"

/* A request's target and the file it names.  Not to be copied or moved. */
struct lookup {
	struct found found;	/* points to the names below */
	int fd;			/* the file, open; or -1 */
	bool is_public;		/* world-readable */
	char name[BOOTDIR_PATH_MAX];
	char real[BOOTDIR_PATH_MAX];
};

/* The target alone: no file is looked for yet. */
void lookup_target(struct lookup *, const char *target);
/* The same of a name that was decoded already. */
void lookup_name(struct lookup *, const char *name);
/*
 * Opens the file that the target names, for this machine (NULL: unknown).
 * Does nothing where the target was refused.  *st is set where one was found.
 */
void lookup_file(struct lookup *, int bootfd, const struct mac *who,
    struct stat *st);
void lookup_close(struct lookup *);

#endif
