/* SPDX-License-Identifier: ISC */
/* What happened, as lines of the log and of seen/. */
#include "tftpd/record.h"

#include <stdio.h>
#include <string.h>

#include "common/log.h"

#define NAME_TEXT 256		/* of a file, escaped */
#define LINE_TEXT 512

/* Has the client the whole file? */
static bool
is_sent(const struct transfer *t)
{
	return t->end == TRANSFER_SENT || t->end == TRANSFER_SENT_NO_LAST_ACK;
}

/* "file=NAME bytes=N ms=N ..." */
static void
tell(const struct session *s, char line[LINE_TEXT])
{
	const struct transfer *t = &s->transfer;
	/* Up to the client's last word: our patience is not its time. */
	const intmax_t took_ms = t->heard_ms - t->started_ms;
	char file[NAME_TEXT];

	log_escape(file, sizeof(file), s->path, strlen(s->path));
	if (is_sent(t))
		snprintf(line, LINE_TEXT, "file=%s bytes=%ju ms=%jd "
		    "blksize=%u windowsize=%u resent=%ju%s", file,
		    (uintmax_t)t->size, took_ms, t->blksize, t->windowsize,
		    (uintmax_t)t->resent,
		    t->end == TRANSFER_SENT ? "" : " last-ack=none");
	else
		snprintf(line, LINE_TEXT, "file=%s why=%s code=%u bytes=%ju "
		    "of=%ju ms=%jd resent=%ju", file,
		    transfer_end_name(t->end), t->error,
		    (uintmax_t)transfer_acked(t), (uintmax_t)t->size, took_ms,
		    (uintmax_t)t->resent);
}

/*
 * Firmware asks for the size, and says error 8 when it has it: no failure,
 * though it reads like one, so it is called what it is, and only on demand.
 */
static void
tell_probe(const struct session *s, const char *client)
{
	char file[NAME_TEXT];

	log_debug("%s client=%s file=%s code=%u",
	    s->agreement.accepted[TFTP_TSIZE] ? "size probe" :
	    "given up by the client at once", client,
	    log_escape(file, sizeof(file), s->path, strlen(s->path)),
	    s->transfer.error);
}

void
record_end(struct seen *seen, const struct session *s)
{
	const char *event = is_sent(&s->transfer) ? "sent" : "broke";
	char client[ADDRESS_TEXT], line[LINE_TEXT];

	address_format(&s->way.peer.sa, client);
	if (s->transfer.end == TRANSFER_PROBED) {
		tell_probe(s, client);
		return;
	}
	tell(s, line);
	log_info("%s client=%s %s", event, client, line);
	if (s->known)
		seen_event(seen, &s->who, event, "%s", line);
}

void
record_refusal(struct seen *seen, const struct datagram *way,
    const char *name, const struct mac *who, enum refusal refusal)
{
	char client[ADDRESS_TEXT], file[NAME_TEXT];

	address_format(&way->peer.sa, client);
	log_escape(file, sizeof(file), name, strlen(name));
	/* A secret asked for twice: somebody may pass for the machine. */
	if (refusal == REFUSAL_SPENT)
		log_warn("refused client=%s file=%s why=spent: asked for "
		    "again after the machine had it", client, file);
	else
		log_info("refused client=%s file=%s why=%s", client, file,
		    refusal_name(refusal));
	if (who != NULL)
		seen_event(seen, who, "refused", "file=%s why=%s", file,
		    refusal_name(refusal));
}
