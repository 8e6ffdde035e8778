/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_UDP4_H
#define MKBOOT_INIT_UDP4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * IPv4 and UDP headers (RFC 791, RFC 768) around a DHCP packet, for a packet
 * socket: a card that has no address yet hears what is sent to the address
 * that it is about to get in no other way.
 */
#define UDP4_HEADERS 28		/* octets before the payload */

/* From 0.0.0.0 to 255.255.255.255; *w goes bad when it does not fit. */
void udp4_put_broadcast(struct wire_out *, uint16_t from_port,
    uint16_t to_port, const void *payload, size_t len);

/*
 * The payload of a whole, unfragmented UDP packet to this port, or NULL.  The
 * UDP checksum counts where the sender gave one and `summed' is set: a packet
 * from the same host may not have its own yet (packet(7),
 * TP_STATUS_CSUMNOTREADY).
 */
const uint8_t *udp4_parse(const void *packet, size_t size, uint16_t to_port,
    bool summed, size_t *len);

#endif
