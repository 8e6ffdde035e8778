/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_COMPRESS_H
#define MKBOOT_COMPRESS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Compressed streams, written and read.  The same octets written give the
 * same file, on any number of processors: zstd's threads cut the input at
 * places that depend on the level alone, and gzip gets no time.
 */
enum compress_kind { COMPRESS_NONE, COMPRESS_GZIP, COMPRESS_ZSTD };

struct compress;

/* "none", "gzip" or "zstd"; false for another word. */
bool compress_kind_parse(const char *, enum compress_kind *);

/* To a descriptor, which stays the caller's.  NULL with errno. */
struct compress *compress_begin(int fd, enum compress_kind);
/* All of it, or -1 with errno; fit to be a cpio's sink. */
int compress_write(void *compress, const void *, size_t len);
/* Writes what is left, and frees; -1 with errno. */
int compress_end(struct compress *);

/*
 * The whole of a file that may be compressed with gzip, xz, zstd or not at
 * all, in memory that is the caller's to free; -1 with errno, EFBIG for more
 * than `max' octets.
 */
int compress_read(const char *path, size_t max, void **data, size_t *len);

#endif
