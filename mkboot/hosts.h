/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_HOSTS_H
#define MKBOOT_HOSTS_H

#include "mkboot/why.h"

/*
 * Files for this host and its users, of all machines together, kept current
 * at the top of the boot directory:
 *
 *	known_hosts	ssh(1)'s: their host keys by name and address
 *	hosts		hosts(5): addresses last seen, and names
 *	ethers		ethers(5): MACs and names
 *
 * The render lock must be held.  -1 with a reason.
 */
int hosts_write(int bootfd, struct why *);

#endif
