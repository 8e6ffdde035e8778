/* SPDX-License-Identifier: ISC */
/* Other servers' offers, and what they do to clients of ours. */
#include "proxydhcpd/foreign.h"

#include <stdbool.h>

const char *
foreign_words(enum foreign what)
{
	switch (what) {
	case FOREIGN_CLASS:
		return "it gives addresses and sends option 60 \"PXEClient\": "
		    "UEFI machines and iPXE then ask its port 4011, not ours, "
		    "and no proxy can mend that; take option 60 out there";
	case FOREIGN_FILE:
		return "it gives addresses and names a boot file: iPXE takes "
		    "that and not ours (UEFI takes ours); take it out there";
	case FOREIGN_PROXY:
		return "another proxy answers too: machines take either; "
		    "`delay' in offer/ or a machine's folder lets one be first";
	}
	return "";
}

unsigned
foreign_judge(const struct dhcp4 *d, struct in_addr from,
    struct in_addr *server)
{
	const bool pxe = dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS, "PXEClient");
	unsigned bits = 0;

	*server = from;
	if (d->op != DHCP4_BOOTREPLY ||
	    (d->type != DHCP4_OFFER && d->type != DHCP4_ACK))
		return 0;
	dhcp4_get_addr(d, DHCP4_SERVER_ID, server);
	if (d->yiaddr.s_addr == INADDR_ANY)
		return pxe || dhcp4_has_prefix(d, DHCP4_VENDOR_CLASS,
		    "HTTPClient") ? FOREIGN_PROXY : 0;
	if (pxe)
		bits |= FOREIGN_CLASS;
	if (d->file[0] != '\0' || d->option[DHCP4_BOOT_FILE].len > 0)
		bits |= FOREIGN_FILE;
	return bits;
}
