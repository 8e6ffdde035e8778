/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_DISKLESS_H
#define NFSROOT_DISKLESS_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"
#include "common/seen.h"
#include "nfsroot-helper/bootparam.h"

/*
 * Machines that boot by RARP and BOOTPARAM: those whose folder, machine/MAC
 * or else machine/default, has a folder bootparam/ in it, bootdir(7).
 * Nothing is said to any other.
 */
struct diskless {
	struct mac mac;
	char folder[64];	/* "machine/MAC", below the boot directory */
	char name[BOOTPARAM_NAME_MAX + 1];	/* hostname, or the MAC */
};

/* False with *why. */
bool diskless_by_mac(int bootfd, const struct mac *, struct diskless *,
    const char **why);
/*
 * By seen/ip; else the machine whose own file says that it has this address.
 * *why says by which, or why by neither.
 */
bool diskless_by_address(int bootfd, const struct seen *, struct in_addr,
    struct diskless *, const char **why);
/*
 * The address that the machine is to have: machine/MAC/ip, or what it had
 * last.  False when neither is there.
 */
bool diskless_address(int bootfd, const struct diskless *, struct in_addr *);
/* The line of a file in its bootparam/; false when there is none. */
bool diskless_line(int bootfd, const struct diskless *, const char *key,
    char *line, size_t size);

#endif
