/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_KEEPER_H
#define MKBOOT_INIT_KEEPER_H

#include "mkboot/init/net.h"

/*
 * Starts the process that keeps the lease while the system runs: its root is
 * on the network, so the address may not be lost.  It outlives the change of
 * root, holds nothing but the log, /run/pixie and (while it asks) a socket,
 * and its name `title' (argv[0], altered in place) begins with '@', at which
 * systemd and others leave a process alone as long as the root lasts.
 */
void keeper_start(const struct net *, char *title);

#endif
