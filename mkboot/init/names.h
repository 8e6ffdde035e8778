/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NAMES_H
#define MKBOOT_INIT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

/* Texts that make one machine differ from another. */
#define NAMES_HOST 65		/* a host's name and its NUL */
#define NAMES_ID 34		/* a machine-id, its newline and its NUL */

/*
 * The first word of a hostname file: letters, digits, '-' and '.', beginning
 * with a letter or digit, 64 at most.  False: there is none, or it is another
 * thing, and `name' is empty.
 */
bool names_host(const char *text, char name[NAMES_HOST]);
/* What a machine is called that nobody named: pixie-52-54-00-12-34-56. */
const char *names_from_mac(const struct mac *, char name[NAMES_HOST]);

/*
 * The text of /etc/hosts with one line of ours, "127.0.1.1 NAME", in place of
 * any of that address.  `domain' may be empty.  Returns the length, or 0 when
 * it does not fit.
 */
size_t names_hosts(const char *hosts, const char *name, const char *domain,
    char *out, size_t size);

/*
 * A machine-id (machine-id(5)) from the hardware address, the same at each
 * boot.  Whoever knows the address can work it out, so it is no secret, as
 * machine-id(5) would like it to be; machine/MAC/files/etc/machine-id is
 * better, and goes before it.
 */
const char *names_machine_id(const struct mac *, char id[NAMES_ID]);

#endif
