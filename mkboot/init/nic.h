/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NIC_H
#define MKBOOT_INIT_NIC_H

#include <net/if.h>
#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>

#include "common/mac.h"

#define NIC_MAX 16

/* An Ethernet card. */
struct nic {
	char name[IF_NAMESIZE];
	int index;
	struct mac mac;
};

/*
 * The Ethernet cards that are there, by index: hardware alone, no radio, and
 * no half of a pair (a virtual function that belongs to another card).
 */
size_t nic_list(struct nic nic[NIC_MAX]);

/* One by its name, whatever it is made of; false: there is none. */
bool nic_find(const char *name, struct nic *);

/* Functions that return int return -1 with errno. */
int nic_up(const char *name);
int nic_down(const char *name);
bool nic_has_link(const char *name);
int nic_set_mtu(const char *name, unsigned mtu);
/* One address; it takes the place of the one before. */
int nic_set_address(const char *name, struct in_addr, struct in_addr netmask);
/* By a gateway that need not lie in the netmask. */
int nic_default_route(const char *name, struct in_addr gateway);

#endif
