/* SPDX-License-Identifier: ISC */
/* PXE 2.1 boot menus: from the names of links to option 43. */
#include "proxydhcpd/menu.h"

#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "proxydhcpd/pxe.h"

#define NUMBER_MAX 32766	/* 0xffff is the API test's type */
#define OF_ONE "Pixie"
#define OF_ONE_NAME "0-" OF_ONE
#define TIMEOUT 10		/* seconds, where no file says */
#define PROMPT "Press F8 for the menu"
#define VENDOR_MAX 254		/* octets of option 43 before its END */

static const char *const words[] = {
	[MENU_OK] = "ok",
	[MENU_BAD_NAME] = "a link's name is not NUMBER-TEXT",
	[MENU_BAD_TARGET] = "a link leads to no program, address or `local'",
	[MENU_TWICE] = "two links have the same number",
	[MENU_TOO_MANY] = "more than 16 entries",
	[MENU_EMPTY] = "no entry but the disk",
	[MENU_TOO_LARGE] = "its texts do not fit in 255 octets",
	[MENU_BAD_VALUE] = "a value that cannot be",
};

const char *
menu_fault_words(enum menu_fault fault)
{
	return words[fault];
}

void
menu_of_one(struct menu *m)
{
	memset(m, 0, sizeof(*m));
	m->n = 1;
	m->entry[0].type = PXE_TYPE_VENDOR;
	m->entry[0].ours = true;
	strlcpy(m->entry[0].name, OF_ONE_NAME, sizeof(m->entry[0].name));
	strlcpy(m->prompt, OF_ONE, sizeof(m->prompt));
}

void
menu_init(struct menu *m)
{
	memset(m, 0, sizeof(*m));
	m->timeout = TIMEOUT;
	strlcpy(m->prompt, PROMPT, sizeof(m->prompt));
}

/* "10-Install": the number, and the text behind the hyphen. */
static bool
read_name(struct menu_entry *e, const char *name)
{
	unsigned long number;
	char *end;

	if (*name < '0' || *name > '9')
		return false;
	number = strtoul(name, &end, 10);
	if (number > NUMBER_MAX || *end != '-' || end[1] == '\0' ||
	    strlcpy(e->name, name, sizeof(e->name)) >= sizeof(e->name))
		return false;
	e->number = (unsigned)number;
	return true;
}

/* "3@192.0.2.9,192.0.2.10": boot servers, and their type of this entry. */
static bool
read_servers(struct menu_entry *e, const char *target)
{
	char list[MENU_SERVERS_MAX * (INET_ADDRSTRLEN + 1)], *at = list;
	const char *host = strchr(target, '@');
	const char *part;
	unsigned long type;
	union address a;
	char *end;

	if (host != NULL) {
		type = strtoul(target, &end, 10);
		if (end != host || end == target || type == 0 ||
		    type >= UINT16_MAX)
			return false;
		e->type = (uint16_t)type;
	}
	if (strlcpy(list, host == NULL ? target : host + 1, sizeof(list)) >=
	    sizeof(list))
		return false;
	while ((part = strsep(&at, ",")) != NULL) {
		if (e->nservers == MENU_SERVERS_MAX ||
		    !address_parse(part, 0, &a) || a.sa.sa_family != AF_INET ||
		    ntohl(a.in.sin_addr.s_addr) >> 28 >= 14)
			return false;
		e->server[e->nservers++] = a.in.sin_addr;
	}
	return true;
}

static bool
looks_like_servers(const char *target)
{
	return strspn(target, "0123456789.,@") == strlen(target);
}

enum menu_fault
menu_add(struct menu *m, const char *name, const char *target)
{
	struct menu_entry e = { .ours = false };
	size_t at = m->n;

	if (!read_name(&e, name))
		return MENU_BAD_NAME;
	e.type = (uint16_t)(PXE_TYPE_VENDOR + e.number);
	if (strcmp(target, "local") == 0)
		e.type = PXE_TYPE_LOCAL;
	else if (!looks_like_servers(target))
		e.ours = true;
	else if (!read_servers(&e, target))
		return MENU_BAD_TARGET;
	if (m->n == MENU_ENTRIES_MAX)
		return MENU_TOO_MANY;
	while (at > 0 && m->entry[at - 1].number > e.number)
		at--;
	if (at > 0 && m->entry[at - 1].number == e.number)
		return MENU_TWICE;
	memmove(m->entry + at + 1, m->entry + at,
	    (m->n - at) * sizeof(m->entry[0]));
	m->entry[at] = e;
	m->n++;
	return MENU_OK;
}

enum menu_fault
menu_set_timeout(struct menu *m, const char *line)
{
	const char *why;
	long long seconds = strtonum(line, 0, MENU_WAIT, &why);

	if (why != NULL)
		return MENU_BAD_VALUE;
	m->timeout = (uint8_t)seconds;
	return MENU_OK;
}

/* A text of no length makes Intel's Base Code drop the offer. */
enum menu_fault
menu_set_prompt(struct menu *m, const char *line)
{
	if (*line == '\0' || strlen(line) > MENU_TEXT_MAX)
		return MENU_BAD_VALUE;
	strlcpy(m->prompt, line, sizeof(m->prompt));
	return MENU_OK;
}

enum menu_fault
menu_set_multicast(struct menu *m, const char *line)
{
	union address a;

	if (!address_parse(line, 0, &a) || a.sa.sa_family != AF_INET ||
	    !IN_MULTICAST(ntohl(a.in.sin_addr.s_addr)))
		return MENU_BAD_VALUE;
	m->multicast = a.in.sin_addr;
	return MENU_OK;
}

const char *
menu_text(const struct menu_entry *e)
{
	return strchr(e->name, '-') + 1;
}

const struct menu_entry *
menu_find(const struct menu *m, uint16_t type)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (m->entry[i].ours && m->entry[i].type == type)
			return &m->entry[i];
	return NULL;
}

/*
 * Bits and servers must agree: Intel's Base Code drops an offer that forbids
 * broadcast and multicast and lists no server (Pxe_bc_dhcp.c:
 * DHCPOfferAckEdit), so a menu of nothing but the disk is none.
 */
enum menu_fault
menu_check(const struct menu *m)
{
	uint8_t octets[VENDOR_MAX];
	struct wire_out w;
	size_t i, servers = 0;

	for (i = 0; i < m->n; i++)
		servers += m->entry[i].ours || m->entry[i].nservers > 0;
	if (servers == 0)
		return MENU_EMPTY;
	wire_out_init(&w, octets, sizeof(octets));
	menu_put(&w, m, (struct in_addr){ 0 });
	return w.bad ? MENU_TOO_LARGE : MENU_OK;
}

static uint8_t
discovery_control(const struct menu *m)
{
	unsigned bits = 0;

	if (!m->broadcast)
		bits |= PXE_NO_BROADCAST;
	if (m->multicast.s_addr == INADDR_ANY)
		bits |= PXE_NO_MULTICAST;
	if (m->listed)
		bits |= PXE_ONLY_LISTED;
	return (uint8_t)bits;
}

/* An option whose length is known when its end is. */
static size_t
begin(struct wire_out *w, uint8_t tag)
{
	wire_put_8(w, tag);
	wire_put_8(w, 0);
	return w->len;
}

static void
finish(struct wire_out *w, size_t start)
{
	if (w->bad)
		return;
	if (w->len - start > UINT8_MAX)
		w->bad = true;
	else
		w->start[start - 1] = (uint8_t)(w->len - start);
}

static void
put_servers(struct wire_out *w, const struct menu *m, struct in_addr self)
{
	const struct menu_entry *e;
	const size_t start = begin(w, PXE_BOOT_SERVERS);

	for (e = m->entry; e < m->entry + m->n; e++) {
		if (!e->ours && e->nservers == 0)
			continue;
		wire_put_n16(w, e->type);
		wire_put_8(w, e->ours ? 1 : (uint8_t)e->nservers);
		if (e->ours)
			wire_put_bytes(w, &self, sizeof(self));
		else
			wire_put_bytes(w, e->server,
			    e->nservers * sizeof(e->server[0]));
	}
	finish(w, start);
}

static void
put_entries(struct wire_out *w, const struct menu *m)
{
	const struct menu_entry *e;
	const size_t start = begin(w, PXE_BOOT_MENU);

	for (e = m->entry; e < m->entry + m->n; e++) {
		wire_put_n16(w, e->type);
		wire_put_8(w, (uint8_t)strlen(menu_text(e)));
		wire_put_bytes(w, menu_text(e), strlen(menu_text(e)));
	}
	finish(w, start);
}

void
menu_put(struct wire_out *w, const struct menu *m, struct in_addr self)
{
	size_t start;

	wire_put_8(w, PXE_DISCOVERY_CONTROL);
	wire_put_8(w, 1);
	wire_put_8(w, discovery_control(m));
	if (m->multicast.s_addr != INADDR_ANY) {
		wire_put_8(w, PXE_DISCOVERY_GROUP);
		wire_put_8(w, sizeof(m->multicast));
		wire_put_bytes(w, &m->multicast, sizeof(m->multicast));
	}
	put_servers(w, m, self);
	put_entries(w, m);
	start = begin(w, PXE_MENU_PROMPT);
	wire_put_8(w, m->timeout);
	wire_put_bytes(w, m->prompt, strlen(m->prompt));
	finish(w, start);
}
