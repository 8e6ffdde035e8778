/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_IDENTITY_H
#define MKBOOT_IDENTITY_H

#include "mkboot/layers.h"
#include "mkboot/why.h"

/*
 * What a machine is told apart by: machine/MAC/identity/, which is made once
 * and then kept for ever.
 *
 *	machine-id		machine-id(5)
 *	hostid			gethostid(3), eight digits
 *	duid			DHCPv6's DUID-UUID, RFC 6355, octets with colons
 *	random-seed		64 digits
 *	ssh_host_TYPE_key	and .pub: ed25519, ecdsa, rsa
 */

/*
 * Makes what is missing.  Each file is put in its place whole; what is there
 * is never written again.  Needs ssh-keygen; where there is none the rest is
 * made, and *keyless is set.
 */
int identity_mint(int bootfd, const char *machine, bool *keyless,
    struct why *);

/*
 * Lays it into a machine's files: etc/machine-id, etc/hostid, etc/ssh/ and
 * var/lib/systemd/random-seed.  Nothing where no identity was minted.
 */
int identity_add(struct layers *, int bootfd, const char *machine,
    struct why *);

#endif
