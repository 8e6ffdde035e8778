/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_ENROL_H
#define MKBOOT_ENROL_H

#include <stdbool.h>

#include "mkboot/why.h"

/*
 * Strangers become machines.  One that the daemons have seen and that nobody
 * has listed gets a machine/MAC, if
 *
 *	machine/UUID or machine/SERIAL	is its own, by seen/MAC/uuid or
 *				serial: then it is that machine's new card;
 *	machine/default/enrol	is there: as many as its first line says, or
 *				ENROL_LIMIT; and
 *	machine/default/enrol.hook	is not there, or ends with 0 when it is
 *				run with the MAC.
 *
 * It has what machine/default has, by links, a number and a host name.
 */
#define ENROL_LIMIT 1000

enum enrol_result {
	ENROL_KNOWN,		/* it is listed already */
	ENROL_OFF,		/* strangers are not enrolled here */
	ENROL_DONE,
	ENROL_SAME,		/* done: a listed machine's other card */
	ENROL_REFUSED,		/* `why' says */
	ENROL_FAILED		/* `why' says */
};

/* mac: as the boot directory spells it.  The render lock must be held. */
enum enrol_result enrol_machine(int bootfd, const char *mac, struct why *);

/*
 * All that seen/ has.  What was done, or refused, goes to the log; a refusal
 * of one machine once (`refused' remembers; NULL: each time).
 */
struct strings;
void enrol_all(int bootfd, struct strings *refused);
/* One of them, in the same manner.  True when it is listed now. */
bool enrol_stranger(int bootfd, const char *mac, struct strings *refused);

#endif
