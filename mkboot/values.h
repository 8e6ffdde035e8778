/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_VALUES_H
#define MKBOOT_VALUES_H

#include "mkboot/facts.h"
#include "mkboot/template.h"

/*
 * What @NAME@ is worth for one machine: the first line of its var/NAME, else
 * of its image's; else one of
 *
 *	MAC		52-54-00-12-34-56
 *	MACCOLONS	52:54:00:12:34:56
 *	MAC4		3456, its last four digits
 *	HOSTNAME	its host name
 *	IMAGE		the name of what it boots
 *	N		its number
 *	MACHINEID, HOSTID, DUID		of its identity
 *	IP, UUID, SERIAL		as it was last seen
 *	SERVER		our address on the way to where it was last seen
 *
 * What is not known has no value; for machine/default, which is nobody, all
 * of these but IMAGE are empty.
 */
struct values {
	int bootfd;
	const struct machine_facts *machine;
};

/* For template_values: `context' is a struct values. */
bool values_value(void *context, const char *name,
    char value[TEMPLATE_VALUE_SIZE]);

#endif
