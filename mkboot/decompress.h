/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_DECOMPRESS_H
#define MKBOOT_DECOMPRESS_H

#include <stddef.h>

/*
 * The whole of a file that may be compressed with gzip, xz, lz4, zstd or not
 * at all, in memory that is the caller's to free; -1 with errno, EFBIG for
 * more than `max' octets.
 */
int decompress_file(const char *path, size_t max, void **data, size_t *len);
/* The same of what is in memory already. */
int decompress_memory(const void *, size_t size, size_t max, void **data,
    size_t *len);

#endif
