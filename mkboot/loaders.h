/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_LOADERS_H
#define MKBOOT_LOADERS_H

#include <stdbool.h>
#include <stddef.h>

#define LOADERS_FROM 5
#define LOADERS_WAYS 6

/* First programs: what they are called, and which firmware takes which. */
enum loader_kind {
	LOADER_IPXE,
	LOADER_SIGNED,		/* shim, and a GRUB that it trusts */
	LOADER_GRUB,		/* one that nobody signed */
	LOADER_PXELINUX
};

/* A file's name in pub/loader, and what it is called where it comes from. */
struct loader_file {
	const char *name;
	const char *from[LOADERS_FROM];	/* below a source; NULL: no more */
};

/* What the firmware of an architecture may be given, the better first. */
struct loader_choice {
	unsigned arch;			/* IANA's code, common/arch.h */
	struct {
		enum loader_kind kind;
		const char *name;	/* in pub/loader; NULL: no more */
		const char *second;	/* which it fetches; NULL: none */
	} way[LOADERS_WAYS];
	const char *bring;		/* what would bring it one */
};

/* Where distributions install them; NULL ends the list. */
const char *const *loaders_sources(void);
const struct loader_file *loaders_files(size_t *n);
const struct loader_choice *loaders_choices(size_t *n);

/* What a file of iPXE's build is called in pub/loader: "snponly-arm64.efi". */
const char *loaders_name(const char *target);

/* "ipxe", "signed", "grub", "pxelinux". */
bool loaders_kind_parse(const char *, enum loader_kind *);
/* "iPXE", "shim and GRUB, signed" ... */
const char *loaders_kind_title(enum loader_kind);
#endif
