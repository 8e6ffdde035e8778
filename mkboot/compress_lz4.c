/* SPDX-License-Identifier: ISC */
/* lz4 streams in the old form, the one that Linux decodes. */
#include "mkboot/compress_kinds.h"

#include <errno.h>
#include <lz4hc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEVEL 9
/* lz4_Frame_format.md, "Legacy frame": a magic number, then blocks. */
#define MAGIC UINT32_C(0x184c2102)
#define BLOCK (8 * 1024 * 1024)

struct lz4 {
	int fd;
	char *in, *out;
	size_t filled;
	int room;		/* of `out' */
};

static int
put_le32(int fd, uint32_t value)
{
	const uint8_t octets[4] = {
		(uint8_t)value, (uint8_t)(value >> 8),
		(uint8_t)(value >> 16), (uint8_t)(value >> 24)
	};

	return compress_out(fd, octets, sizeof(octets));
}

static void
lz4_free(void *state)
{
	struct lz4 *z = state;

	free(z->in);
	free(z->out);
	free(z);
}

static void *
lz4_begin(int fd, unsigned threads)
{
	struct lz4 *z;

	(void)threads;
	if ((z = calloc(1, sizeof(*z))) == NULL)
		return NULL;
	z->fd = fd;
	z->room = LZ4_compressBound(BLOCK);
	z->in = malloc(BLOCK);
	z->out = malloc((size_t)z->room);
	if (z->in != NULL && z->out != NULL && put_le32(fd, MAGIC) == 0)
		return z;
	lz4_free(z);
	return NULL;
}

static int
put_block(struct lz4 *z)
{
	int n;

	if (z->filled == 0)
		return 0;
	n = LZ4_compress_HC(z->in, z->out, (int)z->filled, z->room, LEVEL);
	if (n <= 0) {
		errno = ENOMEM;
		return -1;
	}
	z->filled = 0;
	if (put_le32(z->fd, (uint32_t)n) == -1)
		return -1;
	return compress_out(z->fd, z->out, (size_t)n);
}

static int
lz4_write(void *state, const void *data, size_t len)
{
	struct lz4 *z = state;
	const char *next = data;
	size_t n;

	while (len > 0) {
		n = BLOCK - z->filled < len ? BLOCK - z->filled : len;
		memcpy(z->in + z->filled, next, n);
		z->filled += n;
		next += n;
		len -= n;
		if (z->filled == BLOCK && put_block(z) == -1)
			return -1;
	}
	return 0;
}

static int
lz4_end(void *state)
{
	return put_block(state);
}

const struct compress_kind_calls compress_lz4 = {
	lz4_begin, lz4_write, lz4_end, lz4_free
};
