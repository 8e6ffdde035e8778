/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_PREPARE_H
#define MKBOOT_PREPARE_H

#include "mkboot/why.h"

/*
 * A system's files made fit for many machines without disks: what names one
 * machine goes, as it comes with the machine's own files; the root and the
 * card that booted are left alone.  Times of what is written are 1970's and
 * those of folders stay, so that the same tree is made the same.
 */
int prepare_system(int rootfd, struct why *);

#endif
