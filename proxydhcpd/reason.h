/* SPDX-License-Identifier: ISC */
#ifndef PROXYDHCPD_REASON_H
#define PROXYDHCPD_REASON_H

/* Why there is an answer, or none. */
enum reason {
	REASON_ANSWER,
	REASON_BROKEN,		/* no packet at all */
	REASON_NOT_A_REQUEST,
	REASON_NOT_NETBOOT,
	REASON_UBOOT,
	REASON_NOT_A_DISCOVER,	/* on 67 all else is the DHCP server's */
	REASON_NOT_INVITED,	/* discovery by broadcast or in a group */
	REASON_NOT_FOR_PROXY,	/* on 4011, and no REQUEST */
	REASON_NO_ARCH,
	REASON_NO_ADDRESS,
	REASON_NO_SENDER,
	REASON_ITEM_MALFORMED,
	REASON_ITEM_CREDENTIALS,
	REASON_ITEM_UNKNOWN,
	REASON_NO_MACHINE,
	REASON_NO_IMAGE,
	REASON_BAD_VALUE,
	REASON_NOT_YET,
	REASON_NO_PROGRAM,
	REASON_LONG_NAME,
	REASON_TOO_LARGE,
	REASON_COUNT
};

/* One word for a reason, and a sentence's end. */
const char *reason_name(enum reason);
const char *reason_words(enum reason);

#endif
