/* SPDX-License-Identifier: ISC */
/* XDR items on bounded cursors, RFC 4506 section 4. */
#include "nfsroot-helper/xdr.h"

size_t
xdr_padding(size_t len)
{
	return -len & 3;
}

uint64_t
xdr_get_hyper(struct wire_in *in)
{
	uint64_t high = wire_get_n32(in);

	return high << 32 | wire_get_n32(in);
}

bool
xdr_get_bool(struct wire_in *in)
{
	uint32_t value = wire_get_n32(in);

	if (value > 1)
		in->bad = true;
	return value == 1;
}

struct xdr_span
xdr_get_opaque(struct wire_in *in, size_t max)
{
	struct xdr_span span = { NULL, wire_get_n32(in) };

	if (span.len > max)
		in->bad = true;
	span.data = wire_get_span(in, span.len);
	wire_get_span(in, xdr_padding(span.len));
	if (in->bad)
		span = (struct xdr_span){ NULL, 0 };
	return span;
}

void
xdr_put_hyper(struct wire_out *out, uint64_t value)
{
	wire_put_n32(out, (uint32_t)(value >> 32));
	wire_put_n32(out, (uint32_t)value);
}

void
xdr_put_bool(struct wire_out *out, bool value)
{
	wire_put_n32(out, value);
}

void
xdr_put_opaque(struct wire_out *out, const void *data, size_t len)
{
	wire_put_n32(out, (uint32_t)len);
	wire_put_bytes(out, data, len);
	wire_put_zeros(out, xdr_padding(len));
}
