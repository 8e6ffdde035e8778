/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_URL_H
#define MKBOOT_INIT_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"

#define URL_PATH 1024		/* octets of a path, with its NUL */
#define URL_TEXT (URL_PATH + ADDRESS_TEXT + 32)

enum url_scheme { URL_HTTP, URL_TFTP };

/* Where a file is: on which server, under which name. */
struct url {
	enum url_scheme scheme;
	union address server;	/* family AF_UNSPEC: left to server= */
	uint16_t port;
	char path[URL_PATH];	/* begins with a slash */
};

enum url_error {
	URL_OK,
	URL_NO_SCHEME,		/* not http: or tftp: */
	URL_BAD_SERVER,
	URL_BAD_PORT,
	URL_BAD_PATH		/* none, too long, or with a blank in it */
};

/*
 * http://SERVER[:PORT]/PATH, tftp://SERVER[:PORT]/PATH, tftp:SERVER:/PATH,
 * and each without the server.  SERVER is an IPv4 address, or an IPv6 one in
 * brackets.
 */
enum url_error url_parse(struct url *, const char *text);
/* What is wrong, and what would be right. */
const char *url_error_words(enum url_error);
/* As a text again, with the server it is asked of.  Returns `text'. */
const char *url_format(const struct url *, const union address *server,
    char text[URL_TEXT]);

/*
 * "192.0.2.1" or "[2001:db8::1]" at the beginning of a text: how many octets
 * it takes, and 0 for anything else.
 */
size_t url_host(const char *text, union address *);
/* The same two, written; the port only where it is not 0. */
const char *url_put_host(const union address *, unsigned port, char *text,
    size_t size);

#endif
