/* SPDX-License-Identifier: ISC */
/* Compressed streams of whichever kind. */
#include "mkboot/compress.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/compress_kinds.h"

#define THREADS_MAX 16

struct compress {
	const struct compress_kind_calls *calls;	/* NULL: none */
	void *state;
	int fd;
};

static const struct {
	const char *name;
	const struct compress_kind_calls *calls;
} kinds[COMPRESS_KINDS] = {
	[COMPRESS_NONE] = { "none", NULL },
	[COMPRESS_GZIP] = { "gzip", &compress_gzip },
	[COMPRESS_LZ4] = { "lz4", &compress_lz4 },
	[COMPRESS_XZ] = { "xz", &compress_xz },
	[COMPRESS_ZSTD] = { "zstd", &compress_zstd }
};

bool
compress_kind_parse(const char *word, enum compress_kind *kind)
{
	size_t i;

	for (i = 0; i < COMPRESS_KINDS; i++)
		if (strcmp(word, kinds[i].name) == 0) {
			*kind = (enum compress_kind)i;
			return true;
		}
	return false;
}

const char *
compress_kind_name(enum compress_kind kind)
{
	return kinds[kind].name;
}

int
compress_out(int fd, const void *data, size_t len)
{
	const char *next = data;
	ssize_t n;

	while (len > 0) {
		n = write(fd, next, len);
		if (n == -1 && errno != EINTR)
			return -1;
		next += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static unsigned
processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}

struct compress *
compress_begin(int fd, enum compress_kind kind)
{
	struct compress *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->fd = fd;
	c->calls = kinds[kind].calls;
	if (c->calls != NULL &&
	    (c->state = c->calls->begin(fd, processors())) == NULL) {
		free(c);
		return NULL;
	}
	return c;
}

int
compress_write(void *compress, const void *data, size_t len)
{
	struct compress *c = compress;

	if (c->calls == NULL)
		return compress_out(c->fd, data, len);
	return c->calls->write(c->state, data, len);
}

int
compress_end(struct compress *c)
{
	int error, result = 0;

	if (c->calls != NULL) {
		result = c->calls->end(c->state);
		error = errno;
		c->calls->free(c->state);
		errno = error;
	}
	free(c);
	return result;
}
