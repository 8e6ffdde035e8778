/* SPDX-License-Identifier: ISC */
/* What the boot directory can say of a machine: names and values. */
#include "proxydhcpd/boot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/address.h"

static const char *const names[POLICY_COUNT] = {
	"image", "next", "loader", "direct", "delay", "tftp", "http", "menu",
	"advertise",
};

const char *
policy_name(enum policy policy)
{
	size_t i = 0;

	while (i + 1 < POLICY_COUNT && ((unsigned)policy >> i & 1) == 0)
		i++;
	return names[i];
}

const char *
policy_path(const struct boot *b, enum policy policy,
    char path[POLICY_PATH_MAX])
{
	snprintf(path, POLICY_PATH_MAX, "%s/%s",
	    (b->own & policy) != 0 ? b->machine : "offer",
	    policy_name(policy));
	return path;
}

bool
policy_holds(const struct boot *b, enum policy policy)
{
	return ((b->own | b->site) & policy) != 0;
}

bool
policy_read_delay(struct boot *b, const char *line)
{
	const char *why;

	b->delay_s = (unsigned)strtonum(line, 0, BOOT_DELAY_MAX, &why);
	return why == NULL;
}

bool
policy_read_tftp(struct boot *b, const char *line)
{
	union address a;
	unsigned first;

	if (!address_parse(line, 0, &a) || a.sa.sa_family != AF_INET)
		return false;
	first = ntohl(a.in.sin_addr.s_addr) >> 24;
	if (first == 0 || first >= 224)
		return false;
	b->tftp = a.in.sin_addr;
	return true;
}

/* RFC 3986: what a URL may hold as it is, but for queries and fragments. */
static bool
is_url_text(const char *text)
{
	return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~/:[]@!$&'()*+,;=%")] ==
	    '\0';
}

bool
policy_read_http(struct boot *b, const char *line)
{
	const char *scheme = "", *host = line;
	int len;

	if (strncmp(line, "http://", 7) == 0)
		host = line + 7;
	else if (strncmp(line, "https://", 8) == 0)
		host = line + 8;
	else
		scheme = "http://";
	if (*host == '\0' || *host == '/' || *host == ':' || !is_url_text(host) ||
	    strstr(host, "://") != NULL)
		return false;
	len = snprintf(b->http, sizeof(b->http), "%s%s", scheme, line);
	if (len < 0 || (size_t)len >= sizeof(b->http)) {
		b->http[0] = '\0';
		return false;
	}
	while (len > 0 && b->http[len - 1] == '/')
		b->http[--len] = '\0';
	return true;
}
