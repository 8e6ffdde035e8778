/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_FIND_H
#define TFTPD_FIND_H

#include <stdint.h>

#include "common/bootdir.h"
#include "tftpd/refusal.h"

struct found {
	int fd;			/* -1: not opened */
	uint64_t size;		/* octets, when it was opened */
	char path[BOOTDIR_PATH_MAX];	/* below pub/ */
};

/*
 * Opens the file that a request names: machine/MAC/NAME, where the machine is
 * known (else `who' is NULL) and has one, before NAME itself.  `path' says
 * which one it was, also where the answer is a refusal.
 */
enum refusal find_file(int bootfd, const char *name, const struct mac *who,
    struct found *);

#endif
