/* SPDX-License-Identifier: ISC */
/* Any octets as a request: a clean name, and options never above the asked. */
#include "tftpd/request.h"

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
require_clean(const char *file)
{
	const char *p = file;
	size_t len;

	require(*file != '\0' && strlen(file) < TFTP_REQUEST_MAX);
	for (;; p += len + 1) {
		len = strcspn(p, "/");
		require(len > 0 && p[0] != '.');
		if (p[len] == '\0')
			return;
	}
}

/* The OACK as a client reads it. */
static void
require_sound_oack(const struct request *r, const struct agreement *a)
{
	uint8_t packet[TFTP_REQUEST_MAX];
	struct wire_out out;
	struct wire_in in;
	const char *name, *value;
	size_t i;

	wire_out_init(&out, packet, sizeof(packet));
	request_put_oack(&out, r, a);
	require(!out.bad);
	wire_in_init(&in, packet, out.len);
	require(wire_get_n16(&in) == TFTP_OACK);
	while (in.left > 0) {
		name = wire_get_string(&in);
		value = wire_get_string(&in);
		require(!in.bad && *value != '\0');
		for (i = 0; i < TFTP_NOPTIONS; i++)
			if (r->option[i].asked &&
			    strcmp(r->option[i].name, name) == 0)
				break;
		require(i < TFTP_NOPTIONS);
		require(i == TFTP_TSIZE ||
		    strtoull(value, NULL, 10) <= r->option[i].value);
	}
}

static void
require_fair(const struct request *r, uint64_t size, uint32_t blksize_max)
{
	struct agreement a;

	request_agree(r, size, blksize_max, &a);
	require(a.blksize >= TFTP_BLKSIZE_MIN &&
	    a.blksize <= TFTP_BLKSIZE_MAX);
	require(!a.accepted[TFTP_BLKSIZE] || a.blksize <= blksize_max);
	require(a.accepted[TFTP_BLKSIZE] ||
	    a.blksize == TFTP_BLKSIZE_DEFAULT);
	require(a.windowsize >= 1 && a.windowsize <= REQUEST_WINDOW_MAX);
	require(a.windowsize * a.blksize <= REQUEST_WINDOW_OCTETS);
	require(a.tsize == size);
	require_sound_oack(r, &a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint32_t blksize_max[] = { 0, 8, 512, 1468, 65495 };
	uint8_t packet[REFUSAL_PACKET_MAX];
	struct request r;
	enum refusal refusal = request_parse(&r, data, size);
	struct wire_out w;
	size_t i;

	require(refusal < NREFUSALS);
	require(request_same(&r, &r));
	require(memchr(r.file, '\0', sizeof(r.file)) != NULL);
	wire_out_init(&w, packet, sizeof(packet));
	refusal_put(&w, refusal, r.file);
	require(!w.bad);
	if (refusal != REFUSAL_NONE)
		return 0;
	require_clean(r.file);
	for (i = 0; i < sizeof(blksize_max) / sizeof(blksize_max[0]); i++)
		require_fair(&r, size * UINT64_C(1000003), blksize_max[i]);
	return 0;
}
