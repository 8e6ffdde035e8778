/* SPDX-License-Identifier: ISC */
/* Headers of a tar archive. */
#include "mkboot/tar.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Offsets and lengths of a ustar header's fields. */
enum {
	NAME = 0, NAME_LEN = 100, MODE = 100, UID = 108, GID = 116, SIZE = 124,
	SIZE_LEN = 12, MTIME = 136, CHECKSUM = 148, CHECKSUM_LEN = 8,
	TYPE = 156, LINK = 157, LINK_LEN = 100, MAGIC = 257, DEVMAJOR = 329,
	DEVMINOR = 337, NUMBER_LEN = 8
};

#define PATH_OCTETS 4096
/* GNU: the member that follows has this as its path, or as its target. */
#define TYPE_LONG_PATH 'L'
#define TYPE_LONG_TARGET 'K'

size_t
tar_padding(uint64_t size)
{
	return (size_t)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}

/* An octal number that fills its field but for a NUL. */
static bool
number(uint8_t *field, size_t len, uint64_t n)
{
	char text[32];

	if (snprintf(text, sizeof(text), "%0*llo", (int)len - 1,
	    (unsigned long long)n) != (int)len - 1)
		return false;
	memcpy(field, text, len);
	return true;
}

/* Over all octets, the field itself taken as blanks. */
static void
checksum(uint8_t block[TAR_BLOCK])
{
	unsigned sum = 0;
	size_t i;

	memset(block + CHECKSUM, ' ', CHECKSUM_LEN);
	for (i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	(void)snprintf((char *)block + CHECKSUM, CHECKSUM_LEN, "%06o", sum);
}

/* A field that need not end with a NUL, cut to fit. */
static void
field(uint8_t *at, size_t len, const char *text)
{
	size_t n = strlen(text);

	memcpy(at, text, n < len ? n : len);
}

static char
type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return '0';
	case S_IFLNK: return '2';
	case S_IFCHR: return '3';
	case S_IFBLK: return '4';
	case S_IFDIR: return '5';
	case S_IFIFO: return '6';
	default: return '\0';
	}
}

/* The version has no NUL behind it. */
static const uint8_t magic[] = { 'u', 's', 't', 'a', 'r', '\0', '0', '0' };

static bool
block(uint8_t at[TAR_BLOCK], const struct tar_member *m, char type)
{
	memset(at, 0, TAR_BLOCK);
	field(at + NAME, NAME_LEN, m->path);
	if (m->target != NULL)
		field(at + LINK, LINK_LEN, m->target);
	if (!number(at + MODE, NUMBER_LEN, m->mode & 07777) ||
	    !number(at + UID, NUMBER_LEN, m->uid) ||
	    !number(at + GID, NUMBER_LEN, m->gid) ||
	    !number(at + SIZE, SIZE_LEN, m->size) ||
	    !number(at + MTIME, SIZE_LEN, 0) ||
	    !number(at + DEVMAJOR, NUMBER_LEN, m->major) ||
	    !number(at + DEVMINOR, NUMBER_LEN, m->minor))
		return false;
	at[TYPE] = (uint8_t)type;
	memcpy(at + MAGIC, magic, sizeof(magic));
	checksum(at);
	return true;
}

/* A text too long for its field, as a member before; octets written. */
static size_t
long_text(uint8_t *at, const char *text, char type)
{
	const struct tar_member m = { .path = "././@LongLink",
	    .size = strlen(text) + 1 };
	size_t padding = tar_padding(m.size);

	(void)block(at, &m, type);
	memcpy(at + TAR_BLOCK, text, (size_t)m.size);
	memset(at + TAR_BLOCK + m.size, 0, padding);
	return TAR_BLOCK + (size_t)m.size + padding;
}

size_t
tar_header(const struct tar_member *m, uint8_t header[TAR_HEADER_MAX])
{
	struct tar_member this = *m;
	char path[PATH_OCTETS + 1];
	char type = type_of(m->mode);
	size_t len = 0;

	if (type == '\0' || strlen(m->path) >= PATH_OCTETS ||
	    (m->target != NULL && strlen(m->target) >= PATH_OCTETS))
		return 0;
	/* A folder's path ends with a slash: POSIX.1-1988 knew no type. */
	(void)snprintf(path, sizeof(path), "%s%s", m->path,
	    S_ISDIR(m->mode) ? "/" : "");
	this.path = path;
	if (!S_ISREG(m->mode))
		this.size = 0;
	if (m->target != NULL && strlen(m->target) > LINK_LEN)
		len += long_text(header, m->target, TYPE_LONG_TARGET);
	if (strlen(path) > NAME_LEN)
		len += long_text(header + len, path, TYPE_LONG_PATH);
	return block(header + len, &this, type) ? len + TAR_BLOCK : 0;
}
