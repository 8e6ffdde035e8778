/* SPDX-License-Identifier: ISC */
/* The client's side of a TFTP read. */
#include "mkboot/init/tftpget.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/tftp.h"

#define RETRY 1000		/* ms before the first repetition */
#define RETRY_MAX 4000

void
tftpget_begin(struct tftpget *g, const char *file, int64_t now)
{
	memset(g, 0, sizeof(*g));
	g->file = file;
	g->blksize = TFTP_BLKSIZE_DEFAULT;
	g->window = 1;
	g->total = UINT64_MAX;
	g->deadline = now;
}

static void
wait_anew(struct tftpget *g, int64_t now)
{
	const int64_t wait = RETRY * (INT64_C(1) << (g->silent < 2 ?
	    g->silent : 2));

	g->deadline = now + (wait < RETRY_MAX ? wait : RETRY_MAX);
}

static void
put_request(const struct tftpget *g, struct wire_out *out)
{
	wire_put_n16(out, TFTP_RRQ);
	wire_put_string(out, g->file);
	wire_put_string(out, "octet");
	tftp_put_option(out, "tsize", 0);
	tftp_put_option(out, "blksize", TFTPGET_BLKSIZE);
	tftp_put_option(out, "windowsize", TFTPGET_WINDOW);
}

static void
put_ack(struct tftpget *g, struct wire_out *out)
{
	tftp_put_ack(out, g->last);
	g->unacked = 0;
}

enum tftpget_action
tftpget_tick(struct tftpget *g, int64_t now, struct wire_out *out)
{
	if (now < g->deadline || g->done)
		return TFTPGET_NOTHING;
	wait_anew(g, now);
	g->silent++;
	g->gap_told = false;
	if (g->begun)
		put_ack(g, out);
	else
		put_request(g, out);
	return TFTPGET_SEND;
}

/* A value may only be as we asked or less; RFC 2348, 7440 section 3. */
static bool
take_option(struct tftpget *g, const char *name, const char *text)
{
	const char *error;
	long long value;

	value = strtonum(text, 0, INT64_MAX, &error);
	if (error != NULL)
		return false;
	if (strcasecmp(name, "tsize") == 0)
		g->total = (uint64_t)value;
	else if (strcasecmp(name, "blksize") == 0 &&
	    value >= TFTP_BLKSIZE_MIN && value <= TFTPGET_BLKSIZE)
		g->blksize = (unsigned)value;
	else if (strcasecmp(name, "windowsize") == 0 && value >= 1 &&
	    value <= TFTPGET_WINDOW)
		g->window = (unsigned)value;
	else
		return false;
	return true;
}

static enum tftpget_action
fail(struct tftpget *g, const char *why)
{
	strlcpy(g->why, why, sizeof(g->why));
	g->done = true;
	return TFTPGET_FAILED;
}

static enum tftpget_action
take_oack(struct tftpget *g, struct wire_in *in, int64_t now,
    struct wire_out *out)
{
	const char *name, *value;

	if (g->begun && g->last != 0)
		return TFTPGET_NOTHING;
	while (in->left > 0 && (name = wire_get_string(in)) != NULL &&
	    (value = wire_get_string(in)) != NULL)
		if (!take_option(g, name, value))
			return fail(g, "the server chose an option that we "
			    "did not offer");
	if (in->bad)
		return fail(g, "the server's options make no sense");
	g->begun = true;
	g->silent = 0;
	put_ack(g, out);
	wait_anew(g, now);
	return TFTPGET_SEND;
}

/* Out of order: one ACK of what we have, and the server goes back there. */
static enum tftpget_action
gap(struct tftpget *g, struct wire_out *out)
{
	if (g->gap_told)
		return TFTPGET_NOTHING;
	g->gap_told = true;
	put_ack(g, out);
	return TFTPGET_SEND;
}

static enum tftpget_action
take_data(struct tftpget *g, struct wire_in *in, int64_t now,
    struct wire_out *out, const uint8_t **data, size_t *len)
{
	const uint16_t block = wire_get_n16(in);

	if (in->bad || in->left > g->blksize)
		return TFTPGET_NOTHING;
	if (block != (uint16_t)(g->last + 1)) {
		/* A block from behind us is an old one come twice. */
		if (!g->begun || (uint16_t)(g->last - block) < 0x8000)
			return TFTPGET_NOTHING;
		return gap(g, out);
	}
	g->begun = true;
	g->gap_told = false;
	g->silent = 0;
	g->last = block;
	*len = in->left;
	*data = wire_get_span(in, *len);
	g->done = *len < g->blksize;
	if (++g->unacked >= g->window || g->done)
		put_ack(g, out);
	wait_anew(g, now);
	return g->done ? TFTPGET_END : TFTPGET_DATA;
}

static enum tftpget_action
take_error(struct tftpget *g, struct wire_in *in)
{
	char text[TFTPGET_WHY];
	const uint16_t code = wire_get_n16(in);
	const char *words = wire_get_string(in);
	char *p;

	snprintf(text, sizeof(text), "the server says error %u: %s", code,
	    words != NULL ? words : "");
	for (p = text; *p != '\0'; p++)
		if ((*p & 0x80) != 0 || iscntrl((unsigned char)*p))
			*p = '?';
	return fail(g, text);
}

enum tftpget_action
tftpget_input(struct tftpget *g, const void *packet, size_t size, int64_t now,
    struct wire_out *out, const uint8_t **data, size_t *len)
{
	struct wire_in in;

	*data = NULL;
	*len = 0;
	if (g->done)
		return TFTPGET_NOTHING;
	wire_in_init(&in, packet, size);
	switch (wire_get_n16(&in)) {
	case TFTP_OACK:
		return take_oack(g, &in, now, out);
	case TFTP_DATA:
		return take_data(g, &in, now, out, data, len);
	case TFTP_ERROR:
		return take_error(g, &in);
	default:
		return TFTPGET_NOTHING;
	}
}
