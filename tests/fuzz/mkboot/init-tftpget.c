/* SPDX-License-Identifier: ISC */
/* Any packets from a TFTP server: two octets of length before each. */
#include "mkboot/init/tftpget.h"

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
require_sane(const struct tftpget *g, enum tftpget_action action,
    const struct wire_out *w, const uint8_t *data, size_t len)
{
	require(!w->bad);
	require(g->blksize >= 8 && g->blksize <= TFTPGET_BLKSIZE);
	require(g->window >= 1 && g->window <= TFTPGET_WINDOW);
	require(g->unacked < g->window);
	require(len <= g->blksize);
	require((action == TFTPGET_DATA || action == TFTPGET_END) ==
	    (data != NULL));
	require(action != TFTPGET_END || (len < g->blksize && w->len == 4));
	require(action != TFTPGET_SEND || w->len == 4);
	require(action != TFTPGET_FAILED || strlen(g->why) > 0);
	require(memchr(g->why, '\0', sizeof(g->why)) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t out[TFTPGET_PACKET];
	enum tftpget_action action;
	const uint8_t *got;
	struct tftpget g;
	struct wire_out w;
	int64_t now = 0;
	size_t len, n;

	tftpget_begin(&g, "file", 0);
	for (; size >= 2; data += n, size -= n) {
		wire_out_init(&w, out, sizeof(out));
		require(tftpget_tick(&g, now, &w) != TFTPGET_FAILED);
		n = (size_t)(data[0] << 8 | data[1]);
		data += 2;
		size -= 2;
		if (n > size)
			n = size;
		wire_out_init(&w, out, sizeof(out));
		action = tftpget_input(&g, data, n, now, &w, &got, &len);
		require_sane(&g, action, &w, got, len);
		now += 300;
	}
	return 0;
}
