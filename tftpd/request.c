/* SPDX-License-Identifier: ISC */
/* A read request: its file's name cleaned, its options negotiated. */
#include "tftpd/request.h"

#include <string.h>

/* The DHCP end option that old ROMs leave behind the boot file's name. */
#define ROM_END 0xff
#define FRAIL_BLKSIZE 1024

static bool
is_slash(char c)
{
	/* Windows' bootmgr and wdsnbp write \Boot\BCD. */
	return c == '/' || c == '\\';
}

static size_t
component(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && !is_slash(*p))
		p++;
	return (size_t)(p - start);
}

/*
 * Makes the name a relative path with single slashes: firmware and loaders
 * send "/x", "dir//x" (old shims) and "\x".  The result is never longer.
 */
static enum refusal
clean_name(char *file, const char *raw)
{
	const char *end = raw + strlen(raw);
	char *out = file;
	bool hidden = false;
	size_t len;

	*out = '\0';
	while (end > raw && (uint8_t)end[-1] == ROM_END)
		end--;
	for (; raw < end; raw += len) {
		if (is_slash(*raw)) {
			len = 1;
			continue;
		}
		len = component(raw, end);
		if (len == 1 && raw[0] == '.')
			continue;
		if (out > file)
			*out++ = '/';
		memcpy(out, raw, len);
		out[len] = '\0';
		if (strcmp(out, "..") == 0)
			return REFUSAL_LEADS_OUT;
		/* bootdir(7): a name with a dot in front is half a file. */
		if (*out == '.')
			hidden = true;
		out += len;
	}
	if (out == file)
		return REFUSAL_NO_NAME;
	return hidden ? REFUSAL_NOT_FOUND : REFUSAL_NONE;
}

/* An option that is malformed or out of range is as if it were not there. */
static void
take_options(struct request *request, const struct tftp_request *r)
{
	size_t i;

	for (i = 0; i < TFTP_NOPTIONS; i++) {
		if (!r->option[i].present || !r->option[i].valid)
			continue;
		request->option[i].asked = true;
		request->option[i].value = r->option[i].value;
		strlcpy(request->option[i].name, r->option[i].name,
		    sizeof(request->option[i].name));
	}
}

/*
 * Some loaders take a second copy of a block for the next one, and hang:
 * raspberrypi/firmware#1631.  Raspberry Pis ask for nothing (the ROM of a 3),
 * for tsize alone (its bootcode.bin), or for tsize and then for blocks of 1024
 * octets (4); GRUB, which bears copies, asks for blksize first.  Other simple
 * ROMs that ask for nothing are spared with them.
 */
static bool
is_frail(const struct tftp_request *r)
{
	if (r->option[TFTP_WINDOWSIZE].present)
		return false;
	if (!r->option[TFTP_BLKSIZE].present)
		return true;
	/* Both names point into the packet, so they tell which came first. */
	return r->option[TFTP_BLKSIZE].value <= FRAIL_BLKSIZE &&
	    r->option[TFTP_TSIZE].present &&
	    r->option[TFTP_TSIZE].name < r->option[TFTP_BLKSIZE].name;
}

enum refusal
request_parse(struct request *request, const void *packet, size_t len)
{
	struct tftp_request r;
	enum refusal name;
	bool sound;

	memset(request, 0, sizeof(*request));
	sound = tftp_parse_request(&r, packet, len);
	if (r.opcode != TFTP_RRQ && r.opcode != TFTP_WRQ)
		return REFUSAL_NOT_A_REQUEST;
	if (len > TFTP_REQUEST_MAX)
		return REFUSAL_TOO_LONG;
	if (!sound)
		return REFUSAL_MALFORMED;
	name = clean_name(request->file, r.file);
	take_options(request, &r);
	request->frail = is_frail(&r);
	if (r.opcode == TFTP_WRQ)
		return REFUSAL_WRITE;
	request->netascii = r.mode == TFTP_NETASCII;
	return r.mode == TFTP_OTHER_MODE ? REFUSAL_MODE : name;
}

bool
request_same(const struct request *a, const struct request *b)
{
	size_t i;

	for (i = 0; i < TFTP_NOPTIONS; i++)
		if (a->option[i].asked != b->option[i].asked ||
		    a->option[i].value != b->option[i].value)
			return false;
	return a->netascii == b->netascii && strcmp(a->file, b->file) == 0;
}

static uint64_t
at_most(uint64_t value, uint64_t max)
{
	return value < max ? value : max;
}

/*
 * RFC 7440 section 3: the server may lower it.  A window must fit a client's
 * receive buffer whole, or its end is lost each time.
 */
static uint32_t
agree_window(uint64_t asked, uint32_t blksize)
{
	uint64_t fits = REQUEST_WINDOW_OCTETS / blksize;

	return (uint32_t)at_most(at_most(asked, REQUEST_WINDOW_MAX), fits);
}

void
request_agree(const struct request *request, uint64_t size,
    uint32_t blksize_max, struct agreement *a)
{
	size_t i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < TFTP_NOPTIONS; i++)
		a->accepted[i] = request->option[i].asked;
	if (request->netascii)
		a->accepted[TFTP_TSIZE] = false;
	if (blksize_max < TFTP_BLKSIZE_MIN)
		a->accepted[TFTP_BLKSIZE] = false;
	for (i = 0; i < TFTP_NOPTIONS; i++)
		a->oack = a->oack || a->accepted[i];

	a->blksize = TFTP_BLKSIZE_DEFAULT;
	if (a->accepted[TFTP_BLKSIZE])
		a->blksize = (uint32_t)at_most(
		    request->option[TFTP_BLKSIZE].value,
		    at_most(blksize_max, TFTP_BLKSIZE_MAX));
	a->windowsize = 1;
	if (a->accepted[TFTP_WINDOWSIZE])
		a->windowsize = agree_window(
		    request->option[TFTP_WINDOWSIZE].value, a->blksize);
	a->timeout_s = (uint32_t)request->option[TFTP_TIMEOUT].value;
	a->frail = request->frail;
	a->tsize = size;
}

uint64_t
request_agreed(const struct agreement *a, enum tftp_option option)
{
	switch (option) {
	case TFTP_BLKSIZE:
		return a->blksize;
	case TFTP_TIMEOUT:
		return a->timeout_s;
	case TFTP_TSIZE:
		return a->tsize;
	case TFTP_WINDOWSIZE:
		return a->windowsize;
	default:
		return 0;
	}
}

void
request_put_oack(struct wire_out *w, const struct request *request,
    const struct agreement *a)
{
	size_t i;

	tftp_put_oack(w);
	for (i = 0; i < TFTP_NOPTIONS; i++)
		if (a->accepted[i])
			tftp_put_option(w, request->option[i].name,
			    request_agreed(a, (enum tftp_option)i));
}
