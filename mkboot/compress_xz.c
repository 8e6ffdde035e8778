/* SPDX-License-Identifier: ISC */
/* xz streams, through liblzma. */
#include "mkboot/compress_kinds.h"

#include <errno.h>
#include <lzma.h>
#include <stdlib.h>

#define PRESET 6
#define BLOCK (16 * 1024 * 1024)	/* what one thread does at a time */
#define PIECE (64 * 1024)

struct xz {
	lzma_stream stream;
	int fd;
	uint8_t out[PIECE];
};

static void *
xz_begin(int fd, unsigned threads)
{
	/* Linux, xz_dec_stream.c: of the checks, only CRC32 is known. */
	const lzma_mt options = {
		.threads = threads,
		.block_size = BLOCK,
		.preset = PRESET,
		.check = LZMA_CHECK_CRC32
	};
	struct xz *z;

	if ((z = calloc(1, sizeof(*z))) == NULL)
		return NULL;
	z->fd = fd;
	if (lzma_stream_encoder_mt(&z->stream, &options) == LZMA_OK)
		return z;
	free(z);
	errno = ENOMEM;
	return NULL;
}

static int
pump(struct xz *z, lzma_action how)
{
	lzma_ret result;

	do {
		z->stream.next_out = z->out;
		z->stream.avail_out = PIECE;
		result = lzma_code(&z->stream, how);
		if (result != LZMA_OK && result != LZMA_STREAM_END) {
			errno = result == LZMA_MEM_ERROR ? ENOMEM : EIO;
			return -1;
		}
		if (compress_out(z->fd, z->out,
		    PIECE - z->stream.avail_out) == -1)
			return -1;
	} while (how == LZMA_FINISH ? result != LZMA_STREAM_END :
	    z->stream.avail_in > 0);
	return 0;
}

static int
xz_write(void *state, const void *data, size_t len)
{
	struct xz *z = state;

	z->stream.next_in = data;
	z->stream.avail_in = len;
	return len == 0 ? 0 : pump(z, LZMA_RUN);
}

static int
xz_end(void *state)
{
	struct xz *z = state;

	z->stream.avail_in = 0;
	return pump(z, LZMA_FINISH);
}

static void
xz_free(void *state)
{
	struct xz *z = state;

	lzma_end(&z->stream);
	free(z);
}

const struct compress_kind_calls compress_xz = {
	xz_begin, xz_write, xz_end, xz_free
};
