/* SPDX-License-Identifier: ISC */
/* What an ELF file needs, from its program headers (System V gABI). */
#include "mkboot/elf.h"

#include <string.h>

enum {
	IDENT = 16, WIDE = 2, LITTLE = 1, BIG = 2,
	PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_NOTE = 4,
	DT_NULL = 0, DT_NEEDED = 1, DT_STRTAB = 5, DT_STRSZ = 10,
	DT_SONAME = 14, DT_RPATH = 15, DT_RUNPATH = 29,
	NOTE_HEADER = 12
};
#define NOTE_DLOPEN UINT32_C(0x407c0c0a)
/* More than any linker makes, so that a bad file costs no time. */
#define SEGMENTS_MAX 4096
#define DYNAMICS_MAX 65536

struct segment {
	uint64_t type, offset, address, size, align;
};

/* Are these octets in the file? */
static bool
inside(const struct elf *e, uint64_t at, uint64_t len)
{
	return at <= e->len && len <= e->len - at;
}

/* A number of so many octets, which the caller knows to be inside. */
static uint64_t
number(const struct elf *e, size_t at, size_t octets)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < octets; i++)
		value = value << 8 |
		    e->data[at + (e->big ? i : octets - 1 - i)];
	return value;
}

/* A number as wide as an address. */
static uint64_t
word(const struct elf *e, size_t at)
{
	return number(e, at, e->wide ? 8 : 4);
}

static void
read_segment(const struct elf *e, size_t i, struct segment *s)
{
	const size_t at = e->segment_at + i * e->segment_size;

	s->type = number(e, at, 4);
	s->offset = word(e, at + (e->wide ? 8 : 4));
	s->address = word(e, at + (e->wide ? 16 : 8));
	s->size = word(e, at + (e->wide ? 32 : 16));
	s->align = word(e, at + (e->wide ? 48 : 28));
}

static enum elf_kind
read_header(struct elf *e)
{
	if (e->len < IDENT || memcmp(e->data, "\177ELF", 4) != 0)
		return ELF_NONE;
	e->wide = e->data[4] == WIDE;
	e->big = e->data[5] == BIG;
	if ((e->data[4] != 1 && !e->wide) ||
	    (e->data[5] != LITTLE && !e->big) || !inside(e, 0,
	    e->wide ? 64 : 52))
		return ELF_BAD;
	e->machine = (unsigned)number(e, 18, 2);
	e->segment_at = (size_t)word(e, e->wide ? 32 : 28);
	e->segment_size = (size_t)number(e, e->wide ? 54 : 42, 2);
	e->segments = (size_t)number(e, e->wide ? 56 : 44, 2);
	if (e->segments > SEGMENTS_MAX ||
	    (e->segments > 0 && e->segment_size < (e->wide ? 56 : 32)) ||
	    !inside(e, e->segment_at, e->segments * e->segment_size))
		return ELF_BAD;
	return ELF_OK;
}

/* Where in the file an address of the loaded program is. */
static bool
offset_of(const struct elf *e, uint64_t address, uint64_t *offset)
{
	struct segment s;
	size_t i;

	for (i = 0; i < e->segments; i++) {
		read_segment(e, i, &s);
		if (s.type != PT_LOAD || address < s.address ||
		    address - s.address >= s.size)
			continue;
		*offset = s.offset + (address - s.address);
		return *offset >= s.offset;
	}
	return false;
}

/* A text that begins there and ends before `end'; NULL when it does not. */
static const char *
text_at(const struct elf *e, uint64_t at, uint64_t end)
{
	if (at >= end || !inside(e, at, end - at) ||
	    memchr(e->data + at, '\0', (size_t)(end - at)) == NULL)
		return NULL;
	return (const char *)e->data + at;
}

static uint64_t
dynamic(const struct elf *e, size_t i, uint64_t *tag)
{
	const size_t size = e->wide ? 8 : 4;
	const size_t at = e->dynamic_at + i * 2 * size;

	*tag = word(e, at);
	return word(e, at + size);
}

/* The end of the dynamic section, and its table of texts. */
static enum elf_kind
read_strings(struct elf *e)
{
	uint64_t tag, value, address = 0, len = 0, at = 0;
	size_t i;

	for (i = 0; i < e->dynamics; i++) {
		value = dynamic(e, i, &tag);
		if (tag == DT_NULL)
			break;
		if (tag == DT_STRTAB)
			address = value;
		else if (tag == DT_STRSZ)
			len = value;
	}
	e->dynamics = i;
	if (address == 0)
		return ELF_OK;
	if (!offset_of(e, address, &at) || !inside(e, at, len))
		return ELF_BAD;
	e->strings_at = (size_t)at;
	e->strings_len = (size_t)len;
	return ELF_OK;
}

/* A dynamic entry's value as a text of the table. */
static const char *
dynamic_text(const struct elf *e, uint64_t value)
{
	const uint64_t end = (uint64_t)e->strings_at + e->strings_len;

	if (value >= e->strings_len)
		return NULL;
	return text_at(e, e->strings_at + value, end);
}

static enum elf_kind
read_names(struct elf *e)
{
	const char **name;
	uint64_t tag, value;
	size_t i;

	for (i = 0; i < e->dynamics; i++) {
		value = dynamic(e, i, &tag);
		name = tag == DT_SONAME ? &e->soname :
		    tag == DT_RPATH ? &e->rpath :
		    tag == DT_RUNPATH ? &e->runpath : NULL;
		if (name == NULL && tag != DT_NEEDED)
			continue;
		if (dynamic_text(e, value) == NULL)
			return ELF_BAD;
		if (name != NULL)
			*name = dynamic_text(e, value);
	}
	return ELF_OK;
}

static enum elf_kind
read_segments(struct elf *e)
{
	struct segment s;
	size_t i;

	for (i = 0; i < e->segments; i++) {
		read_segment(e, i, &s);
		if (s.type != PT_DYNAMIC && s.type != PT_INTERP)
			continue;
		if (!inside(e, s.offset, s.size))
			return ELF_BAD;
		if (s.type == PT_DYNAMIC) {
			e->dynamic_at = (size_t)s.offset;
			e->dynamics = (size_t)s.size / (e->wide ? 16 : 8);
			continue;
		}
		e->interpreter = text_at(e, s.offset, s.offset + s.size);
		if (e->interpreter == NULL)
			return ELF_BAD;
	}
	return e->dynamics > DYNAMICS_MAX ? ELF_BAD : ELF_OK;
}

enum elf_kind
elf_parse(struct elf *e, const uint8_t *data, size_t len)
{
	enum elf_kind kind;

	memset(e, 0, sizeof(*e));
	e->data = data;
	e->len = len;
	if ((kind = read_header(e)) == ELF_OK &&
	    (kind = read_segments(e)) == ELF_OK &&
	    (kind = read_strings(e)) == ELF_OK)
		kind = read_names(e);
	return kind;
}

const char *
elf_needed(const struct elf *e, size_t i)
{
	uint64_t tag, value;
	size_t k;

	for (k = 0; k < e->dynamics; k++) {
		value = dynamic(e, k, &tag);
		if (tag == DT_NEEDED && i-- == 0)
			return dynamic_text(e, value);
	}
	return NULL;
}

bool
elf_alike(const struct elf *a, const struct elf *b)
{
	return a->wide == b->wide && a->big == b->big &&
	    a->machine == b->machine;
}

static uint64_t
padded(uint64_t len, uint64_t align)
{
	return (len + align - 1) & ~(align - 1);
}

/*
 * The next note from *at on that ends at `end' or before; *at moves behind
 * it.  Its descriptor's place and length, and whether it is one of ours.
 */
static bool
next_note(const struct elf *e, uint64_t *at, uint64_t end, uint64_t align,
    uint64_t *desc, uint64_t *len, bool *ours)
{
	uint64_t name;

	if (*at > end || end - *at < NOTE_HEADER)
		return false;
	name = number(e, (size_t)*at, 4);
	*len = number(e, (size_t)*at + 4, 4);
	*desc = *at + padded(NOTE_HEADER + name, align);
	if (*desc > end || *len > end - *desc)
		return false;
	*ours = number(e, (size_t)*at + 8, 4) == NOTE_DLOPEN && name == 4 &&
	    memcmp(e->data + *at + NOTE_HEADER, "FDO", 4) == 0;
	*at = *desc + padded(*len, align);
	return true;
}

const char *
elf_dlopen_note(const struct elf *e, size_t i, size_t *len)
{
	uint64_t at, end, align, desc, size;
	struct segment s;
	size_t k;
	bool ours;

	for (k = 0; k < e->segments; k++) {
		read_segment(e, k, &s);
		if (s.type != PT_NOTE || !inside(e, s.offset, s.size))
			continue;
		at = s.offset;
		end = s.offset + s.size;
		align = s.align == 8 ? 8 : 4;
		while (next_note(e, &at, end, align, &desc, &size, &ours))
			if (ours && i-- == 0) {
				*len = (size_t)size;
				return (const char *)e->data + desc;
			}
	}
	return NULL;
}
