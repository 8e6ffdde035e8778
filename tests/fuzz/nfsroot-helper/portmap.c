/* SPDX-License-Identifier: ISC */
/*
 * Any octets as arguments of a port mapper's procedure, which the first one
 * names: what is read of CALLIT lies in them, a mapping that was written
 * again is the same, and the table gives a port that is in it.
 */
#include "nfsroot-helper/portmap.h"

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
require_same(const struct portmap_mapping *m, const uint8_t *data)
{
	uint8_t octets[16];
	struct wire_out out;

	wire_out_init(&out, octets, sizeof(octets));
	portmap_put_mapping(&out, m);
	require(!out.bad && out.len == sizeof(octets));
	require(memcmp(octets, data, sizeof(octets)) == 0);
}

static void
require_in_table(const struct portmap_mapping *m)
{
	static const struct portmap table = { .n = 2, .service = {
		{ 100003, 3, PORTMAP_TCP, 2049 },
		{ 100005, 3, PORTMAP_UDP, 627 },
	} };
	uint32_t port = portmap_find(&table, m->program, m->version,
	    m->protocol);

	require(port == 0 || (m->program == 100003 && port == 2049) ||
	    (m->program == 100005 && port == 627));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct portmap_args args;
	enum portmap_proc proc;

	if (len == 0)
		return 0;
	proc = data[0] % PORTMAP_NPROCS;
	data++;
	len--;
	if (!portmap_parse(&args, proc, data, len))
		return 0;
	if (proc == PORTMAP_CALLIT) {
		require(args.args.data >= data &&
		    args.args.data + args.args.len <= data + len);
		return 0;
	}
	require(args.args.data == NULL);
	if (proc == PORTMAP_GETPORT || proc == PORTMAP_SET)
		require_same(&args.mapping, data);
	require_in_table(&args.mapping);
	return 0;
}
