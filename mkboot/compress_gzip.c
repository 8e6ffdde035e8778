/* SPDX-License-Identifier: ISC */
/* gzip streams, through zlib. */
#include "mkboot/compress_kinds.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
/* zlib.h: then its input is const. */
#define ZLIB_CONST
#include <zlib.h>

#define LEVEL 6
#define GZIP_WINDOW (15 + 16)	/* zlib.h: 16 asks for a gzip header */
#define PIECE (64 * 1024)

struct gzip {
	z_stream stream;
	int fd;
	unsigned char out[PIECE];
};

static void *
gzip_begin(int fd, unsigned threads)
{
	struct gzip *z;

	(void)threads;
	if ((z = calloc(1, sizeof(*z))) == NULL)
		return NULL;
	z->fd = fd;
	/* With no header of ours, zlib writes one without name and time. */
	if (deflateInit2(&z->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW, 8,
	    Z_DEFAULT_STRATEGY) == Z_OK)
		return z;
	free(z);
	errno = ENOMEM;
	return NULL;
}

static int
pump(struct gzip *z, int how)
{
	int result;

	do {
		z->stream.next_out = z->out;
		z->stream.avail_out = PIECE;
		result = deflate(&z->stream, how);
		if (result == Z_STREAM_ERROR) {
			errno = EIO;
			return -1;
		}
		if (compress_out(z->fd, z->out,
		    PIECE - z->stream.avail_out) == -1)
			return -1;
	} while (how == Z_FINISH ? result != Z_STREAM_END :
	    z->stream.avail_in > 0);
	return 0;
}

static int
gzip_write(void *state, const void *data, size_t len)
{
	struct gzip *z = state;
	const unsigned char *next = data;
	unsigned n;

	while (len > 0) {
		n = len > UINT_MAX ? UINT_MAX : (unsigned)len;
		z->stream.next_in = next;
		z->stream.avail_in = n;
		if (pump(z, Z_NO_FLUSH) == -1)
			return -1;
		next += n;
		len -= n;
	}
	return 0;
}

static int
gzip_end(void *state)
{
	struct gzip *z = state;

	z->stream.avail_in = 0;
	return pump(z, Z_FINISH);
}

static void
gzip_free(void *state)
{
	struct gzip *z = state;

	(void)deflateEnd(&z->stream);
	free(z);
}

const struct compress_kind_calls compress_gzip = {
	gzip_begin, gzip_write, gzip_end, gzip_free
};
