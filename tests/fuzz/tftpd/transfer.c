/* SPDX-License-Identifier: ISC */
/* Any events in any order: a transfer sends no more than its window. */
#include "tftpd/transfer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool truth)
{
	if (!truth)
		abort();
}

static void
require_sound(const struct transfer *before, const struct transfer *t,
    const struct transfer_run *run, int64_t now_ms)
{
	uint64_t block, offset, end = 0;

	require(t->base >= before->base && t->base <= t->last + 1);
	require(t->next >= t->base && t->next <= t->last + 1);
	require(t->next - t->base <= t->windowsize);
	require(t->fresh >= t->next && t->resent >= before->resent);
	require(transfer_acked(t) <= t->size);
	require((t->end == TRANSFER_SENT) == (t->base == t->last + 1));
	if (t->end == TRANSFER_RUNNING)
		require(t->wake_ms <= now_ms + 255000);
	if (run->count == 0)
		return;
	require(t->end == TRANSFER_RUNNING && t->wake_ms > now_ms);
	/* From what was not acknowledged, or from what was never sent. */
	require(run->first == t->base || run->first == before->fresh);
	require(run->first + run->count == t->next);
	require(run->first > 0 || run->count == 1);
	for (block = run->first; block < t->next; block++)
		if (block > 0)
			end = transfer_block(t, block, &offset) + offset;
	require(end <= t->size);
}

/* One event: a kind, and two octets for it. */
static struct transfer_run
step(struct transfer *t, const uint8_t event[3], int64_t *now_ms)
{
	struct transfer_run run = { 0, 0 };
	const uint16_t near = (uint16_t)(t->base + event[1] - 2);
	uint8_t packet[4] = {
		0, TFTP_ACK, (uint8_t)(near >> 8), (uint8_t)near
	};

	*now_ms += event[2];
	switch (event[0] % 8) {
	case 0:
		*now_ms += event[1] * 256;
		return transfer_timer(t, *now_ms);
	case 1:
		return transfer_asked_again(t, *now_ms);
	case 2:
		return transfer_packet(t, event, 3, *now_ms);
	case 3:
		packet[1] = event[1];
		return transfer_packet(t, packet, 4, *now_ms);
	case 4:
		packet[2] = event[1];
		packet[3] = event[2];
		return transfer_packet(t, packet, 4, *now_ms);
	case 5:
		if (t->end == TRANSFER_RUNNING && t->next > t->base) {
			run.first = t->base;
			run.count = (uint32_t)(t->next - t->base);
			transfer_unsent(t, &run, event[1] % run.count,
			    *now_ms);
		}
		return (struct transfer_run){ 0, 0 };
	default:
		return transfer_packet(t, packet, 4, *now_ms);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct agreement a = { 0 };
	struct transfer t, before;
	struct transfer_run run;
	int64_t now_ms = 0;

	if (size < 7)
		return 0;
	a.oack = data[0] & 1;
	a.timeout_s = data[1];
	a.blksize = 8u + data[2] * 4u;
	a.windowsize = 1u + data[3] % REQUEST_WINDOW_MAX;
	a.tsize = (uint64_t)data[4] << 24 | (uint64_t)data[5] << 8 | data[6];
	before = t = (struct transfer){ 0 };
	run = transfer_start(&t, &a, now_ms);
	require(t.last >= 1 && run.count == (a.oack ? 1 : t.next - 1));
	require_sound(&before, &t, &run, now_ms);
	for (data += 7, size -= 7; size >= 3; data += 3, size -= 3) {
		before = t;
		run = step(&t, data, &now_ms);
		require_sound(&before, &t, &run, now_ms);
		require(before.end == TRANSFER_RUNNING || run.count == 0);
	}
	require(transfer_end_name(t.end) != NULL);
	return 0;
}
