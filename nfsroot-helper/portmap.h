/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_PORTMAP_H
#define NFSROOT_PORTMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/xdr.h"

/* The port mapper, version 2: RFC 1833 section 3. */
#define PORTMAP_PROGRAM 100000
#define PORTMAP_VERSION 2
#define PORTMAP_PORT 111
#define PORTMAP_TCP 6		/* IP protocol numbers */
#define PORTMAP_UDP 17
#define PORTMAP_SERVICES_MAX 32

enum portmap_proc {
	PORTMAP_NULL, PORTMAP_SET, PORTMAP_UNSET, PORTMAP_GETPORT,
	PORTMAP_DUMP, PORTMAP_CALLIT, PORTMAP_NPROCS
};

const char *portmap_proc_name(enum portmap_proc);

/* Where a program is to be had. */
struct portmap_mapping {
	uint32_t program, version, protocol, port;
};

/* What this server has, as DUMP lists it. */
struct portmap {
	struct portmap_mapping service[PORTMAP_SERVICES_MAX];
	size_t n;
};

/* False when there is no room for one more. */
bool portmap_add(struct portmap *, uint32_t program, uint32_t version,
    uint32_t protocol, uint32_t port);
/*
 * The port of a program; 0: it is not here.  Of a program that is here in
 * other versions only it is theirs, so that a client which asks there hears
 * PROG_MISMATCH and which versions there are, as it does with rpcbind(8).
 */
uint32_t portmap_find(const struct portmap *, uint32_t program,
    uint32_t version, uint32_t protocol);

struct portmap_args {
	struct portmap_mapping mapping;	/* SET, UNSET, GETPORT */
	/* CALLIT: a call that is passed on. */
	uint32_t program, version, procedure;
	struct xdr_span args;		/* in the record */
};

/* False when the octets are no arguments. */
bool portmap_parse(struct portmap_args *, enum portmap_proc, const void *,
    size_t);

/* Results.  DUMP is a list: items, then the end. */
void portmap_put_mapping(struct wire_out *, const struct portmap_mapping *);
void portmap_put_item(struct wire_out *, const struct portmap_mapping *);
void portmap_put_end(struct wire_out *);

#endif
