/* SPDX-License-Identifier: ISC */
/* What the boot's server is told: the request as octets. */
#include "mkboot/init/report.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WHY_MAX 1200		/* octets of an escaped reason */

/* A server alone: its usual port. */
static bool
is_server(const char *text, struct url *u)
{
	char whole[ADDRESS_TEXT + 32];

	return strpbrk(text, "/?") == NULL && snprintf(whole, sizeof(whole),
	    "http://%s/report", text) < (int)sizeof(whole) &&
	    url_parse(u, whole) == URL_OK;
}

bool
report_target(const char *text, struct url *u)
{
	const char *query = strrchr(text, '/');

	if (is_server(text, u))
		return u->server.sa.sa_family != AF_UNSPEC;
	if (url_parse(u, text) != URL_OK ||
	    u->server.sa.sa_family == AF_UNSPEC)
		return false;
	if (u->scheme == URL_TFTP) {
		u->scheme = URL_HTTP;
		u->port = 80;
	}
	if (query == NULL || strcmp(query, "/report") != 0)
		strlcpy(u->path, "/report", sizeof(u->path));
	return true;
}

/* RFC 3986 section 2: all but the unreserved letters; whole or not at all. */
static void
escape(const char *text, char *out, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 0;

	for (; *text != '\0' && n + 4 <= size; text++)
		if (((unsigned char)*text & 0x80) == 0 &&
		    (isalnum((unsigned char)*text) ||
		    strchr("-._~", *text) != NULL))
			out[n++] = *text;
		else {
			out[n++] = '%';
			out[n++] = hex[(unsigned char)*text >> 4];
			out[n++] = hex[*text & 0xf];
		}
	out[n] = '\0';
}

size_t
report_devices(const struct url *u, size_t len, char text[REPORT_REQUEST])
{
	char host[ADDRESS_TEXT + 16];

	return (size_t)snprintf(text, REPORT_REQUEST,
	    "POST %.256s?stage=hardware&state=ok HTTP/1.1\r\n"
	    "Host: %s\r\n"
	    "User-Agent: pixie-init\r\n"
	    "Content-Type: text/plain\r\n"
	    "Content-Length: %zu\r\n"
	    "Connection: close\r\n"
	    "\r\n", u->path, url_put_host(&u->server,
	    u->port == 80 ? 0 : u->port, host, sizeof(host)), len);
}

size_t
report_request(const struct url *u, const char *stage, const char *state,
    const char *why, char text[REPORT_REQUEST])
{
	char host[ADDRESS_TEXT + 16], escaped[WHY_MAX];
	int n;

	escape(why, escaped, sizeof(escaped));
	n = snprintf(text, REPORT_REQUEST, "GET %.256s?stage=%.32s&state=%.32s"
	    "%s%s HTTP/1.1\r\n"
	    "Host: %s\r\n"
	    "User-Agent: pixie-init\r\n"
	    "Connection: close\r\n"
	    "\r\n", u->path, stage, state, escaped[0] != '\0' ? "&why=" : "",
	    escaped, url_put_host(&u->server, u->port == 80 ? 0 : u->port,
	    host, sizeof(host)));
	return (size_t)n;
}
