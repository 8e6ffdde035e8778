/* SPDX-License-Identifier: ISC */
/* The kernel's command line. */
#include "mkboot/init/cmdline.h"

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

/* A value that another module reads; NULL is no complaint. */
static void
complain(struct cmdline *c, const char *name, const char *value,
    const char *why)
{
	if (why != NULL)
		problem(c, name, value, why);
}

/* 64 hexadecimal digits, in either case; kept in the lower one. */
static void
take_sum(struct cmdline *c, const char *value)
{
	size_t i;

	if (strlen(value) != sizeof(c->sha256) - 1 ||
	    value[strspn(value, "0123456789abcdefABCDEF")] != '\0') {
		/* Unchecked is not what was asked for: root.c ends there. */
		strlcpy(c->sha256, "?", sizeof(c->sha256));
		return;
	}
	for (i = 0; i < sizeof(c->sha256); i++)
		c->sha256[i] = (char)tolower((unsigned char)value[i]);
}

/* "server=10.0.0.1,[2001:db8::1]": where the root's server may be. */
static void
take_servers(struct cmdline *c, const char *value)
{
	const char *p = value;
	size_t len;

	c->servers = 0;
	for (; *p != '\0'; p += *p == ',') {
		if (c->servers == CMDLINE_SERVERS) {
			problem(c, "server", value, "more than eight");
			return;
		}
		len = url_host(p, &c->server[c->servers]);
		if (len == 0 || (p[len] != ',' && p[len] != '\0')) {
			problem(c, "server", value, "addresses with commas "
			    "between them; IPv6 ones in brackets");
			return;
		}
		c->servers++;
		p += len;
	}
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
		complain(c, name, value, ipparam_parse(&c->ip, value));
	else if (strcmp(name, "vlan") == 0)
		complain(c, name, value, virtual_vlan(&c->vlan, value));
	else if (strcmp(name, "bond") == 0)
		complain(c, name, value, virtual_bond(&c->bond, value));
	else if (strcmp(name, "server") == 0)
		take_servers(c, value);
	else if (strcmp(name, "sha256") == 0)
		take_sum(c, value);
	else if (strcmp(name, "report") == 0)
		take_text(c, name, value, c->report, sizeof(c->report));
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
		if (strcmp(word, "rescue") == 0)
			c->rescue = true;
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
