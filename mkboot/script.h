/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_SCRIPT_H
#define MKBOOT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The scripts that iPXE runs.  They keep to what its builds of 2019 know, and
 * name files relative to the script's own address: so they work over TFTP and
 * HTTP, on any port, and behind any server.
 */
/*
 * An image's and a machine's words together, with the NUL: the rest of the
 * 2048 octets that x86 and arm64 kernels take (COMMAND_LINE_SIZE) is ours.
 */
#define SCRIPT_CMDLINE_SIZE 1793
#define SCRIPT_SIZE 8192		/* room for any script, with its NUL */

/* How an image is booted: the file `kind' of an image, bootdir(7). */
enum script_kind {
	SCRIPT_NFS,	/* our initrd, the root tree read-only over NFSv3 */
	SCRIPT_RAM,	/* our initrd, a squashfs that it fetches */
	SCRIPT_ALPINE,	/* Alpine's own netboot files */
	SCRIPT_ANY	/* what somebody else made: enum script_start */
};

/* What is started of an image of the kind `any'. */
enum script_start {
	SCRIPT_KERNEL,		/* kernel, and initrd where there is one */
	SCRIPT_PROGRAM,		/* program.efi */
	SCRIPT_DISC,		/* image.iso */
	SCRIPT_PXEBOOT		/* pxeboot, OpenBSD's loader for a BIOS */
};

struct script_facts {
	const char *machine;		/* a MAC as in its folder's name, or
					 * "default" */
	const char *image;		/* an image's name */
	const char *files;		/* its folder in pub/image: the name,
					 * or NAME@REVISION */
	const char *root;		/* nfs: its export, likewise */
	const char *sha256;		/* ram: of its squashfs; empty: none */
	enum script_kind kind;
	enum script_start start;	/* any */
	bool has_initrd;		/* any */
	bool has_packages;		/* alpine: packages, in apks/ */
	bool has_apkovl;		/* alpine: an apkovl.tar.gz */
	const char *image_cmdline;	/* empty for none */
	const char *machine_cmdline;	/* follows the image's: the last wins */
	bool has_private;		/* there is a private.cpio */
	bool view;			/* nfs: the root is its view */
};

enum script_error {
	SCRIPT_OK,
	SCRIPT_CMDLINE_TOO_LONG,	/* SCRIPT_CMDLINE_SIZE, both together */
	SCRIPT_CMDLINE_CONTROL,		/* a control character */
	SCRIPT_CMDLINE_COMMENT,		/* a word that begins with '#' */
	SCRIPT_CMDLINE_OPERATOR,	/* the word "||", "&&" or ";" */
	SCRIPT_CMDLINE_BACKSLASH	/* it ends with a backslash */
};

/* "nfs", "ram", "alpine", "any"; false for a word that is no kind. */
bool script_kind_parse(const char *, enum script_kind *);
const char *script_kind_name(enum script_kind);

/*
 * Can iPXE hand this to a kernel unharmed?  It has no quoting: a few words
 * would be taken as its own syntax.  ${name} it replaces by its setting.
 */
enum script_error script_check_cmdline(const char *);
const char *script_error_words(enum script_error);

/* The first script, which finds the machine's own: the same for everybody. */
const char *script_first(void);
/* A machine's script, with a NUL that *len does not count. */
enum script_error script_machine(const struct script_facts *,
    char text[SCRIPT_SIZE], size_t *len);

#endif
