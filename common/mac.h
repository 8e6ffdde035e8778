/* SPDX-License-Identifier: ISC */
#ifndef COMMON_MAC_H
#define COMMON_MAC_H

#include <stdbool.h>
#include <stdint.h>

#define MAC_TEXT 18	/* "52-54-00-12-34-56" and its NUL */

/* The hardware address that names a machine in the boot directory. */
struct mac {
	uint8_t octet[6];
};

/* Writes the one form that we use, 52-54-00-12-34-56; returns `text'. */
const char *mac_format(const struct mac *, char text[MAC_TEXT]);
/*
 * Reads six pairs of hex digits with '-' or ':' between, either case, and
 * nothing after.  False, and *mac untouched, for anything else.
 */
bool mac_parse(const char *text, struct mac *mac);

#endif
