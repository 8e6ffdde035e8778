/* SPDX-License-Identifier: ISC */
#ifndef COMMON_ADDRESS_H
#define COMMON_ADDRESS_H

#include <sys/socket.h>

#include <netinet/in.h>

#include <stdbool.h>

#define ADDRESS_TEXT 64		/* "2001:db8::1%name" and its NUL */

/* An IPv4 or IPv6 socket address. */
union address {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_storage storage;
};

/* The host alone; IPv4-mapped IPv6 is written as IPv4.  Returns `text'. */
const char *address_format(const struct sockaddr *, char text[ADDRESS_TEXT]);
/* The length that bind and sendto want. */
socklen_t address_length(const struct sockaddr *);
unsigned address_port(const struct sockaddr *);
/* Reads a numeric IPv4 or IPv6 address; false for anything else. */
bool address_parse(const char *text, unsigned port, union address *);
/* Same host and port? */
bool address_equal(const struct sockaddr *, const struct sockaddr *);

#endif
