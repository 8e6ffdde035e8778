/* SPDX-License-Identifier: ISC */
/* Any octets as the responses to a download: within bounds, in one way. */
#include "mkboot/init/download.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
require_same_in_pieces(const char *text, size_t size, size_t head)
{
	struct reply r;
	size_t again, len;

	/* It is the head's last octet that completes it, and no other. */
	for (len = head > 40 ? head - 40 : 0; len < head; len++)
		require(reply_parse(&r, text, len, &again) != REPLY_OK);
	require(reply_parse(&r, text, size, &again) == REPLY_OK);
	require(again == head);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct download d = { .have = 10, .total = 100, .tag = "\"t\"" };
	const char *text = (const char *)data;
	enum download_verdict verdict;
	char request[DOWNLOAD_REQUEST];
	struct reply r;
	struct url u;
	size_t head;

	if (reply_parse(&r, text, size, &head) != REPLY_OK)
		return 0;
	require(head <= size && head <= REPLY_HEAD_MAX);
	require(r.status >= 100 && r.status <= 999);
	require(memchr(r.tag, '\0', sizeof(r.tag)) != NULL);
	require(!r.has_range || r.first < r.total);
	require_same_in_pieces(text, size, head);
	verdict = download_judge(&d, &r);
	require(d.have <= d.total);
	require(verdict != DOWNLOAD_APPEND || d.have == 10);
	require(verdict != DOWNLOAD_ANEW || d.have == 0);
	/* No tag of a server's breaks our next request. */
	d.have = 1;
	require(url_parse(&u, "http://192.0.2.1/x") == URL_OK);
	head = download_request(&d, &u, &u.server, request);
	require(head < sizeof(request) && strlen(request) == head);
	require(strstr(request, "\r\n\r\n") == request + head - 4);
	return 0;
}
