/* SPDX-License-Identifier: ISC */
/* What became of each request: the log and seen/. */
#include "httpbootd/record.h"

#include <string.h>

#include "common/address.h"
#include "common/log.h"

static void
record_refusal(struct seen *seen, const char *file, const struct answer *a,
    const struct outcome *o)
{
	const char *why = reason_name(a->reason);
	char client[ADDRESS_TEXT];

	address_format(o->client, client);
	/* A secret asked for twice: somebody may pass for the machine. */
	if (a->reason == REASON_SPENT)
		log_warn("refused client=%s file=%s status=%u why=%s: asked "
		    "for again after the machine had it", client, file,
		    a->status, why);
	else
		log_info("refused client=%s file=%s status=%u why=%s", client,
		    file, a->status, why);
	if (o->who != NULL)
		seen_event(seen, o->who, "refused", "file=%s status=%u why=%s",
		    file, a->status, why);
}

static void
record_file(struct seen *seen, const char *file, const struct found *f,
    const struct answer *a, const struct outcome *o)
{
	const char *event = answer_event(a, o->octets);
	char client[ADDRESS_TEXT];

	log_debug("%s client=%s file=%s status=%u bytes=%ju ms=%jd", event,
	    address_format(o->client, client), file, a->status,
	    (uintmax_t)o->octets, (intmax_t)o->took_ms);
	/* HEAD and 304 say only what the client is about to do. */
	if (o->who == NULL || !a->has_body)
		return;
	if (a->reason == REASON_WHOLE && o->octets == a->span.length)
		seen_event(seen, o->who, event, "file=%s bytes=%ju ms=%jd",
		    file, (uintmax_t)o->octets, (intmax_t)o->took_ms);
	else
		seen_event(seen, o->who, event, "file=%s bytes=%ju of=%ju "
		    "ms=%jd", file, (uintmax_t)o->octets,
		    (uintmax_t)f->file.size, (intmax_t)o->took_ms);
}

void
record_answer(struct seen *seen, const struct found *f,
    const struct answer *a, const struct outcome *o)
{
	char file[NAME_TEXT], client[ADDRESS_TEXT];

	log_escape(file, sizeof(file), f->name, strlen(f->name));
	/* A report is in seen/ as such. */
	if (a->reason == REASON_NOTED)
		log_debug("report client=%s", address_format(o->client,
		    client));
	else if (a->has_file)
		record_file(seen, file, f, a, o);
	else
		record_refusal(seen, file, a, o);
}

void
record_broken(const char *target, const struct outcome *o)
{
	char client[ADDRESS_TEXT], file[NAME_TEXT];

	log_debug("broken client=%s file=%s why=no-whole-request",
	    address_format(o->client, client),
	    log_escape(file, sizeof(file), target, strlen(target)));
}
