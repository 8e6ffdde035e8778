/* SPDX-License-Identifier: ISC */
/* Any octets as a DHCPv6 packet: what is read is written the same. */
#include "common/dhcp6.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static bool
within(const uint8_t *part, size_t len, const uint8_t *data, size_t size)
{
	return part >= data && len <= size && part + len <= data + size;
}

static size_t
write_again(uint8_t *again, size_t size, const struct dhcp6 *d)
{
	struct dhcp6_options rest = d->options;
	const uint8_t *data;
	struct wire_out w;
	uint16_t tag;
	size_t len;

	wire_out_init(&w, again, size);
	dhcp6_put_header(&w, (enum dhcp6_type)d->type, d->xid);
	while (dhcp6_next(&rest, &tag, &data, &len))
		dhcp6_put(&w, (enum dhcp6_tag)tag, data, len);
	require(!w.bad && rest.len == 0);
	return w.len;
}

/* Strings and associations in the options: read to their ends. */
static void
look_inside(const struct dhcp6_options *o)
{
	struct dhcp6_options rest = *o;
	const uint8_t *data, *string;
	struct dhcp6_ia ia;
	struct wire_in w;
	struct mac mac;
	uint16_t tag;
	size_t len, n;

	while (dhcp6_next(&rest, &tag, &data, &len)) {
		wire_in_init(&w, data, len);
		while (dhcp6_next_string(&w, &string, &n))
			require(within(string, n, data, len));
		dhcp6_duid_mac(data, len, &mac);
		if (len >= 4 && tag == DHCP6_IA_NA &&
		    dhcp6_get_ia(o, (uint32_t)data[0] << 24 |
		    (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 |
		    data[3], &ia))
			require(!ia.has_address || (ia.valid > 0 &&
			    ia.preferred <= ia.valid));
	}
	require(dhcp6_status(o) <= UINT16_MAX);
	dhcp6_asks(o, DHCP6_BOOT_URL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t again[DHCP6_PACKET_MAX], reply[2 * DHCP6_PACKET_MAX];
	struct dhcp6_nest nest;
	struct wire_out w;
	struct dhcp6 d, back;
	enum dhcp6_error error = dhcp6_parse(&d, data, size);
	size_t len;

	require(strlen(dhcp6_error_name(error)) > 0);
	if (error != DHCP6_OK)
		return 0;
	require(strlen(dhcp6_type_name(d.type)) > 0);
	require(within(d.options.start, d.options.len, data, size));
	look_inside(&d.options);
	len = write_again(again, sizeof(again), &d);
	require(memcmp(again, d.options.start - 4, len) == 0);
	/* An answer through the relays comes back as it was sent. */
	wire_out_init(&w, reply, sizeof(reply));
	dhcp6_begin_relays(&w, &d, &nest);
	wire_put_bytes(&w, again, len);
	dhcp6_end_relays(&w, &nest);
	require(!w.bad && w.len <= size);
	require(dhcp6_parse(&back, reply, w.len) == DHCP6_OK);
	require(back.relays == d.relays && back.options.len == d.options.len);
	return 0;
}
