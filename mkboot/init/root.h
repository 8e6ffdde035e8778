/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_ROOT_H
#define MKBOOT_INIT_ROOT_H

#include "mkboot/init/cmdline.h"
#include "mkboot/init/net.h"
#include "mkboot/init/nfsroot.h"

/* Where the new root stands until it is the root. */
#define ROOT_NEW "/newroot"

/* What root= says. */
struct root {
	bool is_image;		/* a squashfs at `url'; else NFS */
	struct url url;
	struct nfsroot nfs;	/* path empty: left to DHCP's root path */
};

/* Looks at root=; ends in say_fatal() when it is no good. */
void root_find(struct root *, const struct cmdline *);
/* Is it on a server with an IPv6 address? */
bool root_is_ip6(const struct root *, const struct cmdline *);
/*
 * Mounts it at ROOT_NEW, beneath a writable layer in memory if overlay= says
 * so.  Tries a server that is not there for some minutes, with a line now and
 * then; ends in say_fatal() with the reason.
 */
void root_mount(struct root *, const struct cmdline *, const struct net *,
    struct coldplug *);

#endif
