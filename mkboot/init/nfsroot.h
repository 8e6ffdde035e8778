/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_INIT_NFSROOT_H
#define MKBOOT_INIT_NFSROOT_H

#include <netinet/in.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the root is: [SERVER:]/PATH[,option,...] */
struct nfsroot {
	struct in_addr server;	/* 0.0.0.0: not said */
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

/*
 * The options for mount(2), ours before the user's, as the last of a kind
 * counts.  With these the client asks no portmapper.  False: they do not fit.
 */
bool nfsroot_options(const struct nfsroot *, char *text, size_t size);

#endif
