/* SPDX-License-Identifier: ISC */
/* zstd streams, through libzstd. */
#include "mkboot/compress_kinds.h"

#include <errno.h>
#include <stdlib.h>
#include <zstd.h>

/*
 * Level 8 takes half a second on two processors for the network modules of a
 * distribution's kernel; 9 takes a third more for 1 % less.  Pieces of 4 MiB
 * keep two threads busy to the end, and cost 0.2 %.  A window of 8 MiB, which
 * every decoder has (RFC 8878 section 3.1.1.1.2), saves 1 % as drivers of the
 * same maker have much in common.
 */
#define LEVEL 8
#define WINDOW_LOG 23
#define PIECE (4 * 1024 * 1024)

struct zstd {
	ZSTD_CCtx *stream;
	int fd;
	char *out;
	size_t size;
};

static void
zstd_free(void *state)
{
	struct zstd *z = state;

	ZSTD_freeCCtx(z->stream);
	free(z->out);
	free(z);
}

static void *
zstd_begin(int fd, unsigned threads)
{
	struct zstd *z;

	if ((z = calloc(1, sizeof(*z))) == NULL)
		return NULL;
	z->fd = fd;
	z->size = ZSTD_CStreamOutSize();
	z->out = malloc(z->size);
	z->stream = ZSTD_createCCtx();
	/* At least one worker: without any, zstd writes other octets. */
	if (z->out != NULL && z->stream != NULL &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(z->stream,
	    ZSTD_c_compressionLevel, LEVEL)) &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(z->stream,
	    ZSTD_c_windowLog, WINDOW_LOG)) &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(z->stream, ZSTD_c_nbWorkers,
	    (int)threads)) &&
	    !ZSTD_isError(ZSTD_CCtx_setParameter(z->stream, ZSTD_c_jobSize,
	    PIECE)))
		return z;
	zstd_free(z);
	errno = ENOMEM;
	return NULL;
}

static int
pump(struct zstd *z, ZSTD_inBuffer *in, ZSTD_EndDirective how)
{
	ZSTD_outBuffer out;
	size_t left;

	do {
		out = (ZSTD_outBuffer){ z->out, z->size, 0 };
		left = ZSTD_compressStream2(z->stream, &out, in, how);
		if (ZSTD_isError(left)) {
			errno = EIO;
			return -1;
		}
		if (compress_out(z->fd, z->out, out.pos) == -1)
			return -1;
	} while (how == ZSTD_e_end ? left > 0 : in->pos < in->size);
	return 0;
}

static int
zstd_write(void *state, const void *data, size_t len)
{
	ZSTD_inBuffer in = { data, len, 0 };

	return pump(state, &in, ZSTD_e_continue);
}

static int
zstd_end(void *state)
{
	ZSTD_inBuffer in = { NULL, 0, 0 };

	return pump(state, &in, ZSTD_e_end);
}

const struct compress_kind_calls compress_zstd = {
	zstd_begin, zstd_write, zstd_end, zstd_free
};
