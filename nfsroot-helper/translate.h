/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_TRANSLATE_H
#define NFSROOT_TRANSLATE_H

#include "nfsroot-helper/exports.h"
#include "common/nfsexport.h"

/*
 * Prints the configuration of another server for the exports of the boot
 * directory at the path `boot'; warns of those that it cannot name.  -1 with
 * errno: EINVAL for a path that cannot be said there.
 */
int translate(enum nfsexport, const char *boot, struct exports *);

#endif
