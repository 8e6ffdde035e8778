/* SPDX-License-Identifier: ISC */
/* The port mapper: arguments from octets, results to octets. */
#include "nfsroot-helper/portmap.h"

#include <string.h>

/* UDPMSGSIZE, which no call that is passed on exceeds: RFC 1833 3.1. */
#define CALLIT_ARGS_MAX 8800

static const char *const proc_names[PORTMAP_NPROCS] = {
	"NULL", "SET", "UNSET", "GETPORT", "DUMP", "CALLIT",
};

const char *
portmap_proc_name(enum portmap_proc proc)
{
	return proc_names[proc];
}

bool
portmap_add(struct portmap *p, uint32_t program, uint32_t version,
    uint32_t protocol, uint32_t port)
{
	if (p->n == PORTMAP_SERVICES_MAX)
		return false;
	p->service[p->n++] = (struct portmap_mapping){ program, version,
	    protocol, port };
	return true;
}

uint32_t
portmap_find(const struct portmap *p, uint32_t program, uint32_t version,
    uint32_t protocol)
{
	const struct portmap_mapping *m;
	uint32_t port = 0;
	size_t i;

	for (i = 0; i < p->n; i++) {
		m = &p->service[i];
		if (m->program != program || m->protocol != protocol)
			continue;
		if (m->version == version)
			return m->port;
		port = m->port;
	}
	return port;
}

static void
get_mapping(struct wire_in *in, struct portmap_mapping *m)
{
	m->program = wire_get_n32(in);
	m->version = wire_get_n32(in);
	m->protocol = wire_get_n32(in);
	m->port = wire_get_n32(in);
}

bool
portmap_parse(struct portmap_args *args, enum portmap_proc proc,
    const void *data, size_t len)
{
	struct wire_in in;

	memset(args, 0, sizeof(*args));
	wire_in_init(&in, data, len);
	switch (proc) {
	case PORTMAP_SET:
	case PORTMAP_UNSET:
	case PORTMAP_GETPORT:
		get_mapping(&in, &args->mapping);
		break;
	case PORTMAP_CALLIT:
		args->program = wire_get_n32(&in);
		args->version = wire_get_n32(&in);
		args->procedure = wire_get_n32(&in);
		args->args = xdr_get_opaque(&in, CALLIT_ARGS_MAX);
		break;
	default:
		break;
	}
	if (in.bad)
		memset(args, 0, sizeof(*args));
	return !in.bad;
}

void
portmap_put_mapping(struct wire_out *out, const struct portmap_mapping *m)
{
	wire_put_n32(out, m->program);
	wire_put_n32(out, m->version);
	wire_put_n32(out, m->protocol);
	wire_put_n32(out, m->port);
}

void
portmap_put_item(struct wire_out *out, const struct portmap_mapping *m)
{
	xdr_put_bool(out, true);
	portmap_put_mapping(out, m);
}

void
portmap_put_end(struct wire_out *out)
{
	xdr_put_bool(out, false);
}
