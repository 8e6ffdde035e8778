/* SPDX-License-Identifier: ISC */
/* IPv4 and IPv6 socket addresses to and from text. */
#include "common/address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <stdio.h>
#include <string.h>

static const struct sockaddr_in *
as_in(const struct sockaddr *sa)
{
	return (const struct sockaddr_in *)(const void *)sa;
}

static const struct sockaddr_in6 *
as_in6(const struct sockaddr *sa)
{
	return (const struct sockaddr_in6 *)(const void *)sa;
}

static void
format_in6(const struct sockaddr_in6 *in6, char *text)
{
	char name[IF_NAMESIZE];
	size_t len;

	if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
		inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, text,
		    ADDRESS_TEXT);
		return;
	}
	inet_ntop(AF_INET6, &in6->sin6_addr, text, ADDRESS_TEXT);
	if (in6->sin6_scope_id == 0)
		return;
	len = strlen(text);
	if (if_indextoname(in6->sin6_scope_id, name) != NULL)
		snprintf(text + len, ADDRESS_TEXT - len, "%%%s", name);
	else
		snprintf(text + len, ADDRESS_TEXT - len, "%%%u",
		    in6->sin6_scope_id);
}

const char *
address_format(const struct sockaddr *sa, char text[ADDRESS_TEXT])
{
	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &as_in(sa)->sin_addr, text, ADDRESS_TEXT);
	else if (sa->sa_family == AF_INET6)
		format_in6(as_in6(sa), text);
	else
		snprintf(text, ADDRESS_TEXT, "unknown");
	return text;
}

socklen_t
address_length(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
	    sizeof(struct sockaddr_in);
}

unsigned
address_port(const struct sockaddr *sa)
{
	return ntohs(sa->sa_family == AF_INET6 ? as_in6(sa)->sin6_port :
	    as_in(sa)->sin_port);
}

/* "fe80::1%eth0": inet_pton knows no zones. */
static bool
parse_in6(const char *text, struct sockaddr_in6 *in6)
{
	char host[ADDRESS_TEXT];
	const char *zone = strchr(text, '%');
	size_t len = zone == NULL ? strlen(text) : (size_t)(zone - text);

	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(AF_INET6, host, &in6->sin6_addr) != 1)
		return false;
	if (zone != NULL)
		in6->sin6_scope_id = if_nametoindex(zone + 1);
	return zone == NULL || in6->sin6_scope_id != 0;
}

bool
address_parse(const char *text, unsigned port, union address *address)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &address->in.sin_addr) == 1) {
		address->in.sin_family = AF_INET;
		address->in.sin_port = htons((uint16_t)port);
		return true;
	}
	if (parse_in6(text, &address->in6)) {
		address->in6.sin6_family = AF_INET6;
		address->in6.sin6_port = htons((uint16_t)port);
		return true;
	}
	return false;
}

bool
address_equal(const struct sockaddr *a, const struct sockaddr *b)
{
	if (a->sa_family != b->sa_family || address_port(a) != address_port(b))
		return false;
	if (a->sa_family == AF_INET)
		return as_in(a)->sin_addr.s_addr == as_in(b)->sin_addr.s_addr;
	return a->sa_family == AF_INET6 &&
	    as_in6(a)->sin6_scope_id == as_in6(b)->sin6_scope_id &&
	    IN6_ARE_ADDR_EQUAL(&as_in6(a)->sin6_addr, &as_in6(b)->sin6_addr);
}
