/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_SERVERS_H
#define MKBOOT_INIT_SERVERS_H

#include <stddef.h>

#include "mkboot/init/cmdline.h"

#define SERVERS_MAX (CMDLINE_SERVERS + 1)

/* Who is asked for the root, in this order, round and round. */
struct servers {
	union address server[SERVERS_MAX];
	size_t n;
};

/*
 * root='s own server (family AF_UNSPEC: it names none), then those of
 * server=.  Where neither says one: ip='s, else the one that the script came
 * from (report=), else DHCP's next server.  None may be left over.
 */
void servers_choose(struct servers *, const union address *own,
    const struct cmdline *, struct in_addr next_server);

#endif
