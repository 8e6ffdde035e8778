/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_LOOKUP_H
#define HTTPBOOTD_LOOKUP_H

#include "common/bootdir.h"
#include "httpbootd/answer.h"

/* A request's target and the file it names.  Not to be copied or moved. */
struct lookup {
	struct found found;	/* points to the names below */
	int fd;			/* the file, open; or -1 */
	char name[BOOTDIR_PATH_MAX];
	char real[BOOTDIR_PATH_MAX];
};

/* The target alone: no file is looked for yet. */
void lookup_target(struct lookup *, const char *target);
/*
 * Opens the file that the target names, for this machine (NULL: unknown).
 * Does nothing where the target was refused.
 */
void lookup_file(struct lookup *, int bootfd, const struct mac *who);
void lookup_close(struct lookup *);

#endif
