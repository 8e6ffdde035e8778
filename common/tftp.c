/* SPDX-License-Identifier: ISC */
/* TFTP packets to and from host values. */
#include "common/tftp.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	uint64_t min, max;
} options[TFTP_NOPTIONS] = {
	[TFTP_BLKSIZE] = { "blksize", TFTP_BLKSIZE_MIN, 65535 },
	[TFTP_TIMEOUT] = { "timeout", 1, 255 },
	[TFTP_TSIZE] = { "tsize", 0, UINT64_MAX },
	[TFTP_WINDOWSIZE] = { "windowsize", 1, 65535 },
};

const char *
tftp_option_name(enum tftp_option option)
{
	return options[option].name;
}

static enum tftp_mode
parse_mode(const char *mode)
{
	if (strcasecmp(mode, "octet") == 0)
		return TFTP_OCTET;
	if (strcasecmp(mode, "netascii") == 0)
		return TFTP_NETASCII;
	return TFTP_OTHER_MODE;
}

/* Digits only: no sign, no blank, no overflow. */
static bool
parse_number(const char *text, uint64_t *value)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9' || v > (UINT64_MAX - 9) / 10)
			return false;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	*value = v;
	return true;
}

static void
parse_option(struct tftp_request *r, const char *name, const char *text)
{
	size_t i;

	for (i = 0; i < TFTP_NOPTIONS; i++)
		if (strcasecmp(name, options[i].name) == 0)
			break;
	if (i == TFTP_NOPTIONS || r->option[i].present)
		return;
	r->option[i].present = true;
	r->option[i].name = name;
	r->option[i].valid = parse_number(text, &r->option[i].value) &&
	    r->option[i].value >= options[i].min &&
	    r->option[i].value <= options[i].max;
}

bool
tftp_parse_request(struct tftp_request *r, const void *packet, size_t len)
{
	struct wire_in w;
	const char *mode, *name, *value;

	memset(r, 0, sizeof(*r));
	wire_in_init(&w, packet, len);
	r->opcode = wire_get_n16(&w);
	if (r->opcode != TFTP_RRQ && r->opcode != TFTP_WRQ)
		return false;
	r->file = wire_get_string(&w);
	mode = wire_get_string(&w);
	if (w.bad || *r->file == '\0')
		return false;
	r->mode = parse_mode(mode);
	for (;;) {
		name = wire_get_string(&w);
		value = wire_get_string(&w);
		if (w.bad)
			return true;
		parse_option(r, name, value);
	}
}

void
tftp_put_data(struct wire_out *w, uint16_t block, const void *data, size_t len)
{
	wire_put_n16(w, TFTP_DATA);
	wire_put_n16(w, block);
	wire_put_bytes(w, data, len);
}

void
tftp_put_ack(struct wire_out *w, uint16_t block)
{
	wire_put_n16(w, TFTP_ACK);
	wire_put_n16(w, block);
}

void
tftp_put_error(struct wire_out *w, enum tftp_error error, const char *words)
{
	wire_put_n16(w, TFTP_ERROR);
	wire_put_n16(w, (uint16_t)error);
	wire_put_string(w, words);
}

void
tftp_put_oack(struct wire_out *w)
{
	wire_put_n16(w, TFTP_OACK);
}

void
tftp_put_option(struct wire_out *w, const char *name, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%ju", (uintmax_t)value);
	wire_put_string(w, name);
	wire_put_string(w, text);
}
