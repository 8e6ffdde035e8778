/* SPDX-License-Identifier: ISC */
/* A reader of newc archives, fed piece by piece. */
#include "mkboot/newc.h"

#include <errno.h>
#include <string.h>

#define HEADER 110
#define MAGIC 6
#define TRAILER "TRAILER!!!"

void
newc_begin(struct newc *n, const struct newc_calls *calls, void *context)
{
	memset(n, 0, sizeof(*n));
	n->calls = calls;
	n->context = context;
}

bool
newc_complete(const struct newc *n)
{
	/* Padding at the very end may be missing. */
	return n->state == NEWC_BETWEEN ||
	    (n->state == NEWC_PAD && !n->padding_name);
}

static int
bad(void)
{
	errno = EINVAL;
	return -1;
}

/* Eight hex digits; sscanf would take signs and blanks too. */
static int
field(const struct newc *n, int number, uint32_t *value)
{
	const char *digits = n->header + MAGIC + 8 * number;
	int i, digit;

	*value = 0;
	for (i = 0; i < 8; i++) {
		if (digits[i] >= '0' && digits[i] <= '9')
			digit = digits[i] - '0';
		else if ((digits[i] | 0x20) >= 'a' && (digits[i] | 0x20) <= 'f')
			digit = (digits[i] | 0x20) - 'a' + 10;
		else
			return bad();
		*value = *value << 4 | (uint32_t)digit;
	}
	return 0;
}

static int
read_header(struct newc *n)
{
	struct newc_member *m = &n->member;

	if (memcmp(n->header, "070701", MAGIC) != 0 &&
	    memcmp(n->header, "070702", MAGIC) != 0)
		return bad();
	if (field(n, 1, &m->mode) == -1 || field(n, 2, &m->uid) == -1 ||
	    field(n, 3, &m->gid) == -1 || field(n, 5, &m->mtime) == -1 ||
	    field(n, 6, &m->size) == -1 || field(n, 9, &m->rmajor) == -1 ||
	    field(n, 10, &m->rminor) == -1 ||
	    field(n, 11, &n->name_size) == -1)
		return -1;
	if (n->name_size == 0 || n->name_size > NEWC_NAME_MAX)
		return bad();
	n->state = NEWC_NAME;
	n->have = 0;
	return 0;
}

static void
pad(struct newc *n, bool name)
{
	n->state = NEWC_PAD;
	n->padding_name = name;
	n->left = (4 - n->at % 4) % 4;
}

static bool
is_trailer(const struct newc *n)
{
	return strcmp(n->name, TRAILER) == 0;
}

static int
read_name(struct newc *n)
{
	if (memchr(n->name, '\0', n->name_size) == NULL)
		return bad();
	n->member.path = n->name;
	while (strncmp(n->member.path, "./", 2) == 0 || *n->member.path == '/')
		n->member.path += *n->member.path == '/' ? 1 : 2;
	if (!is_trailer(n) &&
	    n->calls->begin(n->context, &n->member) == -1)
		return -1;
	pad(n, true);
	return 0;
}

/* The last octet of something is there: what comes next? */
static int
step(struct newc *n)
{
	switch (n->state) {
	case NEWC_HEADER:
		return n->have < HEADER ? 0 : read_header(n);
	case NEWC_NAME:
		if (n->have < n->name_size)
			return 0;
		return read_name(n) == -1 ? -1 : step(n);
	case NEWC_PAD:
		if (n->left > 0)
			return 0;
		n->state = n->padding_name ? NEWC_DATA : NEWC_BETWEEN;
		n->left = n->padding_name ? n->member.size : 0;
		return n->padding_name ? step(n) : 0;
	case NEWC_DATA:
		if (n->left > 0)
			return 0;
		pad(n, false);
		if (!is_trailer(n) && n->calls->end(n->context) == -1)
			return -1;
		return step(n);
	case NEWC_BETWEEN:
		break;
	}
	return 0;
}

static size_t
least(uint64_t a, uint64_t b)
{
	return (size_t)(a < b ? a : b);
}

/* Octets into the header or the name. */
static size_t
fill(struct newc *n, char *to, size_t size, const char *from, size_t len)
{
	const size_t some = least(size - n->have, len);

	memcpy(to + n->have, from, some);
	n->have += some;
	return some;
}

/* As much as the present state takes; 0: this begins something else. */
static int64_t
take(struct newc *n, const char *from, size_t len)
{
	size_t some = least(n->left, len);

	switch (n->state) {
	case NEWC_BETWEEN:
		if (*from == '\0')
			return 1;
		if (*from != '0' || n->at % 4 != 0)
			return 0;
		n->state = NEWC_HEADER;
		n->have = 0;
		/* FALLTHROUGH */
	case NEWC_HEADER:
		return (int64_t)fill(n, n->header, HEADER, from, len);
	case NEWC_NAME:
		return (int64_t)fill(n, n->name, n->name_size, from, len);
	case NEWC_DATA:
		if (!is_trailer(n) && n->calls->data(n->context, from,
		    some) == -1)
			return -1;
		break;
	case NEWC_PAD:
		break;
	}
	n->left -= some;
	return (int64_t)some;
}

int64_t
newc_feed(struct newc *n, const void *data, size_t len)
{
	const char *from = data;
	size_t done = 0;
	int64_t some = 1;

	while (done < len && some > 0) {
		if ((some = take(n, from + done, len - done)) == -1)
			return -1;
		done += (size_t)some;
		n->at += (uint64_t)some;
		if (some > 0 && step(n) == -1)
			return -1;
	}
	return (int64_t)done;
}
