/* SPDX-License-Identifier: ISC */
/* The parameter ip= of the kernel's command line. */
#include "mkboot/init/ipparam.h"

#include <arpa/inet.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_MAX 512

/* The words for how an address is got. */
static const struct {
	const char *word;
	enum ip_how how;
} words[] = {
	{ "", IP_DHCP }, { "any", IP_DHCP }, { "both", IP_DHCP },
	{ "bootp", IP_DHCP }, { "dhcp", IP_DHCP }, { "on", IP_DHCP },
	{ "single-dhcp", IP_DHCP },
	{ "auto6", IP_AUTO6 }, { "either6", IP_AUTO6 },
	{ "dhcp6", IP_DHCP6 },
	{ "off", IP_OFF }, { "none", IP_OFF }, { "static", IP_OFF }
};

static bool
is_how(const char *word, enum ip_how *how)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0) {
			*how = words[i].how;
			return true;
		}
	return false;
}

bool
ipparam_is_ip6(const struct ip_param *ip)
{
	return ip->how == IP_AUTO6 || ip->how == IP_DHCP6 ||
	    ip->how == IP_STATIC6;
}

/*
 * Cuts the next field off at a colon; an empty text beyond the last one.  The
 * colons in brackets are an IPv6 address's, which is given without them.
 */
static char *
field(char **rest)
{
	char *found = *rest, *end = NULL;

	if (*found == '[')
		end = strchr(found, ']');
	if (end != NULL) {
		*end++ = '\0';
		found++;
	} else
		end = found;
	end += strcspn(end, ":");
	*rest = *end == ':' ? end + 1 : end;
	*end = '\0';
	return found;
}

/* An empty field leaves 0.0.0.0. */
static bool
address(const char *text, struct in_addr *found)
{
	found->s_addr = INADDR_ANY;
	return *text == '\0' || inet_pton(AF_INET, text, found) == 1;
}

static bool
address6(const char *text, struct in6_addr *found)
{
	*found = in6addr_any;
	return *text == '\0' || inet_pton(AF_INET6, text, found) == 1;
}

/* 255.255.255.0 or 24; what is not said goes by the address's old class. */
static bool
netmask(const char *text, struct in_addr client, struct in_addr *mask)
{
	const uint32_t host = ntohl(client.s_addr);
	uint32_t bits, inverse;
	const char *error;

	if (*text == '\0')
		bits = IN_CLASSA(host) ? 8 : IN_CLASSB(host) ? 16 : 24;
	else if (strchr(text, '.') != NULL) {
		if (!address(text, mask))
			return false;
		/* Ones, then zeros: the inverse is one less than a power. */
		inverse = ~ntohl(mask->s_addr);
		return (inverse & (inverse + 1)) == 0;
	} else {
		bits = (uint32_t)strtonum(text, 1, 32, &error);
		if (error != NULL)
			return false;
	}
	mask->s_addr = htonl(UINT32_MAX << (32 - bits));
	return true;
}

static const char *
static6(struct ip_param *ip, const char *client, const char *gateway,
    const char *prefix)
{
	const char *error = NULL;

	if (!address6(client, &ip->client6) || !address6(gateway,
	    &ip->gateway6) || IN6_IS_ADDR_UNSPECIFIED(&ip->client6))
		return "not an IPv6 address in the first or third field";
	ip->prefix6 = *prefix == '\0' ? 64 :
	    (unsigned)strtonum(prefix, 1, 128, &error);
	ip->how = IP_STATIC6;
	return error == NULL ? NULL : "a prefix is a number from 1 to 128";
}

static const char *
static4(struct ip_param *ip, const char *mask)
{
	ip->how = IP_STATIC;
	return netmask(mask, ip->client, &ip->netmask) ? NULL :
	    "not a netmask";
}

static bool
take_device(struct ip_param *ip, const char *name)
{
	return strlcpy(ip->device, name, sizeof(ip->device)) <
	    sizeof(ip->device);
}

static const char *
fields(struct ip_param *ip, char *rest)
{
	const char *client = field(&rest), *server = field(&rest);
	const char *gateway = field(&rest), *mask = field(&rest);
	const bool six = strchr(client, ':') != NULL;

	if (!six && (!address(client, &ip->client) ||
	    !address(server, &ip->server) || !address(gateway, &ip->gateway)))
		return "not an IPv4 address in one of the first three fields";
	strlcpy(ip->hostname, field(&rest), sizeof(ip->hostname));
	if (!take_device(ip, field(&rest)))
		return "a device name of more than 15 letters";
	if (!is_how(field(&rest), &ip->how))
		return "the seventh field is dhcp, auto6, dhcp6 or off";
	if (!address(field(&rest), &ip->dns[0]) ||
	    !address(field(&rest), &ip->dns[1]))
		return "not an IPv4 address for a name server";
	if (six)
		return static6(ip, client, gateway, mask);
	return ip->client.s_addr == INADDR_ANY ? NULL : static4(ip, mask);
}

/* dracut's short form, "eth0:dhcp". */
static bool
is_short(struct ip_param *ip, char *value)
{
	char *colon = strchr(value, ':');

	if (colon == NULL || !is_how(colon + 1, &ip->how) ||
	    colon[1] == '\0')
		return false;
	*colon = '\0';
	return take_device(ip, value);
}

const char *
ipparam_parse(struct ip_param *ip, const char *value)
{
	struct ip_param new = { .how = IP_DHCP };
	char copy[VALUE_MAX];
	const char *why = NULL;

	if (strlcpy(copy, value, sizeof(copy)) >= sizeof(copy))
		return "too long";
	if (!is_how(copy, &new.how) && !is_short(&new, copy))
		why = fields(&new, copy);
	if (why == NULL)
		*ip = new;
	return why;
}
