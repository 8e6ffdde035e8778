/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_VIRTUAL_H
#define MKBOOT_INIT_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>

/* Cards that are made of other cards, as dracut.cmdline(7) names them. */
#define VIRTUAL_NAME 16		/* a card's name and its NUL */
#define VIRTUAL_SLAVES 8
#define VIRTUAL_OPTIONS 256

/* vlan=NAME[:CARD]: NAME ends in the number, as in eth0.5, vlan0005, vlan5. */
struct vlan_param {
	char name[VIRTUAL_NAME];	/* empty: none */
	char card[VIRTUAL_NAME];	/* empty: BOOTIF's, or the first */
	unsigned id;			/* 1 to 4094 */
};

/* bond=NAME:CARD,CARD...[:OPTION=VALUE,...] */
struct bond_param {
	char name[VIRTUAL_NAME];	/* empty: none */
	char card[VIRTUAL_SLAVES][VIRTUAL_NAME];
	size_t cards;
	char options[VIRTUAL_OPTIONS];	/* "mode=active-backup,miimon=100" */
};

/* What is wrong with the value, or NULL. */
const char *virtual_vlan(struct vlan_param *, const char *value);
const char *virtual_bond(struct bond_param *, const char *value);

/*
 * The next of a bond's options: its name and value, as files below
 * /sys/class/net/NAME/bonding take them.  False behind the last.
 */
bool virtual_option(const char **options, char *name, char *value, size_t size);

#endif
