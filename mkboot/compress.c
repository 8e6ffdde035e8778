/* SPDX-License-Identifier: ISC */
/* Compressed streams, written and read through libarchive. */
#include "mkboot/compress.h"

#include <sys/stat.h>
#include <sys/types.h>

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)

/*
 * Level 9 is where zstd still takes about a second for the modules of a
 * whole distribution kernel, and its window is one that the kernel decodes.
 */
#define ZSTD_LEVEL "9"

struct compress {
	struct archive *archive;
	int fd;
};

static const char *const kind_name[] = {
	[COMPRESS_NONE] = "none", [COMPRESS_GZIP] = "gzip",
	[COMPRESS_ZSTD] = "zstd"
};

bool
compress_kind_parse(const char *word, enum compress_kind *kind)
{
	size_t i;

	for (i = 0; i < sizeof(kind_name) / sizeof(kind_name[0]); i++)
		if (strcmp(word, kind_name[i]) == 0) {
			*kind = (enum compress_kind)i;
			return true;
		}
	return false;
}

/* libarchive's callback: it comes again with what was not taken. */
static la_ssize_t
write_out(struct archive *a, void *context, const void *data, size_t len)
{
	const struct compress *c = context;
	ssize_t n;

	do
		n = write(c->fd, data, len);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		archive_set_error(a, errno, "write");
	return n;
}

static int
set_filter(struct archive *a, enum compress_kind kind)
{
	char threads[16];
	long n;

	switch (kind) {
	case COMPRESS_NONE:
		return archive_write_add_filter_none(a);
	case COMPRESS_GZIP:
		if (archive_write_add_filter_gzip(a) != ARCHIVE_OK)
			return ARCHIVE_FATAL;
		return archive_write_set_filter_option(a, "gzip", "timestamp",
		    NULL);
	case COMPRESS_ZSTD:
		break;
	}
	/* At least one worker: without any, zstd writes other octets. */
	n = sysconf(_SC_NPROCESSORS_ONLN);
	snprintf(threads, sizeof(threads), "%ld", n < 1 ? 1 : n > 16 ? 16 : n);
	if (archive_write_add_filter_zstd(a) != ARCHIVE_OK ||
	    archive_write_set_filter_option(a, "zstd", "compression-level",
	    ZSTD_LEVEL) != ARCHIVE_OK)
		return ARCHIVE_FATAL;
	return archive_write_set_filter_option(a, "zstd", "threads", threads);
}

/* "raw": one member, whose octets are all that is written. */
static int
begin_stream(struct compress *c, enum compress_kind kind)
{
	struct archive_entry *entry;
	int result;

	if (archive_write_set_format_raw(c->archive) != ARCHIVE_OK ||
	    set_filter(c->archive, kind) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(c->archive, 1) !=
	    ARCHIVE_OK ||
	    archive_write_open(c->archive, c, NULL, write_out, NULL) !=
	    ARCHIVE_OK)
		return -1;
	if ((entry = archive_entry_new()) == NULL)
		return -1;
	archive_entry_set_pathname(entry, "data");
	archive_entry_set_filetype(entry, AE_IFREG);
	result = archive_write_header(c->archive, entry);
	archive_entry_free(entry);
	return result == ARCHIVE_OK ? 0 : -1;
}

static void
set_errno(struct archive *a)
{
	errno = archive_errno(a) > 0 ? archive_errno(a) : EIO;
}

struct compress *
compress_begin(int fd, enum compress_kind kind)
{
	struct compress *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->fd = fd;
	if ((c->archive = archive_write_new()) == NULL) {
		free(c);
		errno = ENOMEM;
		return NULL;
	}
	if (begin_stream(c, kind) == -1) {
		set_errno(c->archive);
		archive_write_free(c->archive);
		free(c);
		return NULL;
	}
	return c;
}

int
compress_write(void *compress, const void *data, size_t len)
{
	struct compress *c = compress;

	if (archive_write_data(c->archive, data, len) == (la_ssize_t)len)
		return 0;
	set_errno(c->archive);
	return -1;
}

int
compress_end(struct compress *c)
{
	int result = 0;

	if (archive_write_close(c->archive) != ARCHIVE_OK) {
		set_errno(c->archive);
		result = -1;
	}
	archive_write_free(c->archive);
	free(c);
	return result;
}

static int
read_all(struct archive *a, size_t max, char **data, size_t *len)
{
	size_t size = 0;
	la_ssize_t n;
	char *grown;

	*len = 0;
	do {
		if (size - *len < CHUNK) {
			size = size == 0 ? 4 * CHUNK : 2 * size;
			if ((grown = realloc(*data, size)) == NULL)
				return -1;
			*data = grown;
		}
		n = archive_read_data(a, *data + *len, size - *len);
		if (n < 0) {
			set_errno(a);
			return -1;
		}
		*len += (size_t)n;
		if (*len > max) {
			errno = EFBIG;
			return -1;
		}
	} while (n > 0);
	return 0;
}

static struct archive *
open_to_read(const char *path)
{
	struct archive *a;
	struct archive_entry *entry;

	if ((a = archive_read_new()) == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	if (archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	    archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	    archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	    archive_read_support_format_raw(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, path, CHUNK) == ARCHIVE_OK &&
	    archive_read_next_header(a, &entry) == ARCHIVE_OK)
		return a;
	set_errno(a);
	archive_read_free(a);
	return NULL;
}

/* "raw" knows no empty file; there is nothing in it to decode either. */
static bool
is_empty(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

int
compress_read(const char *path, size_t max, void **data, size_t *len)
{
	struct archive *a;
	char *found = NULL;
	int result;

	*len = 0;
	if (is_empty(path)) {
		*data = calloc(1, 1);
		return *data == NULL ? -1 : 0;
	}
	if ((a = open_to_read(path)) == NULL)
		return -1;
	if ((result = read_all(a, max, &found, len)) == -1) {
		free(found);
		found = NULL;
	}
	archive_read_free(a);
	*data = found;
	return result;
}
