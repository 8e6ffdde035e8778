/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_NAME_H
#define MKBOOT_NAME_H

#include <stdbool.h>

/* What may stand as a name in the boot directory; all sizes with the NUL. */
#define NAME_IMAGE_SIZE 65
#define NAME_HOST_SIZE 65	/* Linux keeps 64 octets: HOST_NAME_MAX */
#define NAME_MACHINE_SIZE 18	/* a MAC, or "default" */

/*
 * Letters, digits, '.', '_' and '-', the first a letter or a digit: safe in
 * a path, a URL, a script's line and on a kernel's command line.
 */
bool name_is_image(const char *);
/*
 * RFC 1123 section 2.1: labels of letters, digits and inner hyphens, 1 to 63
 * octets each, and not what reads as an IPv4 address.
 */
bool name_is_host(const char *);
/* A MAC exactly as the boot directory spells it, or "default". */
bool name_is_machine(const char *);
/*
 * Spells a MAC in any of its forms, or "default", as the boot directory
 * does; false for anything else.
 */
bool name_machine(const char *, char name[NAME_MACHINE_SIZE]);

#endif
