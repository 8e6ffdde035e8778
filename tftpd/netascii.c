/* SPDX-License-Identifier: ISC */
/* Text into netascii. */
#include "tftpd/netascii.h"

uint64_t
netascii_length(const uint8_t *text, size_t len)
{
	uint64_t n = len;
	size_t i;

	for (i = 0; i < len; i++)
		n += text[i] == '\n' || text[i] == '\r';
	return n;
}

void
netascii_convert(uint8_t *out, const uint8_t *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] == '\n')
			*out++ = '\r';
		*out++ = text[i];
		if (text[i] == '\r')
			*out++ = '\0';
	}
}
