/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NIC6_H
#define MKBOOT_INIT_NIC6_H

#include <netinet/in.h>

#include <stdbool.h>

#include "mkboot/init/nic.h"

/* A card's IPv6 addresses and sockets; -1 with errno where they fail. */

/* Addresses and routes by routers, whatever the kernel's default is. */
void nic6_listen_to_routers(const struct nic *);
/*
 * An address of the card that can be used (no other host has claimed it): one
 * of the wire alone (fe80::...), or one that is not.
 */
bool nic6_address(const struct nic *, bool of_wire, struct in6_addr *);
bool nic6_has(const struct nic *, const struct in6_addr *);
int nic6_add_address(const struct nic *, const struct in6_addr *,
    unsigned prefix);
int nic6_remove_address(const struct nic *, const struct in6_addr *,
    unsigned prefix);
int nic6_default_route(const struct nic *, const struct in6_addr *gateway);
/* Hears router advertisements of this card. */
int nic6_open_router(const struct nic *);
/* A DHCPv6 client's, and the way to all servers of the wire. */
int nic6_open_dhcp(const struct nic *);
int nic6_send_dhcp(int fd, const struct nic *, const void *, size_t len);

#endif
