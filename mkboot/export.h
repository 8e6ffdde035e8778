/* SPDX-License-Identifier: ISC */
#ifndef MKBOOT_EXPORT_H
#define MKBOOT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "mkboot/lines.h"
#include "mkboot/name.h"
#include "mkboot/strings.h"

/*
 * The same boot directory by somebody else's server: facts in, the text of
 * its configuration out.
 */
#define EXPORT_ADDRESS_SIZE 16	/* of an IPv4 address in figures */
#define EXPORT_ARCHS 64		/* architectures that are looked for */

/* What firmware of an architecture gets: pub/loader/ARCH. */
struct export_loader {
	unsigned arch;
	char *file;		/* below pub/, free of links */
};

/* A machine that boots by BOOTPARAM. */
struct export_diskless {
	char mac[NAME_MACHINE_SIZE];	/* with colons */
	char name[NAME_HOST_SIZE];
	char ip[EXPORT_ADDRESS_SIZE];	/* empty: none is known */
	char *root, *swap;		/* "server:path"; swap may be NULL */
};

struct export_facts {
	const char *boot;	/* the boot directory's absolute path */
	const char *address;	/* this server's, in figures */
	const char *group;	/* whose private files are, or NULL */
	struct export_loader loader[EXPORT_ARCHS];
	size_t nloaders;
	bool anybody;		/* who is not listed boots, too */
	struct strings boots;	/* MACs with colons, that have an image */
	struct strings alone;	/* those that have none */
	struct strings own_loader;	/* those that have a loader of theirs */
	struct strings roots;	/* names in root/ */
	struct strings paths;	/* and where each of them lies */
	struct export_diskless *diskless;
	size_t ndiskless;
};

/* One for each server; the answer is in `lines', which may have failed. */
void export_dnsmasq(struct lines *, const struct export_facts *);
void export_isc_dhcpd(struct lines *, const struct export_facts *);
void export_kea(struct lines *, const struct export_facts *);
void export_nginx(struct lines *, const struct export_facts *);
void export_lighttpd(struct lines *, const struct export_facts *);
void export_tftpd_hpa(struct lines *, const struct export_facts *);
void export_openbsd_tftpd(struct lines *, const struct export_facts *);
void export_nfsd(struct lines *, const struct export_facts *);
void export_ganesha(struct lines *, const struct export_facts *);
void export_bootparamd(struct lines *, const struct export_facts *);

#endif
