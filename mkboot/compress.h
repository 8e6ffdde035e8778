/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_COMPRESS_H
#define MKBOOT_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Compressed streams, in the forms that Linux decodes when it starts
 * (lib/decompress.c).  The same octets written give the same file, on any
 * number of processors: where threads cut the input, the places depend on
 * the kind alone.
 */
enum compress_kind {
	COMPRESS_NONE, COMPRESS_GZIP, COMPRESS_LZ4, COMPRESS_XZ, COMPRESS_ZSTD
};
#define COMPRESS_KINDS 5

struct compress;

/* "none", "gzip", "lz4", "xz" or "zstd"; false for another word. */
bool compress_kind_parse(const char *, enum compress_kind *);
const char *compress_kind_name(enum compress_kind);

/* To a descriptor, which stays the caller's.  NULL with errno. */
struct compress *compress_begin(int fd, enum compress_kind);
/* All of it, or -1 with errno; fit to be a cpio's sink. */
int compress_write(void *compress, const void *, size_t len);
/* Writes what is left, and frees; -1 with errno. */
int compress_end(struct compress *);

#endif
