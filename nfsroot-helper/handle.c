/* SPDX-License-Identifier: ISC */
/* NFS file handles to and from octets. */
#include "nfsroot-helper/handle.h"

#include <string.h>

#include "common/nfsexport.h"
#include "nfsroot-helper/xdr.h"

#define HANDLE_VERSION 1

size_t
handle_levels(unsigned depth)
{
	if (depth <= 1)
		return 0;
	return depth - 1 < HANDLE_LEVELS ? depth - 1 : HANDLE_LEVELS;
}

bool
handle_parse(struct handle *h, const void *octets, size_t len)
{
	struct wire_in in;
	unsigned version, view;
	size_t i;

	memset(h, 0, sizeof(*h));
	wire_in_init(&in, octets, len);
	version = wire_get_8(&in);
	h->depth = wire_get_8(&in);
	view = wire_get_n16(&in);
	h->export = xdr_get_hyper(&in);
	h->ino = xdr_get_hyper(&in);
	h->check = wire_get_n32(&in);
	for (i = 0; i < handle_levels(h->depth); i++)
		h->level[i] = wire_get_n16(&in);
	if (in.bad || in.left != 0 || version != HANDLE_VERSION || view != 0)
		return false;
	return h->depth > 0 || (h->ino == 0 && h->check == 0);
}

size_t
handle_format(const struct handle *h, uint8_t octets[HANDLE_MAX])
{
	struct wire_out out;
	unsigned depth = h->depth;
	size_t i;

	if (depth > HANDLE_DEPTH_MAX)
		depth = HANDLE_DEPTH_MAX;
	wire_out_init(&out, octets, HANDLE_MAX);
	wire_put_8(&out, HANDLE_VERSION);
	wire_put_8(&out, (uint8_t)depth);
	wire_put_n16(&out, 0);
	xdr_put_hyper(&out, h->export);
	xdr_put_hyper(&out, depth > 0 ? h->ino : 0);
	wire_put_n32(&out, depth > 0 ? h->check : 0);
	for (i = 0; i < handle_levels(depth); i++)
		wire_put_n16(&out, h->level[i]);
	return out.len;
}

/* The finalizer of MurmurHash3: every bit of `x' moves every bit. */
static uint64_t
mix(uint64_t x)
{
	x ^= x >> 33;
	x *= UINT64_C(0xff51afd7ed558ccd);
	x ^= x >> 33;
	x *= UINT64_C(0xc4ceb9fe1a85ec53);
	return x ^ x >> 33;
}

uint64_t
handle_export_id(const char *name)
{
	return nfsexport_hash(name);
}

uint16_t
handle_level(uint64_t ino)
{
	return (uint16_t)mix(ino);
}

uint32_t
handle_check(int64_t seconds, uint32_t ns, uint32_t type)
{
	const uint64_t rest = (uint64_t)ns << 32 | type;
	uint32_t check = (uint32_t)mix(mix((uint64_t)seconds) ^ rest);

	return check != 0 ? check : 1;
}
