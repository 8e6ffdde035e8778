/* SPDX-License-Identifier: ISC */
/* A machine's files as Alpine's own initrd takes them. */
#include "mkboot/apkovl.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkboot/compress.h"
#include "mkboot/name.h"
#include "mkboot/tar.h"

#define PIECE (64 * 1024)
/* An archive ends with two blocks of zeros. */
#define END_OCTETS (2 * TAR_BLOCK)

static const uint8_t zeros[END_OCTETS];

static int
write_padding(struct compress *c, uint64_t size)
{
	return compress_write(c, zeros, tar_padding(size));
}

/* Just `size' octets, as the header said. */
static int
write_octets(struct compress *c, int fd, uint64_t size)
{
	char piece[PIECE];
	ssize_t n;

	while (size > 0) {
		n = read(fd, piece, size < PIECE ? (size_t)size : PIECE);
		if (n == 0)
			errno = EIO;	/* it shrank */
		if (n <= 0 || compress_write(c, piece, (size_t)n) == -1)
			return -1;
		size -= (uint64_t)n;
	}
	return 0;
}

static int
write_header(struct compress *c, const struct tar_member *m)
{
	uint8_t header[TAR_HEADER_MAX];
	size_t len = tar_header(m, header);

	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	return compress_write(c, header, len);
}

static int
write_file(struct compress *c, struct tar_member *m, const struct layers *l,
    const struct layers_entry *e)
{
	struct stat st;
	int fd, result = -1;

	if (e->text != NULL) {
		m->size = e->len;
		return write_header(c, m) == -1 ||
		    compress_write(c, e->text, e->len) == -1 ||
		    write_padding(c, e->len) == -1 ? -1 : 0;
	}
	if ((fd = layers_open(l, e)) == -1)
		return -1;
	if (fstat(fd, &st) == 0) {
		m->size = (uint64_t)st.st_size;
		result = write_header(c, m) == -1 ||
		    write_octets(c, fd, m->size) == -1 ||
		    write_padding(c, m->size) == -1 ? -1 : 0;
	}
	close(fd);
	return result;
}

static int
write_entry(struct compress *c, const struct layers *l,
    const struct layers_entry *e)
{
	struct tar_member m = {
		.path = e->path, .mode = e->mode, .uid = e->uid,
		.gid = e->gid, .major = major(e->device),
		.minor = minor(e->device)
	};

	if (S_ISREG(e->mode))
		return write_file(c, &m, l, e);
	if (S_ISLNK(e->mode))
		m.target = e->text;
	/* A socket means nothing without who listens: tar has none. */
	return S_ISSOCK(e->mode) ? 0 : write_header(c, &m);
}

/* A small file of our own. */
static int
write_own(struct compress *c, const struct layers *l, const char *path,
    const char *text)
{
	const struct tar_member m = { .path = path, .mode = S_IFREG | 0644,
	    .size = strlen(text) };
	size_t i;

	for (i = 0; i < l->n; i++)
		if (strcmp(l->at[i].path, path) == 0)
			return 0;
	return write_header(c, &m) == -1 ||
	    compress_write(c, text, strlen(text)) == -1 ||
	    write_padding(c, m.size) == -1 ? -1 : 0;
}

static int
write_all(struct compress *c, const struct layers *l, const char *hostname)
{
	char line[NAME_HOST_SIZE + 1];
	size_t i;

	for (i = 0; i < l->n; i++)
		if (write_entry(c, l, &l->at[i]) == -1)
			return -1;
	(void)snprintf(line, sizeof(line), "%s\n", hostname);
	if (*hostname != '\0' &&
	    write_own(c, l, "etc/hostname", line) == -1)
		return -1;
	if (write_own(c, l, "etc/.default_boot_services", "") == -1)
		return -1;
	return compress_write(c, zeros, END_OCTETS);
}

static int
copy(int fd, const struct overlay_sink *sink)
{
	char piece[PIECE];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		if (sink->write(sink->context, piece, (size_t)n) == -1)
			return -1;
		at += n;
	}
	return n == 0 ? 0 : -1;
}

int
apkovl_write(const struct overlay_sink *sink, const struct layers *l,
    const char *hostname, struct why *why)
{
	struct compress *c = NULL;
	int fd, result = -1;

	fd = memfd_create("apkovl", MFD_CLOEXEC);
	if (fd != -1)
		c = compress_begin(fd, COMPRESS_GZIP);
	if (c != NULL) {
		result = write_all(c, l, hostname);
		if (compress_end(c) == -1)
			result = -1;
	}
	if (result == 0)
		result = copy(fd, sink);
	if (result == -1)
		(void)why_not(why, "apkovl.tar.gz: %s", strerror(errno));
	if (fd != -1)
		close(fd);
	return result;
}
