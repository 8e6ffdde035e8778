/* SPDX-License-Identifier: ISC */
/* The reasons in words. */
#include "proxydhcpd/reason.h"

static const struct {
	const char *name, *words;
} reasons[REASON_COUNT] = {
	[REASON_ANSWER] = { "answer", "answered" },
	[REASON_BROKEN] = { "broken", "it cannot be read" },
	[REASON_NOT_A_REQUEST] = { "not-a-request",
	    "the packet is a server's, not a client's" },
	[REASON_NOT_NETBOOT] = { "not-netboot",
	    "neither a PXE nor an HTTP boot client" },
	[REASON_UBOOT] = { "u-boot",
	    "U-Boot that names no processor with a code of U-Boot's" },
	[REASON_NOT_A_DISCOVER] = { "not-a-discover",
	    "on the DHCP port only a DISCOVER is ours to answer" },
	[REASON_NOT_INVITED] = { "not-invited",
	    "its menu does not say that boot servers are sought this way" },
	[REASON_NOT_FOR_PROXY] = { "not-for-proxy",
	    "on the proxy port only a REQUEST is answered" },
	[REASON_NO_ARCH] = { "no-arch",
	    "it does not say its architecture (option 93)" },
	[REASON_NO_ADDRESS] = { "no-address",
	    "we have no address on that interface" },
	[REASON_NO_SENDER] = { "no-sender",
	    "the packet has no source that could be answered" },
	[REASON_ITEM_MALFORMED] = { "item-malformed",
	    "the boot item (option 43.71) has a wrong length" },
	[REASON_ITEM_CREDENTIALS] = { "item-credentials",
	    "it asks for BIS credentials, and there are none" },
	[REASON_ITEM_UNKNOWN] = { "item-unknown",
	    "it asks for a boot item or layer that we did not offer" },
	[REASON_NO_MACHINE] = { "no-machine",
	    "the boot directory names neither it nor a default" },
	[REASON_NO_IMAGE] = { "no-image",
	    "its folder has no image: it is left alone" },
	[REASON_BAD_VALUE] = { "bad-value",
	    "the boot directory says of it what cannot be" },
	[REASON_NOT_YET] = { "not-yet",
	    "others may answer it first, for as long as `delay' says" },
	[REASON_NO_PROGRAM] = { "no-program",
	    "there is no program for it" },
	[REASON_LONG_NAME] = { "long-name",
	    "its program's name does not fit a packet" },
	[REASON_TOO_LARGE] = { "too-large",
	    "the reply would exceed what the client can take" },
};

const char *
reason_name(enum reason reason)
{
	return reasons[reason].name;
}

const char *
reason_words(enum reason reason)
{
	return reasons[reason].words;
}
