/* SPDX-License-Identifier: ISC */
/* Reasons not to serve, and the ERROR packets that say them. */
#include "tftpd/refusal.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"

static const struct {
	const char *name;
	enum tftp_error code;
	const char *words;
} refusals[NREFUSALS] = {
	[REFUSAL_NONE] = { "none", TFTP_EUNDEFINED, "" },
	[REFUSAL_NOT_A_REQUEST] = { "not-a-request", TFTP_EBADOP,
	    "not a read request" },
	[REFUSAL_MALFORMED] = { "malformed", TFTP_EBADOP,
	    "malformed read request" },
	[REFUSAL_TOO_LONG] = { "too-long", TFTP_EBADOP,
	    "request longer than 512 octets" },
	[REFUSAL_WRITE] = { "write", TFTP_EACCESS,
	    "this server only hands files out, it takes none" },
	[REFUSAL_MODE] = { "mode", TFTP_EBADOP,
	    "only octet (binary) and netascii mode are served" },
	[REFUSAL_TEXT_SIZE] = { "text-size", TFTP_EUNDEFINED,
	    "too large for netascii, ask in octet (binary) mode" },
	[REFUSAL_NO_NAME] = { "no-name", TFTP_ENOTFOUND,
	    "the request names no file" },
	[REFUSAL_NOT_FOUND] = { "not-found", TFTP_ENOTFOUND, NULL },
	[REFUSAL_LEADS_OUT] = { "leads-out", TFTP_EACCESS, NULL },
	[REFUSAL_PRIVATE] = { "private", TFTP_EACCESS, NULL },
	[REFUSAL_SPENT] = { "spent", TFTP_EACCESS, NULL },
	[REFUSAL_NOT_A_FILE] = { "not-a-file", TFTP_EACCESS, NULL },
	[REFUSAL_BAD_NAME] = { "bad-name", TFTP_ENOTFOUND, NULL },
	[REFUSAL_SYSTEM] = { "system", TFTP_EUNDEFINED, NULL },
	[REFUSAL_BUSY] = { "busy", TFTP_EUNDEFINED,
	    "too many transfers at once, try again later" },
	[REFUSAL_STRANGER] = { "stranger", TFTP_EBADTID,
	    "this port has no transfer of yours" },
	[REFUSAL_BROKE] = { "broke", TFTP_EUNDEFINED,
	    "the file could not be read to its end" },
	[REFUSAL_CHANGED] = { "changed", TFTP_EUNDEFINED,
	    "the file changed while it was being sent, try again" },
	[REFUSAL_STOPPED] = { "stopped", TFTP_EUNDEFINED,
	    "the server is being stopped" },
};

static const enum refusal of_pub[] = {
	[PUB_OK] = REFUSAL_NONE,
	[PUB_NOT_FOUND] = REFUSAL_NOT_FOUND,
	[PUB_LEADS_OUT] = REFUSAL_LEADS_OUT,
	[PUB_PRIVATE] = REFUSAL_PRIVATE,
	[PUB_SPENT] = REFUSAL_SPENT,
	[PUB_NOT_A_FILE] = REFUSAL_NOT_A_FILE,
	[PUB_BAD_NAME] = REFUSAL_BAD_NAME,
	[PUB_SYSTEM_ERROR] = REFUSAL_SYSTEM,
};

static const size_t npub = sizeof(of_pub) / sizeof(of_pub[0]);

const char *
refusal_name(enum refusal refusal)
{
	return refusals[refusal].name;
}

enum tftp_error
refusal_code(enum refusal refusal)
{
	return refusals[refusal].code;
}

enum refusal
refusal_of_pub(enum pub_answer answer)
{
	return (size_t)answer < npub ? of_pub[answer] : REFUSAL_SYSTEM;
}

/* The boot directory's own words where the reason is one of its answers. */
static const char *
words(enum refusal refusal)
{
	size_t i;

	if (refusals[refusal].words != NULL)
		return refusals[refusal].words;
	for (i = 0; i < npub; i++)
		if (of_pub[i] == refusal)
			return pub_answer_words((enum pub_answer)i);
	return refusals[refusal].name;
}

void
refusal_put(struct wire_out *w, enum refusal refusal, const char *file)
{
	/* What a screen of 80 columns shows in two lines, with the words. */
	char name[96], text[REFUSAL_PACKET_MAX - 8];

	if (file == NULL || *file == '\0') {
		tftp_put_error(w, refusals[refusal].code, words(refusal));
		return;
	}
	log_escape(name, sizeof(name), file, strlen(file));
	snprintf(text, sizeof(text), "%s: %s", name, words(refusal));
	tftp_put_error(w, refusals[refusal].code, text);
}
