/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_MENU_H
#define PROXYDHCPD_MENU_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * A boot menu of PXE 2.1: what a person chooses from, and which boot servers
 * have it.  Its folder in the boot directory has a link for each entry, named
 * NUMBER-TEXT; the number orders them, and the link leads to
 *
 *	a path			our own program, type 0x8000 + NUMBER
 *	[TYPE@]ADDRESS,...	the boot servers that have it
 *	local			the disk
 */
#define MENU_ENTRIES_MAX 16
#define MENU_TEXT_MAX 60	/* octets of an entry's name, or of the prompt */
#define MENU_SERVERS_MAX 4	/* of one entry */
#define MENU_WAIT 255		/* seconds: until somebody chooses */

struct menu_entry {
	unsigned number;
	uint16_t type;		/* 0: boot from the disk */
	bool ours;
	size_t nservers;	/* 0: ours, or the disk's */
	struct in_addr server[MENU_SERVERS_MAX];
	char name[MENU_TEXT_MAX + 1];	/* NUMBER-TEXT */
};

struct menu {
	size_t n;		/* 0: no menu */
	struct menu_entry entry[MENU_ENTRIES_MAX];	/* by number */
	uint8_t timeout;	/* seconds, then the first; 0: at once */
	char prompt[MENU_TEXT_MAX + 1];
	bool broadcast;		/* boot servers may be sought by broadcast */
	struct in_addr multicast;	/* and in this group, if not 0 */
	bool listed;		/* only those that are listed count */
};

enum menu_fault {
	MENU_OK,
	MENU_BAD_NAME,		/* not NUMBER-TEXT */
	MENU_BAD_TARGET,	/* looks like addresses, and is none */
	MENU_TWICE,		/* one number twice */
	MENU_TOO_MANY,
	MENU_EMPTY,		/* no entry at all, or none but the disk */
	MENU_TOO_LARGE,		/* for the 255 octets of option 43 */
	MENU_BAD_VALUE		/* of timeout, prompt or multicast */
};

const char *menu_fault_words(enum menu_fault);
/* The menu of a machine without one: a single entry, taken at once. */
void menu_of_one(struct menu *);
/* One without entries yet: 10 seconds, and what to press. */
void menu_init(struct menu *);
/* Puts a link's name and target in its place in the menu. */
enum menu_fault menu_add(struct menu *, const char *name, const char *target);
/* The values beside the links: one line each. */
enum menu_fault menu_set_timeout(struct menu *, const char *line);
enum menu_fault menu_set_prompt(struct menu *, const char *line);
enum menu_fault menu_set_multicast(struct menu *, const char *line);
/* Once all is there: is it a menu that PXE 2.1 calls valid? */
enum menu_fault menu_check(const struct menu *);
/* What a person reads of it. */
const char *menu_text(const struct menu_entry *);
/* The entry of ours with this type, or NULL. */
const struct menu_entry *menu_find(const struct menu *, uint16_t type);
/*
 * Its options of option 43, without the END; `self' has the entries of ours.
 */
void menu_put(struct wire_out *, const struct menu *, struct in_addr self);

#endif
