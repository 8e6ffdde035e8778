/* SPDX-License-Identifier: ISC */
/* All that is read through libarchive: compressed files, tarballs, ISOs. */
#include "mkboot/decompress.h"
#include "mkboot/unpack.h"

#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (256 * 1024)
#define TAR_END 1024	/* zeros behind the last member, POSIX pax */

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

static int
say(struct archive *a, const char *path, struct why *why)
{
	const char *words = archive_error_string(a);

	errno = archive_errno(a);
	return why_not(why, "%s: %s", path, words != NULL ? words :
	    "cannot be read");
}

/* Its first member is next. */
static struct archive *
open_archive(const char *path, struct why *why)
{
	struct archive *a = archive_read_new();

	if (a == NULL) {
		(void)why_not(why, "%s: %s", path, strerror(ENOMEM));
		return NULL;
	}
	if (archive_read_support_filter_all(a) >= ARCHIVE_WARN &&
	    archive_read_support_format_tar(a) == ARCHIVE_OK &&
	    archive_read_support_format_iso9660(a) == ARCHIVE_OK &&
	    archive_read_open_filename(a, path, CHUNK) == ARCHIVE_OK)
		return a;
	(void)say(a, path, why);
	archive_read_free(a);
	return NULL;
}

/*
 * A tar that ends between two members looks whole to libarchive; its end has
 * zeros.
 */
static bool
is_cut(struct archive *a, const char *path)
{
	char end[TAR_END] = "";
	bool cut = false;
	struct stat st;
	size_t i;
	int fd;

	if ((archive_format(a) & ARCHIVE_FORMAT_BASE_MASK) !=
	    ARCHIVE_FORMAT_TAR || archive_filter_code(a, 0) !=
	    ARCHIVE_FILTER_NONE || (fd = open(path, O_RDONLY)) == -1)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_size <
	    TAR_END || pread(fd, end, sizeof(end), st.st_size - TAR_END) !=
	    TAR_END))
		cut = true;
	else if (S_ISREG(st.st_mode))
		for (i = 0; i < sizeof(end) && !cut; i++)
			cut = end[i] != '\0';
	close(fd);
	return cut;
}

/* 1: a member, by a name that leads nowhere else; 0: the end. */
static int
next_member(struct archive *a, const char *path, struct archive_entry **e,
    const char **name, struct why *why)
{
	int result;

	*name = "";
	do {
		result = archive_read_next_header(a, e);
		if (result == ARCHIVE_EOF && is_cut(a, path))
			return why_not(why, "%s: cut off: its end is missing",
			    path);
		if (result == ARCHIVE_EOF)
			return 0;
		if (result < ARCHIVE_WARN)
			return say(a, path, why);
		*name = archive_entry_pathname(*e);
		if (*name == NULL)
			return why_not(why, "%s: has a file without a name",
			    path);
		while (strncmp(*name, "./", 2) == 0 || **name == '/')
			*name += **name == '/' ? 1 : 2;
	} while (**name == '\0' || strcmp(*name, ".") == 0);
	return 1;
}

int
unpack_list(const char *path, struct strings *names, struct why *why)
{
	struct archive *a = open_archive(path, why);
	struct archive_entry *e;
	const char *name;
	int result;

	if (a == NULL)
		return -1;
	while ((result = next_member(a, path, &e, &name, why)) == 1) {
		if (archive_entry_filetype(e) != AE_IFREG &&
		    archive_entry_filetype(e) != AE_IFLNK &&
		    archive_entry_hardlink(e) == NULL)
			continue;
		if (strings_add(names, name) == -1) {
			result = why_not(why, "%s", strerror(errno));
			break;
		}
	}
	archive_read_free(a);
	strings_sort(names);
	return result;
}

static int
copy_data(struct archive *from, struct archive *to, const char *path,
    const struct unpack *u, uint64_t *done, struct why *why)
{
	const void *data;
	la_int64_t at;
	size_t len;
	int result;

	while ((result = archive_read_data_block(from, &data, &len, &at)) ==
	    ARCHIVE_OK) {
		if (archive_write_data_block(to, data, len, at) < ARCHIVE_OK)
			return say(to, path, why);
		*done += len;
		if (u->step != NULL)
			u->step(*done);
	}
	return result == ARCHIVE_EOF ? 0 : say(from, path, why);
}

static int
write_members(struct archive *from, struct archive *to, const char *path,
    const struct unpack *u, struct why *why)
{
	struct archive_entry *e;
	const char *name, *place;
	uint64_t done = 0;
	int result;

	while ((result = next_member(from, path, &e, &name, why)) == 1) {
		if ((place = u->place(u->context, name)) == NULL)
			continue;
		archive_entry_copy_pathname(e, place);
		if (!u->owners)
			archive_entry_set_perm(e, archive_entry_filetype(e) ==
			    AE_IFDIR ? 0755 : 0644);
		if (archive_write_header(to, e) < ARCHIVE_WARN)
			return say(to, place, why);
		if (copy_data(from, to, path, u, &done, why) == -1)
			return -1;
		if (archive_write_finish_entry(to) < ARCHIVE_WARN)
			return say(to, place, why);
	}
	return result;
}

static struct archive *
new_writer(const struct unpack *u)
{
	struct archive *a = archive_write_disk_new();
	int flags = ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
	    ARCHIVE_EXTRACT_SECURE_SYMLINKS |
	    ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS;

	/* By number: the names are another system's. */
	if (u->owners)
		flags |= ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM |
		    ARCHIVE_EXTRACT_ACL | ARCHIVE_EXTRACT_XATTR |
		    ARCHIVE_EXTRACT_FFLAGS;
	if (a != NULL)
		(void)archive_write_disk_set_options(a, flags);
	return a;
}

int
unpack_into(const char *path, int folder, const struct unpack *u,
    struct why *why)
{
	const int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct archive *from, *to = NULL;
	int result = -1;

	if (here == -1)
		return why_not(why, ".: %s", strerror(errno));
	if ((from = open_archive(path, why)) == NULL)
		goto out;
	/* libarchive writes below the current folder, and closes there. */
	if ((to = new_writer(u)) == NULL || fchdir(folder) == -1)
		(void)why_not(why, "%s: %s", path, strerror(errno));
	else
		result = write_members(from, to, path, u, why);
	if (to != NULL && archive_write_close(to) < ARCHIVE_WARN &&
	    result == 0)
		result = say(to, path, why);
	if (to != NULL)
		archive_write_free(to);
	archive_read_free(from);
	if (fchdir(here) == -1 && result == 0)
		result = why_not(why, ".: %s", strerror(errno));
out:
	close(here);
	return result;
}
