/* SPDX-License-Identifier: ISC */
/* The kernel's command line. */
#include "mkboot/init/cmdline.h"

#include <arpa/inet.h>

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PANIC_DEFAULT 60
#define PANIC_MAX 86400

/*
 * The next word, without its quotes, cut to fit; false at the end.  As in the
 * kernel's next_arg(), a quote may open anywhere in the word.
 */
static bool
next_word(const char **text, char *word, size_t size)
{
	const char *p = *text;
	bool quoted = false;
	size_t n = 0;

	while (isspace((unsigned char)*p))
		p++;
	if (*p == '\0')
		return false;
	for (; *p != '\0' && (quoted || !isspace((unsigned char)*p)); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (n + 1 < size)
			word[n++] = *p;
	}
	word[n] = '\0';
	*text = p;
	return true;
}

static void
problem(struct cmdline *c, const char *name, const char *value,
    const char *why)
{
	struct cmdline_problem *p;

	if (c->problems == CMDLINE_PROBLEMS)
		return;
	p = &c->problem[c->problems++];
	strlcpy(p->what, name, sizeof(p->what));
	strlcat(p->what, "=", sizeof(p->what));
	strlcat(p->what, value, sizeof(p->what));
	p->why = why;
}

static void
take_text(struct cmdline *c, const char *name, const char *value, char *to,
    size_t size)
{
	if (strlcpy(to, value, size) >= size) {
		to[0] = '\0';
		problem(c, name, value, "too long");
	}
}

/* PXELINUX and iPXE put the hardware type in front: 01-52-54-00-12-34-56. */
static void
take_bootif(struct cmdline *c, const char *value)
{
	const char *mac = value;

	if (strlen(value) == MAC_TEXT - 1 + 3)
		mac += 3;
	if (mac != value && (strncmp(value, "01", 2) != 0 ||
	    (value[2] != '-' && value[2] != ':')))
		problem(c, "BOOTIF", value, "not an Ethernet card's");
	else if (!mac_parse(mac, &c->bootif))
		problem(c, "BOOTIF", value, "not a hardware address");
	else
		c->have_bootif = true;
}

/* Cuts the next field off at a colon; an empty text beyond the last one. */
static char *
field(char **rest)
{
	char *found = *rest, *colon = strchr(found, ':');

	if (colon != NULL)
		*colon = '\0';
	*rest = colon != NULL ? colon + 1 : found + strlen(found);
	return found;
}

/* An empty field leaves 0.0.0.0. */
static bool
address(const char *text, struct in_addr *found)
{
	found->s_addr = INADDR_ANY;
	return *text == '\0' || inet_pton(AF_INET, text, found) == 1;
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

static bool
is_dhcp(const char *word)
{
	static const char *const name[] = {
		"", "any", "both", "bootp", "dhcp", "on"
	};
	size_t i;

	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
		if (strcmp(word, name[i]) == 0)
			return true;
	return false;
}

static bool
is_off(const char *word)
{
	return strcmp(word, "off") == 0 || strcmp(word, "none") == 0 ||
	    strcmp(word, "static") == 0;
}

/* What is wrong with the fields, or NULL. */
static const char *
ip_fields(struct ip_param *ip, char *rest)
{
	const char *mask, *how;

	if (!address(field(&rest), &ip->client) ||
	    !address(field(&rest), &ip->server) ||
	    !address(field(&rest), &ip->gateway))
		return "not an IPv4 address in one of the first three fields";
	mask = field(&rest);
	strlcpy(ip->hostname, field(&rest), sizeof(ip->hostname));
	if (strlcpy(ip->device, field(&rest), sizeof(ip->device)) >=
	    sizeof(ip->device))
		return "a device name of more than 15 letters";
	how = field(&rest);
	if (!address(field(&rest), &ip->dns[0]) ||
	    !address(field(&rest), &ip->dns[1]))
		return "not an IPv4 address for a name server";
	if (!is_dhcp(how) && !is_off(how))
		return "the seventh field is dhcp or off";
	if (ip->client.s_addr == INADDR_ANY)
		ip->how = is_dhcp(how) ? IP_DHCP : IP_OFF;
	else
		ip->how = IP_STATIC;
	if (ip->how == IP_STATIC && !netmask(mask, ip->client, &ip->netmask))
		return "not a netmask";
	return NULL;
}

static void
take_ip(struct cmdline *c, const char *value)
{
	struct ip_param ip = { .how = IP_DHCP };
	char copy[CMDLINE_VALUE];
	const char *why = NULL;

	if (strlcpy(copy, value, sizeof(copy)) >= sizeof(copy))
		why = "too long";
	else if (strchr(copy, '[') != NULL)
		why = "an IPv6 address is not taken here";
	else if (strchr(copy, ':') == NULL && is_off(copy))
		ip.how = IP_OFF;
	else if (!is_dhcp(copy))
		why = ip_fields(&ip, copy);
	if (why != NULL)
		problem(c, "ip", value, why);
	else
		c->ip = ip;
}

/* "tmpfs", "tmpfs:size=512m" or "none". */
static void
take_overlay(struct cmdline *c, const char *value)
{
	static const char with_size[] = "tmpfs:size=";
	const char *size = value + sizeof(with_size) - 1;

	if (strcmp(value, "none") == 0)
		c->overlay = false;
	else if (strcmp(value, "tmpfs") == 0)
		c->overlay = true;
	else if (strncmp(value, with_size, sizeof(with_size) - 1) != 0)
		problem(c, "overlay", value, "tmpfs, tmpfs:size=SIZE or none");
	else if (*size == '\0' ||
	    size[strspn(size, "0123456789kmgKMG%")] != '\0')
		problem(c, "overlay", value, "a size is 512m, 2g or 50%");
	else {
		c->overlay = true;
		take_text(c, "overlay", size, c->overlay_size,
		    sizeof(c->overlay_size));
	}
}

/*
 * Below 0 the kernel reboots at once, and at 0 never; as nobody may be there
 * to press a key, we never wait for ever.
 */
static void
take_panic(struct cmdline *c, const char *value)
{
	const char *error;
	long long s;

	s = strtonum(value, INT32_MIN, PANIC_MAX, &error);
	if (error != NULL)
		problem(c, "panic", value, "a number of seconds");
	else
		c->panic_s = s < 0 ? 0 : s == 0 ? PANIC_DEFAULT : (unsigned)s;
}

static void
take(struct cmdline *c, const char *name, const char *value)
{
	if (strcmp(name, "BOOTIF") == 0)
		take_bootif(c, value);
	else if (strcmp(name, "ip") == 0)
		take_ip(c, value);
	else if (strcmp(name, "root") == 0)
		take_text(c, name, value, c->root, sizeof(c->root));
	else if (strcmp(name, "nfsroot") == 0)
		take_text(c, name, value, c->nfsroot, sizeof(c->nfsroot));
	else if (strcmp(name, "overlay") == 0)
		take_overlay(c, value);
	else if (strcmp(name, "init") == 0)
		take_text(c, name, value, c->init, sizeof(c->init));
	else if (strcmp(name, "panic") == 0)
		take_panic(c, value);
}

void
cmdline_parse(struct cmdline *c, const char *text)
{
	char word[CMDLINE_MAX], *equals;

	memset(c, 0, sizeof(*c));
	c->overlay = true;
	c->panic_s = PANIC_DEFAULT;
	while (next_word(&text, word, sizeof(word)) &&
	    strcmp(word, "--") != 0) {
		if ((equals = strchr(word, '=')) == NULL)
			continue;
		*equals = '\0';
		take(c, word, equals + 1);
	}
}

/* What follows "module." in the word; NULL when it is another's. */
static const char *
parameter_of(const char *word, const char *module)
{
	for (; *module != '\0'; word++, module++)
		if (*word != *module &&
		    !(*module == '_' && *word == '-') &&
		    !(*module == '-' && *word == '_'))
			return NULL;
	return word[0] == '.' && word[1] != '\0' ? word + 1 : NULL;
}

/*
 * One parameter, behind a blank unless it is the first.  What has blanks in
 * its value gets back the quotes that next_word() took off.
 */
static void
add_parameter(const char *parameter, char *out, size_t size)
{
	const size_t len = strlen(out), name = strcspn(parameter, "= \t");
	const char *blank = len > 0 ? " " : "";
	int n;

	if (strpbrk(parameter, " \t\n") == NULL)
		n = snprintf(out + len, size - len, "%s%s", blank, parameter);
	else if (name > 0 && parameter[name] == '=')
		n = snprintf(out + len, size - len, "%s%.*s=\"%s\"", blank,
		    (int)name, parameter, parameter + name + 1);
	else
		return;
	if (n < 0 || (size_t)n >= size - len)
		out[len] = '\0';
}

const char *
cmdline_module(const char *text, const char *module, char *out, size_t size)
{
	char word[CMDLINE_MAX];
	const char *parameter;

	out[0] = '\0';
	while (next_word(&text, word, sizeof(word)) &&
	    strcmp(word, "--") != 0) {
		parameter = parameter_of(word, module);
		if (parameter != NULL)
			add_parameter(parameter, out, size);
	}
	return out;
}
