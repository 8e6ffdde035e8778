/* SPDX-License-Identifier: ISC */
#ifndef HTTPBOOTD_DEVICES_H
#define HTTPBOOTD_DEVICES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The hardware that a machine reports, for seen/MAC/modalias: the body of a
 * report whose stage is `hardware', a modalias a line.
 */
#define DEVICES_STAGE "hardware"
#define DEVICES_BODY ((size_t)(32 * 1024))	/* octets; more is refused */

struct devices {
	size_t len;
	bool too_long;
	char text[DEVICES_BODY + 1];
};

/* Adds a part of the body as it comes. */
void devices_feed(struct devices *, const void *data, size_t len);

/*
 * The lines that can be modaliases: printable, without a blank, from a letter
 * on, at most 4095 octets, as sysfs shows them; the others are left out.
 * False when there is no such line, or the body was too long.
 */
bool devices_end(struct devices *);

#endif
