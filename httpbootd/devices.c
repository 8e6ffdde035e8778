/* SPDX-License-Identifier: ISC */
/* A machine's list of its hardware: what of it may stand in a file. */
#include "httpbootd/devices.h"

#include <string.h>

#define LINE_OCTETS 4095

void
devices_feed(struct devices *d, const void *data, size_t len)
{
	if (len > DEVICES_BODY - d->len) {
		d->too_long = true;
		return;
	}
	memcpy(d->text + d->len, data, len);
	d->len += len;
}

/* By octets, not by the locale: it is read by programs and in terminals. */
static bool
is_modalias(const char *line, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (line[i] <= ' ' || line[i] > '~')
			return false;
	return len > 0 && len <= LINE_OCTETS &&
	    ((line[0] >= 'a' && line[0] <= 'z') ||
	    (line[0] >= 'A' && line[0] <= 'Z'));
}

bool
devices_end(struct devices *d)
{
	size_t at, len, kept = 0;
	const char *end;

	for (at = 0; at < d->len && !d->too_long; at += len + 1) {
		end = memchr(d->text + at, '\n', d->len - at);
		len = end == NULL ? d->len - at : (size_t)(end - d->text) - at;
		/* A last line without its newline was cut off. */
		if (end == NULL || !is_modalias(d->text + at, len))
			continue;
		memmove(d->text + kept, d->text + at, len + 1);
		kept += len + 1;
	}
	d->len = kept;
	d->text[kept] = '\0';
	return kept > 0;
}
