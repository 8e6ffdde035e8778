/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_BOOT_H
#define PROXYDHCPD_BOOT_H

#include <netinet/in.h>

#include <stdbool.h>

#include "common/bootdir.h"
#include "proxydhcpd/menu.h"

#define BOOT_NAME_MAX 256
#define BOOT_ENTRY_MAX 128
#define POLICY_PATH_MAX 48	/* "machine/52-54-00-12-34-56/advertise" */
#define BOOT_FAULT_MAX 128
#define BOOT_PREFIX_MAX 128
#define BOOT_DELAY_MAX 60	/* seconds; the longest that firmware asks */

/*
 * What a machine's folder may say, a name each; where it does not, the folder
 * offer/ may, for all machines; but for the first three.
 */
enum policy {
	POLICY_IMAGE = 1 << 0,		/* answer it */
	POLICY_NEXT = 1 << 1,		/* this once */
	POLICY_LOADER = 1 << 2,		/* a program of its own */
	POLICY_DIRECT = 1 << 3,		/* the program in the offer itself */
	POLICY_DELAY = 1 << 4,		/* seconds: others answer first */
	POLICY_TFTP = 1 << 5,		/* address of the TFTP server */
	POLICY_HTTP = 1 << 6,		/* URL that stands for pub/ */
	POLICY_MENU = 1 << 7,		/* folder: a boot menu */
	POLICY_ADVERTISE = 1 << 8	/* end its wait for an IPv6 router */
};
#define POLICY_COUNT 9
#define POLICY_OF_MACHINES (POLICY_IMAGE | POLICY_NEXT | POLICY_LOADER)

/* What the boot directory says of a machine and its processor. */
struct boot {
	char machine[32];	/* "machine/MAC", or "machine/default" */
	bool known;		/* that folder is there */
	bool image;		/* and has an image, or a next one */
	unsigned own, site;	/* policies: in that folder; in offer/ alone */
	unsigned delay_s;
	struct in_addr tftp;	/* INADDR_ANY: this host */
	char http[BOOT_PREFIX_MAX];	/* no slash at the end; empty: ours */
	struct menu menu;	/* n 0: none */
	char fault[BOOT_FAULT_MAX];	/* a value that is none, and why */
	char entry[BOOT_ENTRY_MAX];	/* "pub/loader/7": what was looked up */
	enum pub_answer found;
	char program[BOOT_NAME_MAX];	/* below pub/, what it led to */
};

/* "image", "direct", ... */
const char *policy_name(enum policy);
/* Where it stands, "offer/direct" or so; written to `path', and returned. */
const char *policy_path(const struct boot *, enum policy,
    char path[POLICY_PATH_MAX]);
/* Does the boot directory say it of this machine? */
bool policy_holds(const struct boot *, enum policy);
/* Values from one line each; false for a line that is none. */
bool policy_read_delay(struct boot *, const char *line);
bool policy_read_tftp(struct boot *, const char *line);
/* "http://HOST/PATH", "https://...", or HOST, or HOST:PORT. */
bool policy_read_http(struct boot *, const char *line);

#endif
