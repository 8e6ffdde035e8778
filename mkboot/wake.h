/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_WAKE_H
#define MKBOOT_WAKE_H

#include <stddef.h>
#include <stdint.h>

#include "common/mac.h"

/* The payload that wakes a card (AMD's Magic Packet): six octets of ones, and
 * its address sixteen times. */
#define WAKE_OCTETS (6 + 16 * 6)
void wake_packet(const struct mac *, uint8_t packet[WAKE_OCTETS]);

/*
 * Sends it to UDP port 9 of the broadcast address of each IPv4 interface that
 * is up; how many took it, or -1 with errno.
 */
int wake_send(const struct mac *);

#endif
