/* SPDX-License-Identifier: ISC */
/* Where a file is on the network: a URL, taken apart. */
#include "mkboot/init/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint16_t usual_port[] = { [URL_HTTP] = 80, [URL_TFTP] = 69 };

const char *
url_error_words(enum url_error error)
{
	static const char *const words[] = {
		[URL_OK] = "ok",
		[URL_NO_SCHEME] = "it is http://SERVER/PATH or "
		    "tftp://SERVER/PATH",
		[URL_BAD_SERVER] = "the server is no IPv4 address and no "
		    "[IPv6] one; names are not looked up here",
		[URL_BAD_PORT] = "a port is a number from 1 to 65535",
		[URL_BAD_PATH] = "a path begins with a slash, has no blank "
		    "and less than 1024 letters",
	};

	return words[error];
}

size_t
url_host(const char *text, union address *address)
{
	const bool bracket = *text == '[';
	const char *start = bracket ? text + 1 : text;
	const size_t len = strcspn(start, bracket ? "]" : ":/,");
	char host[ADDRESS_TEXT];

	if (len >= sizeof(host) || (bracket && start[len] != ']'))
		return 0;
	memcpy(host, start, len);
	host[len] = '\0';
	if (!address_parse(host, 0, address) ||
	    (address->sa.sa_family == AF_INET6) != bracket)
		return 0;
	return len + (bracket ? 2 : 0);
}

static enum url_error
take_port(struct url *u, const char **text)
{
	const size_t len = strcspn(*text, "/");
	const char *error;
	char digits[8];

	if (len == 0 || len >= sizeof(digits))
		return URL_BAD_PORT;
	memcpy(digits, *text, len);
	digits[len] = '\0';
	u->port = (uint16_t)strtonum(digits, 1, 65535, &error);
	*text += len;
	return error == NULL ? URL_OK : URL_BAD_PORT;
}

/* "SERVER:PORT" behind the slashes; with TFTP's other form "SERVER:". */
static enum url_error
take_server(struct url *u, const char **text, bool with_port)
{
	size_t len;

	if (**text == '/')
		return URL_OK;
	if ((len = url_host(*text, &u->server)) == 0)
		return URL_BAD_SERVER;
	*text += len;
	if (**text != ':')
		return URL_OK;
	(*text)++;
	return with_port ? take_port(u, text) : URL_OK;
}

enum url_error
url_parse(struct url *u, const char *text)
{
	enum url_error error;
	bool slashes;

	memset(u, 0, sizeof(*u));
	if (strncmp(text, "http://", 7) == 0)
		u->scheme = URL_HTTP;
	else if (strncmp(text, "tftp:", 5) == 0)
		u->scheme = URL_TFTP;
	else
		return URL_NO_SCHEME;
	u->port = usual_port[u->scheme];
	text += 5;
	slashes = text[0] == '/' && text[1] == '/';
	text += slashes ? 2 : 0;
	if ((error = take_server(u, &text, slashes)) != URL_OK)
		return error;
	if (*text != '/' || text[strcspn(text, " \t\r\n")] != '\0' ||
	    strlcpy(u->path, text, sizeof(u->path)) >= sizeof(u->path))
		return URL_BAD_PATH;
	return URL_OK;
}

const char *
url_put_host(const union address *a, unsigned port, char *text, size_t size)
{
	const bool bracket = a->sa.sa_family == AF_INET6;
	char host[ADDRESS_TEXT], digits[16] = "";

	address_format(&a->sa, host);
	if (port != 0)
		snprintf(digits, sizeof(digits), ":%u", port);
	snprintf(text, size, "%s%s%s%s", bracket ? "[" : "", host,
	    bracket ? "]" : "", digits);
	return text;
}

const char *
url_format(const struct url *u, const union address *server,
    char text[URL_TEXT])
{
	char host[ADDRESS_TEXT + 16];

	url_put_host(server, u->port == usual_port[u->scheme] ? 0 : u->port,
	    host, sizeof(host));
	snprintf(text, URL_TEXT, "%s://%s%s",
	    u->scheme == URL_HTTP ? "http" : "tftp", host, u->path);
	return text;
}
