/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_ORIGIN_H
#define NFSROOT_ORIGIN_H

#include <sys/stat.h>

#include <stdbool.h>

#include "common/mac.h"

/*
 * Where the files of an export come from: root/NAME of the boot directory for
 * "NAME"; for "machine/MAC", the view of a machine, the root of its image with
 * machine/MAC/files laid over it, or those of machine/default where there is
 * no machine/MAC.  Neither leads out of root/ and machine/.
 */
#define ORIGIN_NAME 256
#define ORIGIN_UPPER 64

struct origin {
	bool is_view;
	struct mac machine;	/* whose view it is */
	char lower[ORIGIN_NAME];	/* NAME of root/NAME */
	char upper[ORIGIN_UPPER];	/* "machine/MAC/files" */
	int lower_fd, upper_fd;	/* upper: -1 where nothing is laid over */
	struct statx lower_st, upper_st;
};

/* Is this the name of a view?  Not whether there is one. */
bool origin_is_view(const char *name, struct mac *);
/* Opens both.  -1 with errno: EXDEV when one leads out. */
int origin_open(int bootfd, const char *name, struct origin *);
void origin_close(const struct origin *);
/* Are they the same folders? */
bool origin_is_same(const struct origin *, const struct origin *);

#endif
