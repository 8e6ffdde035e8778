/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_XDR_H
#define NFSROOT_XDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/wire.h"

/*
 * The XDR items (RFC 4506) that NFS and MOUNT are made of, on the bounded
 * cursors of common/wire.h; an unsigned int is wire_get_n32().
 */
struct xdr_span {
	const uint8_t *data;	/* in the record; NULL: absent */
	size_t len;
};

uint64_t xdr_get_hyper(struct wire_in *);
/* 0 or 1; any other number is an error. */
bool xdr_get_bool(struct wire_in *);
/* Variable-length opaque or string; more than `max' octets is an error. */
struct xdr_span xdr_get_opaque(struct wire_in *, size_t max);

void xdr_put_hyper(struct wire_out *, uint64_t);
void xdr_put_bool(struct wire_out *, bool);
void xdr_put_opaque(struct wire_out *, const void *, size_t);
/* Zero octets from `len' up to the next multiple of four. */
size_t xdr_padding(size_t len);

#endif
