/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_COMPRESS_KINDS_H
#define MKBOOT_COMPRESS_KINDS_H

#include <stddef.h>

/* What compress.c asks of each kind; the state is the kind's own. */
struct compress_kind_calls {
	void *(*begin)(int fd, unsigned threads);	/* NULL with errno */
	int (*write)(void *state, const void *, size_t len);
	int (*end)(void *state);	/* of the stream; does not free */
	void (*free)(void *state);
};

extern const struct compress_kind_calls compress_gzip, compress_lz4,
    compress_xz, compress_zstd;

/* Writes it all to a descriptor, or -1 with errno. */
int compress_out(int fd, const void *, size_t len);

#endif
