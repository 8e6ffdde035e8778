/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_ELF_H
#define MKBOOT_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What an ELF file says that it needs: read from its program headers, of any
 * class, byte order and machine, and not run.  Texts point into the file's
 * octets, and end in a NUL there.
 */
struct elf {
	const uint8_t *data;
	size_t len;
	bool wide, big;		/* 64 bits; most significant octet first */
	unsigned machine;	/* e_machine */
	const char *interpreter;	/* PT_INTERP; NULL: none */
	const char *soname;	/* the rest of DT_...; NULL: none */
	const char *rpath;
	const char *runpath;
	size_t segments, segment_at, segment_size;
	size_t dynamic_at, dynamics;	/* 0: not dynamic */
	size_t strings_at, strings_len;
};

enum elf_kind {
	ELF_OK,
	ELF_NONE,		/* another kind of file */
	ELF_BAD			/* cut short, or it contradicts itself */
};

enum elf_kind elf_parse(struct elf *, const uint8_t *, size_t len);
/* DT_NEEDED number i, from 0 on; NULL behind the last. */
const char *elf_needed(const struct elf *, size_t i);
/* Can one be loaded into the other's process? */
bool elf_alike(const struct elf *, const struct elf *);

/*
 * The descriptor of .note.dlopen number i (UAPI's "ELF Dlopen Metadata": name
 * "FDO", type 0x407c0c0a), a JSON text; NULL behind the last.
 */
const char *elf_dlopen_note(const struct elf *, size_t i, size_t *len);

#endif
