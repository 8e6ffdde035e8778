/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_FACTS_H
#define MKBOOT_FACTS_H

#include <sys/types.h>

#include <stdbool.h>

#include "mkboot/name.h"
#include "mkboot/revision.h"
#include "mkboot/script.h"
#include "mkboot/strings.h"
#include "mkboot/why.h"

#define SHA256_SIZE 65

/* What machine/ and image/ say, bootdir(7). */
struct image_facts {
	char name[NAME_IMAGE_SIZE];
	char files[REVISION_SIZE];	/* its folder in pub/image */
	char root[REVISION_SIZE];	/* its export, below root/ */
	char sha256[SHA256_SIZE];	/* of rootfs.squashfs; empty: none */
	enum script_start start;	/* any */
	bool has_initrd, has_packages;
	enum script_kind kind;
	char cmdline[SCRIPT_CMDLINE_SIZE];
};

struct machine_facts {
	char name[NAME_MACHINE_SIZE];
	char image[NAME_IMAGE_SIZE];	/* empty: none */
	char next[NAME_IMAGE_SIZE];	/* to boot once; empty: none */
	bool once;			/* its secrets once a boot */
	bool view;			/* its root is its view */
	char hostname[NAME_HOST_SIZE];	/* empty: none */
	char cmdline[SCRIPT_CMDLINE_SIZE];
};

/* All names in a folder, sorted, without "." and "..". */
int facts_names(int folder, struct strings *);
/*
 * The same below the boot directory, without those that begin with a dot;
 * a folder that is missing has none.  -1 with errno.
 */
int facts_list(int bootfd, const char *folder, struct strings *);

/* -1: there is no such image, or what it says is no good. */
int facts_image(int bootfd, const char *name, struct image_facts *,
    struct why *);
/* -1: there is no such machine, or what it says is no good. */
int facts_machine(int bootfd, const char *name, struct machine_facts *,
    struct why *);

/* All that machine/ lists: MACs and "default", sorted.  -1 with errno. */
int facts_machines(int bootfd, struct strings *);

/* The image that it boots now; empty: leave it alone. */
const char *facts_boots(const struct machine_facts *);

/* The machine's folder: a descriptor, or -1 with errno. */
int facts_machine_folder(int bootfd, const char *name);

#endif
