/* SPDX-License-Identifier: ISC */
/* A file on its way by HTTP: what to ask for, what to make of the answer. */
#include "mkboot/init/download.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void
download_init(struct download *d)
{
	memset(d, 0, sizeof(*d));
	d->total = UINT64_MAX;
}

/*
 * If-Range: should the file have changed, all of it comes, and not the end of
 * another one (RFC 9110 section 13.1.5).
 */
size_t
download_request(const struct download *d, const struct url *u,
    const union address *server, char text[DOWNLOAD_REQUEST])
{
	char host[ADDRESS_TEXT + 16], range[REPLY_TAG + 128] = "";
	int n = 0;

	if (d->have > 0)
		n = snprintf(range, sizeof(range), "Range: bytes=%" PRIu64
		    "-\r\n", d->have);
	if (d->have > 0 && d->tag[0] != '\0')
		snprintf(range + n, sizeof(range) - (size_t)n,
		    "If-Range: %s\r\n", d->tag);
	n = snprintf(text, DOWNLOAD_REQUEST, "GET %s HTTP/1.1\r\n"
	    "Host: %s\r\n"
	    "User-Agent: pixie-init\r\n"
	    "Accept-Encoding: identity\r\n"
	    "%s"
	    "Connection: close\r\n"
	    "\r\n", u->path, url_put_host(server, u->port == 80 ? 0 : u->port,
	    host, sizeof(host)), range);
	return (size_t)n;
}

static enum download_verdict
whole(struct download *d, const struct reply *r)
{
	/* Without a length a break could not be told from the end. */
	if (r->coded || !r->has_length)
		return DOWNLOAD_UNFIT;
	d->have = 0;
	d->total = r->length;
	memcpy(d->tag, r->tag, sizeof(d->tag));
	return DOWNLOAD_ANEW;
}

static enum download_verdict
part(const struct download *d, const struct reply *r)
{
	if (r->coded || !r->has_range || r->first != d->have)
		return DOWNLOAD_UNFIT;
	if (r->total != d->total || strcmp(r->tag, d->tag) != 0)
		return DOWNLOAD_CHANGED;
	return DOWNLOAD_APPEND;
}

enum download_verdict
download_judge(struct download *d, const struct reply *r)
{
	enum download_verdict verdict;

	if (r->status == 200)
		return whole(d, r);
	if (r->status == 206 && d->have > 0)
		verdict = part(d, r);
	else if (r->status == 416 && d->have > 0)
		verdict = DOWNLOAD_CHANGED;
	else if (r->status >= 500 || r->status == 408 || r->status == 429)
		return DOWNLOAD_LATER;
	else
		return r->status < 300 ? DOWNLOAD_UNFIT : DOWNLOAD_REFUSED;
	if (verdict == DOWNLOAD_CHANGED)
		download_init(d);
	return verdict;
}
