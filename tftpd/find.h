/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_FIND_H
#define TFTPD_FIND_H

#include <sys/stat.h>

#include <stdbool.h>

#include "common/bootdir.h"
#include "tftpd/refusal.h"

/* Asked for by OpenBSD's pxeboot; there is no such file, it is made. */
#define FIND_SEED "etc/random.seed"

struct found {
	int fd;			/* -1: not opened */
	struct stat st;		/* when it was */
	bool is_seed;		/* FIND_SEED: fresh octets, no file */
	char path[BOOTDIR_PATH_MAX];	/* below pub/ */
};

/*
 * Opens the file that a request names: machine/MAC/NAME, where the machine is
 * known (else `who' is NULL) and has one, before NAME itself.  With `any_case'
 * a name that is not there is looked for in other letters.  `path' says which
 * one it was, also where the answer is a refusal.
 */
enum refusal find_file(int bootfd, const char *name, const struct mac *who,
    bool any_case, struct found *);

#endif
