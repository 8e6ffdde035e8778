/* SPDX-License-Identifier: ISC */
/* Hardware addresses to and from text. */
#include "common/mac.h"

#include <ctype.h>
#include <stddef.h>

const char *
mac_format(const struct mac *mac, char text[MAC_TEXT])
{
	static const char digit[] = "0123456789abcdef";
	char *p = text;
	size_t i;

	for (i = 0; i < sizeof(mac->octet); i++) {
		*p++ = digit[mac->octet[i] >> 4];
		*p++ = digit[mac->octet[i] & 15];
		*p++ = '-';
	}
	p[-1] = '\0';
	return text;
}

/* The value of a hex digit, or -1. */
static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return -1;
}

bool
mac_parse(const char *text, struct mac *mac)
{
	struct mac found;
	int high, low;
	size_t i;

	for (i = 0; i < sizeof(found.octet); i++, text += 2) {
		if (i > 0 && *text != '-' && *text != ':')
			return false;
		text += i > 0;
		if ((high = nibble(text[0])) < 0 || (low = nibble(text[1])) < 0)
			return false;
		found.octet[i] = (uint8_t)(high << 4 | low);
	}
	if (*text != '\0')
		return false;
	*mac = found;
	return true;
}
