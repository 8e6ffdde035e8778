/* SPDX-License-Identifier: ISC */
/* Texts that make one machine differ from another. */
#include "mkboot/init/names.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

bool
names_host(const char *text, char name[NAMES_HOST])
{
	size_t len, i;

	name[0] = '\0';
	text += strspn(text, " \t\r\n");
	len = strcspn(text, " \t\r\n");
	if (len == 0 || len >= NAMES_HOST || !isalnum((unsigned char)*text))
		return false;
	for (i = 0; i < len; i++)
		if ((text[i] & 0x80) != 0 || (text[i] != '-' &&
		    text[i] != '.' && !isalnum((unsigned char)text[i])))
			return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return true;
}

const char *
names_from_mac(const struct mac *mac, char name[NAMES_HOST])
{
	char text[MAC_TEXT];

	snprintf(name, NAMES_HOST, "pixie-%s", mac_format(mac, text));
	return name;
}

static bool
is_ours(const char *line)
{
	static const char address[] = "127.0.1.1";

	line += strspn(line, " \t");
	if (strncmp(line, address, sizeof(address) - 1) != 0)
		return false;
	line += sizeof(address) - 1;
	return *line == '\0' || isspace((unsigned char)*line);
}

size_t
names_hosts(const char *hosts, const char *name, const char *domain,
    char *out, size_t size)
{
	size_t line, used = 0;
	int n;

	for (; *hosts != '\0'; hosts += line) {
		line = strcspn(hosts, "\n");
		line += hosts[line] == '\n';
		if (is_ours(hosts))
			continue;
		if (line + 1 >= size - used)
			return 0;
		memcpy(out + used, hosts, line);
		used += line;
	}
	if (used > 0 && out[used - 1] != '\n')
		out[used++] = '\n';
	/* The whole name first, as hostname(1) -f takes the first. */
	if (domain[0] != '\0' && strchr(name, '.') == NULL)
		n = snprintf(out + used, size - used, "127.0.1.1\t%s.%s %s\n",
		    name, domain, name);
	else
		n = snprintf(out + used, size - used, "127.0.1.1\t%s\n", name);
	return n < 0 || (size_t)n >= size - used ? 0 : used + (size_t)n;
}

/* FNV-1a over 64 bits, from another start for each half. */
static uint64_t
hash(uint64_t h, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len-- > 0)
		h = (h ^ *p++) * UINT64_C(0x100000001b3);
	/* Its high bits lag behind: stir, as splitmix64 does. */
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}

const char *
names_machine_id(const struct mac *mac, char id[NAMES_ID])
{
	uint64_t high, low;

	high = hash(UINT64_C(0xcbf29ce484222325), mac->octet,
	    sizeof(mac->octet));
	low = hash(high, mac->octet, sizeof(mac->octet));
	/* The bits that make it a UUID of version 4, as machine-id(5) asks. */
	high = (high & ~UINT64_C(0xf000)) | UINT64_C(0x4000);
	low = (low & UINT64_C(0x3fffffffffffffff)) |
	    UINT64_C(0x8000000000000000);
	snprintf(id, NAMES_ID, "%016llx%016llx\n", (unsigned long long)high,
	    (unsigned long long)low);
	return id;
}
