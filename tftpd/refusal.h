/* SPDX-License-Identifier: ISC */
#ifndef TFTPD_REFUSAL_H
#define TFTPD_REFUSAL_H

#include "common/bootdir.h"
#include "common/tftp.h"
#include "common/wire.h"

#define REFUSAL_PACKET_MAX 256	/* octets of an ERROR that we send */

/* Why a request is not granted. */
enum refusal {
	REFUSAL_NONE,
	REFUSAL_NOT_A_REQUEST,	/* no RRQ or WRQ: it gets no answer */
	REFUSAL_MALFORMED,
	REFUSAL_TOO_LONG,
	REFUSAL_WRITE,
	REFUSAL_MODE,
	REFUSAL_TEXT_SIZE,	/* netascii of a file that is no text */
	REFUSAL_NO_NAME,
	REFUSAL_NOT_FOUND,
	REFUSAL_LEADS_OUT,
	REFUSAL_PRIVATE,
	REFUSAL_SPENT,		/* once a boot, and it was */
	REFUSAL_NOT_A_FILE,
	REFUSAL_BAD_NAME,
	REFUSAL_SYSTEM,
	REFUSAL_BUSY,
	REFUSAL_STRANGER,	/* RFC 1350 section 4: another's TID */
	REFUSAL_BROKE,		/* the file failed while it was being sent */
	REFUSAL_CHANGED,	/* it was written to meanwhile */
	REFUSAL_STOPPED,	/* the server ends before the transfer does */
	NREFUSALS
};

/* One word for logs and seen/: "not-found", "leads-out", ... */
const char *refusal_name(enum refusal);
enum tftp_error refusal_code(enum refusal);
/* What pub_open() said, as a refusal; PUB_OK is REFUSAL_NONE. */
enum refusal refusal_of_pub(enum pub_answer);
/*
 * The ERROR packet.  Firmware shows its text, so it says in words which file
 * (NULL or empty: none) and why; the file's name is escaped and cut to fit.
 */
void refusal_put(struct wire_out *, enum refusal, const char *file);

#endif
