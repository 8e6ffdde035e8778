/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NFSROOT_H
#define MKBOOT_INIT_NFSROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"

/*
 * Where the root is: [SERVER:]/PATH[,option,...], an IPv6 server in brackets.
 */
struct nfsroot {
	union address server;	/* family AF_UNSPEC: not said */
	uint16_t port;		/* port=, else 2049 */
	bool udp;		/* proto=udp */
	bool writable;		/* rw */
	char path[1024];
	char options[512];	/* the user's, without ro and rw */
};

enum nfsroot_error {
	NFSROOT_OK,
	NFSROOT_EMPTY,
	NFSROOT_NOT_ABSOLUTE,
	NFSROOT_BAD_SERVER,
	NFSROOT_TOO_LONG,
	NFSROOT_BAD_PORT
};

enum nfsroot_error nfsroot_parse(struct nfsroot *, const char *text);
/* What is wrong, and what would be right. */
const char *nfsroot_error_words(enum nfsroot_error);

/* "192.0.2.1:/PATH", as mount(2) has its source. */
void nfsroot_source(const struct nfsroot *, const union address *server,
    char *text, size_t size);
/*
 * The options for mount(2), ours before the user's, as the last of a kind
 * counts.  With these the client asks no portmapper.  False: they do not fit.
 */
bool nfsroot_options(const struct nfsroot *, const union address *server,
    char *text, size_t size);

#endif
