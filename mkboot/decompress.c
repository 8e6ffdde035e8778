/* SPDX-License-Identifier: ISC */
/* Compressed files and memory, read through libarchive. */
#include "mkboot/decompress.h"

#include <sys/types.h>

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

#define CHUNK (256 * 1024)

static void
set_errno(struct archive *a)
{
	errno = archive_errno(a) > 0 ? archive_errno(a) : EIO;
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

/* A reader of one "raw" member: whatever is in it, decoded. */
static struct archive *
new_reader(void)
{
	struct archive *a;

	if ((a = archive_read_new()) == NULL) {
		errno = ENOMEM;
		return NULL;
	}
	if (archive_read_support_filter_gzip(a) == ARCHIVE_OK &&
	    archive_read_support_filter_xz(a) == ARCHIVE_OK &&
	    archive_read_support_filter_lz4(a) == ARCHIVE_OK &&
	    archive_read_support_filter_zstd(a) == ARCHIVE_OK &&
	    archive_read_support_format_empty(a) == ARCHIVE_OK &&
	    archive_read_support_format_raw(a) == ARCHIVE_OK)
		return a;
	set_errno(a);
	archive_read_free(a);
	return NULL;
}

/* What was opened (result says), to its end; frees the reader. */
static int
finish(struct archive *a, int result, size_t max, void **data, size_t *len)
{
	struct archive_entry *entry;
	char *found = NULL;

	*data = NULL;
	if (result == ARCHIVE_OK)
		result = archive_read_next_header(a, &entry);
	if (result == ARCHIVE_EOF) {
		/* "raw" knows no empty member. */
		*data = calloc(1, 1);
		result = *data == NULL ? -1 : 0;
	} else if (result != ARCHIVE_OK) {
		set_errno(a);
		result = -1;
	} else if ((result = read_all(a, max, &found, len)) == -1)
		free(found);
	else
		*data = found;
	archive_read_free(a);
	return result;
}

int
decompress_file(const char *path, size_t max, void **data, size_t *len)
{
	struct archive *a;

	*len = 0;
	if ((a = new_reader()) == NULL)
		return -1;
	return finish(a, archive_read_open_filename(a, path, CHUNK), max,
	    data, len);
}

int
decompress_memory(const void *from, size_t size, size_t max, void **data,
    size_t *len)
{
	struct archive *a;

	*len = 0;
	if ((a = new_reader()) == NULL)
		return -1;
	return finish(a, archive_read_open_memory(a, from, size), max, data,
	    len);
}
