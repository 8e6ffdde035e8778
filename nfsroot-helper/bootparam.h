/* SPDX-License-Identifier: ISC */
#ifndef NFSROOT_BOOTPARAM_H
#define NFSROOT_BOOTPARAM_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nfsroot-helper/xdr.h"

/*
 * BOOTPARAM, version 1, as Sun's bootparam_prot.x has it: how a diskless
 * machine that knows its address asks for its name and for what it mounts.
 */
#define BOOTPARAM_PROGRAM 100026
#define BOOTPARAM_VERSION 1
#define BOOTPARAM_NAME_MAX 255	/* octets of a machine's or domain's name */
#define BOOTPARAM_FILE_MAX 32	/* of a key, "root", "swap" ... */
#define BOOTPARAM_PATH_MAX 1024
#define BOOTPARAM_RESULTS_MAX 2048	/* no procedure's are longer */

enum bootparam_proc {
	BOOTPARAM_NULL, BOOTPARAM_WHOAMI, BOOTPARAM_GETFILE, BOOTPARAM_NPROCS
};

const char *bootparam_proc_name(enum bootparam_proc);

struct bootparam_args {
	struct in_addr address;		/* WHOAMI: whose name is asked for */
	struct xdr_span client, file;	/* GETFILE: machine and key */
};

/* False when the octets are no arguments. */
bool bootparam_parse(struct bootparam_args *, enum bootparam_proc,
    const void *, size_t);

/* Without a router, `router' is 0.0.0.0. */
void bootparam_put_whoami(struct wire_out *, const char *name,
    const char *domain, struct in_addr router);
void bootparam_put_file(struct wire_out *, const char *server,
    struct in_addr, const char *path);

/*
 * Takes "[SERVER:]PATH" apart, with the server as a number; *server is left
 * alone where none is named.  The path, or NULL when that is not absolute,
 * is too long, or the server no address.
 */
const char *bootparam_place(const char *line, struct in_addr *server);
/* A key as the name of a file: false when it could be a path, or is hidden. */
bool bootparam_key(struct xdr_span, char key[BOOTPARAM_FILE_MAX + 1]);

#endif
