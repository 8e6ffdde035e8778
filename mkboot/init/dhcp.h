/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_DHCP_H
#define MKBOOT_INIT_DHCP_H

#include <stdbool.h>
#include <stddef.h>

#include "common/dhcp4.h"
#include "mkboot/init/nic.h"

/*
 * The sockets of a DHCP client.  A packet socket hears everything while the
 * card has no address; a UDP socket, once it has one, goes by routes and ARP.
 * Descriptors are non-blocking and close-on-exec; -1 with errno.
 */
int dhcp_open_packet(const struct nic *);
int dhcp_open_udp(const struct nic *);

/* To everybody on the wire. */
int dhcp_send_packet(int fd, const struct nic *, const void *, size_t len);
/* To one server, or to everybody with INADDR_BROADCAST. */
int dhcp_send_udp(int fd, struct in_addr to, const void *, size_t len);

/* One answer; false when no more DHCP packet is there to be read. */
bool dhcp_receive_packet(int fd, struct dhcp4 *);
bool dhcp_receive_udp(int fd, struct dhcp4 *);

#endif
