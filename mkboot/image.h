/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_IMAGE_H
#define MKBOOT_IMAGE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "mkboot/script.h"
#include "mkboot/source.h"
#include "mkboot/strings.h"

/* The parts of `mkboot image'; each ends the program where it must. */

/* What mkboot image add was asked for. */
struct image_order {
	int bootfd;
	const char *dir, *name;
	const char *root, *version, *cmdline;	/* NULL: not said */
	const char *bootstrap;		/* who makes a Debian */
	bool host;			/* this machine's kernel, and its
					 * modules into the tree */
	struct strings initrd;		/* words for mkboot initrd */
	struct strings source;		/* what it is to be made of */
	bool kind_given;
	enum script_kind kind;		/* by -w, or what the image is */
};

/* What came of it: written by a child, hence no pointers. */
struct image_made {
	enum script_kind kind;
	char cmdline[SCRIPT_CMDLINE_SIZE];	/* empty: none */
};

int image_add(int argc, char **argv);
int image_list(int argc, char **argv);
int image_rm(int argc, char **argv);
int image_check(int argc, char **argv);
int image_switch(int argc, char **argv);

/* Kernel and initrd of the tree at `root', into pub/image/FOLDER. */
void image_make(const struct image_order *, const char *root,
    const char *folder);
/* All files of a new revision, into what image_stage_begin() made. */
void image_content(const struct image_order *, struct image_made *);

/* "DIR/pub/image/.NAME.new" and "DIR/root/.NAME.new". */
void image_stage_files(const struct image_order *, char path[PATH_MAX]);
void image_stage_root(const struct image_order *, char path[PATH_MAX]);
/* Makes the first of them, empty; a descriptor that holds its lock. */
int image_stage_begin(const struct image_order *);
/* Takes both away, as far as they are there. */
void image_stage_remove(const struct image_order *);
/* Both become the next revision; its number. */
unsigned image_stage_settle(const struct image_order *);

/* Machines boot this revision from now on. */
void image_use(int bootfd, const char *name, unsigned revision);
/* Renders all machines. */
void image_render(int bootfd);
/* A tree below `dirfd', but nothing that is mounted in it.  -1 with errno. */
int image_remove_tree(int dirfd, const char *name);
/*
 * Says what is wrong with an image, a line each, and how many there were.
 * `loaders': also where an architecture's loader is missing.
 */
size_t image_faults(int bootfd, const char *name, bool loaders);
/* Its name, or the end. */
void image_check_name(const char *name);

#endif
