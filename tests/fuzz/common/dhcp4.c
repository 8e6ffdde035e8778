/* SPDX-License-Identifier: ISC */
/* Any octets as a DHCPv4 packet: what is read is written and read the same. */
#include "common/dhcp4.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
write_again(struct wire_out *w, const struct dhcp4 *d)
{
	const uint8_t *value;
	size_t len;
	unsigned tag;

	dhcp4_put_header(w, d);
	for (tag = 1; tag < 255; tag++) {
		value = dhcp4_get(d, (enum dhcp4_tag)tag, &len);
		require((value == NULL) == !d->option[tag].present);
		require(value != NULL || len == 0);
		/* It would be obeyed, but the fields are written as text. */
		if (value != NULL && tag != DHCP4_OVERLOAD)
			dhcp4_put(w, (enum dhcp4_tag)tag, value, len);
	}
	dhcp4_put_end(w);
}

static void
require_same(const struct dhcp4 *a, const struct dhcp4 *b)
{
	unsigned tag;

	require(a->op == b->op && a->xid == b->xid && a->flags == b->flags);
	require(memcmp(a->chaddr, b->chaddr, sizeof(a->chaddr)) == 0);
	require(memcmp(a->file, b->file, sizeof(a->file)) == 0);
	require(memcmp(a->sname, b->sname, sizeof(a->sname)) == 0);
	require(a->type == b->type);
	for (tag = 1; tag < 255; tag++) {
		if (tag == DHCP4_OVERLOAD)
			continue;
		require(a->option[tag].present == b->option[tag].present);
		require(a->option[tag].len == b->option[tag].len);
		require(memcmp(a->store + a->option[tag].at,
		    b->store + b->option[tag].at, a->option[tag].len) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dhcp4 first, second;
	uint8_t again[3 * DHCP4_PACKET_MAX];
	enum dhcp4_error error = dhcp4_parse(&first, data, size);
	struct wire_out w;
	size_t total = 0;
	unsigned tag;

	require(strlen(dhcp4_error_name(error)) > 0);
	if (error != DHCP4_OK)
		return 0;
	require(strlen(dhcp4_type_name(first.type)) > 0);
	for (tag = 0; tag < 256; tag++)
		total += first.option[tag].len;
	require(total <= size);
	wire_out_init(&w, again, sizeof(again));
	write_again(&w, &first);
	require(!w.bad);
	/* Options split anew, or moved out of the names, may be too many. */
	if (w.len > DHCP4_PACKET_MAX)
		return 0;
	require(dhcp4_parse(&second, again, w.len) == DHCP4_OK);
	require_same(&first, &second);
	return 0;
}
