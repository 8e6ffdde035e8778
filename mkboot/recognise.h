/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_RECOGNISE_H
#define MKBOOT_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mkboot/strings.h"

/* What somebody gives to be booted, by its names or its first octets. */

enum recognised {
	RECOGNISED_NOTHING,
	RECOGNISED_SEVERAL,	/* and which one is not said: `choice' */
	RECOGNISED_SYSTEM,	/* the files of a running system */
	RECOGNISED_OPENBSD_ROOT,	/* those of OpenBSD */
	RECOGNISED_INSTALLER,	/* Debian's, for the network */
	RECOGNISED_ALPINE,	/* Alpine's netboot files, or its ISO */
	RECOGNISED_OPENBSD,	/* pxeboot and bsd.rd */
	RECOGNISED_PAIR,	/* a kernel and its initrd */
	RECOGNISED_PROGRAM	/* one EFI program */
};

#define RECOGNISED_PARTS 4

struct recognition {
	enum recognised what;
	/* Which name becomes which file of the image; of `names'. */
	struct {
		const char *name;
		const char *file;
	} part[RECOGNISED_PARTS];
	size_t parts;
	const char *packages;	/* Alpine: "apks/.boot_repository" */
	char choice[256];	/* what there are, for a person */
};

/*
 * By the names of the files in a tree.  `flavour' (may be NULL) chooses among
 * several kernels: "lts" of vmlinuz-lts.
 */
void recognise_names(const struct strings *names, const char *flavour,
    struct recognition *);

enum recognised_file {
	FILE_OTHER,
	FILE_ISO,
	FILE_LINUX,		/* a kernel */
	FILE_MEMTEST,		/* Memtest86+, which starts like one */
	FILE_PROGRAM,		/* EFI */
	FILE_CPIO,		/* an initrd, not compressed */
	FILE_COMPRESSED,	/* an initrd or a tarball */
	FILE_SQUASHFS
};
/* So many octets of its beginning tell them all. */
#define RECOGNISE_HEAD (64 * 1024)
enum recognised_file recognise_file(const uint8_t *head, size_t len);

/*
 * How long an ISO says that it is (ECMA-119 8.4.8: volume space size), by
 * its first octets; 0 for what is none.
 */
uint64_t recognise_iso_size(const uint8_t *head, size_t len);

/* The branch in "alpine-netboot-3.20.3-x86_64.tar.gz": "v3.20"; else
 * "latest-stable". */
const char *recognise_alpine_branch(const char *name, char branch[16]);

#endif
