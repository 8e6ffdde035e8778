/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_MACHINE_H
#define MKBOOT_INIT_MACHINE_H

#include "mkboot/init/names.h"
#include "mkboot/init/net.h"

/*
 * What makes this machine itself.  The kernel has unpacked it from a second
 * archive, machine.cpio, into /machine: `hostname' (one line) and `files/' (a
 * tree to be laid over the root).  Without it a machine comes up all the
 * same, with a name of its own.
 */

/* The name in /machine/hostname; empty when there is none. */
void machine_hostname(char name[NAMES_HOST]);

/* Lays its files over the root, and writes name, hosts, id and resolver. */
void machine_lay(const char *root, const struct net *, const char *hostname);

#endif
