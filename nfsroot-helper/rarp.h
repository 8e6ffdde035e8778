/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_RARP_H
#define NFSROOT_RARP_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/mac.h"
#include "common/wire.h"

/*
 * RARP for IPv4 on Ethernet, RFC 903, without the link's own head.
 *
 *  0: hardware(2) protocol(2) hlen(1) plen(1)  6: operation(2)
 *  8: sender MAC(6) sender IP(4)  18: target MAC(6) target IP(4)
 */
#define RARP_LEN 28

enum rarp_operation { RARP_REQUEST = 3, RARP_REPLY = 4 };

struct rarp {
	uint16_t operation;
	struct mac sender, target;
	struct in_addr sender_ip, target_ip;
};

/* False for anything else than RARP; the rest of a padded frame is borne. */
bool rarp_parse(struct rarp *, const void *, size_t len);
void rarp_put(struct wire_out *, const struct rarp *);
/*
 * The reply: who asked (the target, mostly the sender too) has `address', and
 * we, who say so, have `mac' and `ip'.
 */
void rarp_answer(struct rarp *reply, const struct rarp *request,
    struct in_addr address, const struct mac *mac, struct in_addr ip);

#endif
