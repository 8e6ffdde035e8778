/* SPDX-License-Identifier: ISC */
/* A router advertisement. */
#include "mkboot/init/ra.h"

#include <string.h>

#include "common/wire.h"

enum { ADVERTISEMENT = 134, MANAGED = 0x80, RDNSS = 25 };

/* Reserved (2), lifetime (4), then addresses: RFC 8106 section 5.1. */
static void
take_dns(struct ra *r, struct wire_in *option)
{
	const uint8_t *address;
	size_t i;

	(void)wire_get_span(option, 2);
	if (wire_get_n32(option) == 0)
		return;
	for (i = 0; i < LEASE_ADDRESSES; i++)
		if (IN6_IS_ADDR_UNSPECIFIED(&r->dns[i])) {
			address = wire_get_span(option, 16);
			if (address == NULL)
				return;
			memcpy(&r->dns[i], address, 16);
		}
}

bool
ra_parse(struct ra *r, const void *data, size_t len)
{
	struct wire_in in, option;
	const uint8_t *body;
	uint8_t type, units;

	memset(r, 0, sizeof(*r));
	wire_in_init(&in, data, len);
	if (wire_get_8(&in) != ADVERTISEMENT)
		return false;
	(void)wire_get_span(&in, 4);		/* code, sum, hop limit */
	r->managed = (wire_get_8(&in) & MANAGED) != 0;
	(void)wire_get_span(&in, 10);		/* lifetime and two timers */
	while (!in.bad && in.left > 0) {
		type = wire_get_8(&in);
		units = wire_get_8(&in);
		/* Section 4.6: a length of 0 makes all of it worthless. */
		if (units == 0)
			return false;
		body = wire_get_span(&in, (size_t)units * 8 - 2);
		if (body == NULL)
			return false;
		wire_in_init(&option, body, (size_t)units * 8 - 2);
		if (type == RDNSS)
			take_dns(r, &option);
	}
	return !in.bad;
}
