/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_PXE_H
#define PROXYDHCPD_PXE_H

/* What option 43 holds between PXE clients and servers: PXE 2.1, table 2-1. */
enum pxe_tag {
	PXE_DISCOVERY_CONTROL = 6,	/* 1 octet of bits */
	PXE_DISCOVERY_GROUP = 7,	/* address(4), multicast */
	PXE_BOOT_SERVERS = 8,		/* type(2) count(1) address(4) ... */
	PXE_BOOT_MENU = 9,		/* type(2) length(1) text ... */
	PXE_MENU_PROMPT = 10,		/* seconds(1) text */
	PXE_BOOT_ITEM = 71,		/* type(2) layer(2) */
	PXE_END = 255			/* no length; must stand */
};

enum pxe_discovery {
	PXE_NO_BROADCAST = 0x01, PXE_NO_MULTICAST = 0x02,
	PXE_ONLY_LISTED = 0x04, PXE_DOWNLOAD_FILE = 0x08
};

/* A layer with this bit asks for BIS credentials, not for a program. */
#define PXE_LAYER_CREDENTIALS 0x8000
/* The type of an entry that boots from the disk, as clients have it. */
#define PXE_TYPE_LOCAL 0
/* The first boot server type that is a vendor's own. */
#define PXE_TYPE_VENDOR 0x8000

#endif
