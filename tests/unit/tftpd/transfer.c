/* SPDX-License-Identifier: ISC */
/* The transfer machine: each rule of sending, in (state, event, time). */
#include "tests/unit/unit.h"

#include "tftpd/transfer.h"

#include <string.h>

/* A transfer of `size' octets that began at time 0. */
static struct transfer_run
start(struct transfer *t, uint64_t size, uint32_t blksize, uint32_t window,
    bool oack)
{
	struct agreement a = {
		.oack = oack, .blksize = blksize, .windowsize = window,
		.tsize = size,
	};

	return transfer_start(t, &a, 0);
}

static struct transfer_run
packet(struct transfer *t, enum tftp_opcode opcode, uint16_t number,
    int64_t now_ms)
{
	const uint8_t octets[5] = {
		0, (uint8_t)opcode, (uint8_t)(number >> 8), (uint8_t)number, 0
	};

	return transfer_packet(t, octets, opcode == TFTP_ERROR ? 5 : 4,
	    now_ms);
}

static struct transfer_run
ack(struct transfer *t, uint16_t number, int64_t now_ms)
{
	return packet(t, TFTP_ACK, number, now_ms);
}

static void
expect_run(struct transfer_run run, uint64_t first, uint32_t count)
{
	assert_int_equal(run.count, count);
	if (count > 0)
		assert_int_equal(run.first, first);
}

static void
lock_step_goes_block_by_block(void **state)
{
	struct transfer t;
	uint64_t offset;

	(void)state;
	expect_run(start(&t, 1000, 512, 1, false), 1, 1);
	assert_int_equal(transfer_block(&t, 1, &offset), 512);
	assert_int_equal(offset, 0);
	expect_run(ack(&t, 1, 10), 2, 1);
	assert_int_equal(transfer_block(&t, 2, &offset), 488);
	assert_int_equal(offset, 512);
	assert_int_equal(transfer_acked(&t), 512);
	expect_run(ack(&t, 2, 20), 0, 0);
	assert_int_equal(t.end, TRANSFER_SENT);
	assert_int_equal(transfer_acked(&t), 1000);
	assert_int_equal(t.heard_ms, 20);
	assert_int_equal(t.resent, 0);
}

static void
a_full_last_block_is_followed_by_an_empty_one(void **state)
{
	struct transfer t;
	uint64_t offset;

	(void)state;
	start(&t, 512, 512, 1, false);
	expect_run(ack(&t, 1, 0), 2, 1);
	assert_int_equal(transfer_block(&t, 2, &offset), 0);
	ack(&t, 2, 0);
	assert_int_equal(t.end, TRANSFER_SENT);
	start(&t, 0, 512, 1, false);
	assert_int_equal(t.last, 1);
	ack(&t, 1, 0);
	assert_int_equal(t.end, TRANSFER_SENT);
}

static void
the_oack_goes_first_and_is_acknowledged_as_block_0(void **state)
{
	struct transfer t;

	(void)state;
	expect_run(start(&t, 10000, 512, 4, true), 0, 1);
	expect_run(ack(&t, 1, 1), 0, 0);
	expect_run(ack(&t, 0, 1), 1, 4);
}

static void
block_numbers_roll_over_to_0(void **state)
{
	struct transfer t;
	uint64_t block, offset;

	(void)state;
	start(&t, 8 * 200000, 8, 1, false);
	for (block = 1; block <= 200000; block++)
		expect_run(ack(&t, (uint16_t)block, 0), block + 1, 1);
	assert_int_equal(transfer_block(&t, 131073, &offset), 8);
	assert_int_equal(offset, 131072 * 8);
	ack(&t, (uint16_t)200001, 0);
	assert_int_equal(t.end, TRANSFER_SENT);
}

static void
a_file_above_4_gib_has_its_offsets(void **state)
{
	struct transfer t;
	uint64_t offset;

	(void)state;
	start(&t, UINT64_C(6) << 30, 512, 1, false);
	assert_int_equal(t.last, (UINT64_C(6) << 21) + 1);
	transfer_block(&t, t.last, &offset);
	assert_true(offset == UINT64_C(6) << 30);
}

/* The Sorcerer's Apprentice, RFC 1123 section 4.2.3.1. */
static void
in_lock_step_a_second_ack_is_never_answered(void **state)
{
	struct transfer t;
	int64_t now_ms;

	(void)state;
	start(&t, 100000, 512, 1, false);
	expect_run(ack(&t, 1, 5), 2, 1);
	for (now_ms = 6; now_ms < 900; now_ms += 10)
		expect_run(ack(&t, 1, now_ms), 0, 0);
	expect_run(ack(&t, 0, now_ms), 0, 0);
	expect_run(ack(&t, 65535, now_ms), 0, 0);
	expect_run(ack(&t, 3, now_ms), 0, 0);
	expect_run(ack(&t, 2, now_ms), 3, 1);
	assert_int_equal(t.resent, 0);
}

static void
silence_is_met_after_1_s_then_2_then_4_then_8(void **state)
{
	static const int64_t at_ms[] = { 1000, 3000, 7000, 15000, 23000 };
	struct transfer t;
	size_t i;

	(void)state;
	start(&t, 100000, 512, 1, false);
	t.least_rto_ms = TRANSFER_RTO_MS;	/* as a frail client's */
	for (i = 0; i < sizeof(at_ms) / sizeof(at_ms[0]); i++) {
		assert_int_equal(t.wake_ms, at_ms[i]);
		expect_run(transfer_timer(&t, at_ms[i] - 1), 0, 0);
		expect_run(transfer_timer(&t, at_ms[i]), 1, 1);
	}
	assert_int_equal(t.resent, 5);
	/* Which copy was answered?  That is only known of the next block. */
	expect_run(ack(&t, 1, 23100), 2, 1);
	assert_int_equal(t.wake_ms, 31100);
	expect_run(ack(&t, 2, 23200), 3, 1);
	assert_int_equal(t.wake_ms, 24200);
}

static void
on_a_quick_line_silence_is_met_soon(void **state)
{
	static const int64_t after_ms[] = { 51, 153, 357, 765, 1581, 3213, 6477 };
	struct transfer t;
	size_t i;

	(void)state;
	start(&t, 1000000, 1468, 1, true);
	assert_int_equal(t.wake_ms, 1000);
	expect_run(ack(&t, 0, 1), 1, 1);
	expect_run(ack(&t, 1, 2), 2, 1);
	for (i = 0; i < sizeof(after_ms) / sizeof(after_ms[0]); i++) {
		assert_int_equal(t.wake_ms, 2 + after_ms[i]);
		expect_run(transfer_timer(&t, t.wake_ms), 2, 1);
	}
}

static void
the_timer_follows_the_measured_round_trips(void **state)
{
	struct transfer t;
	int64_t now_ms = 0;
	uint16_t n;

	(void)state;
	start(&t, 10000000, 1468, 1, true);
	for (n = 0; n < 60; n++)
		expect_run(ack(&t, n, now_ms += 300), n + 1, 1);
	/* Steady: little above the round trip, and not below it. */
	assert_in_range(t.wake_ms - now_ms, 350, 380);
	for (; n < 120; n++)
		expect_run(ack(&t, n, now_ms += n % 2 ? 100 : 500), n + 1, 1);
	/* Wavering: the longer trips are borne too. */
	assert_in_range(t.wake_ms - now_ms, 500, 1500);
	for (; n < 180; n++)
		expect_run(ack(&t, n, now_ms += 2), n + 1, 1);
	assert_in_range(t.wake_ms - now_ms, 52, 60);
}

/* raspberrypi/firmware#1631: a second copy makes start4.elf hang. */
static void
a_frail_client_is_given_a_second_at_least(void **state)
{
	struct agreement a = {
		.oack = true, .blksize = 1024, .windowsize = 1,
		.tsize = 100000, .frail = true,
	};
	struct transfer t;
	uint16_t n;

	(void)state;
	transfer_start(&t, &a, 0);
	for (n = 0; n < 20; n++)
		ack(&t, n, n);
	assert_int_equal(t.wake_ms, 19 + 1000);
	a.frail = false;
	transfer_start(&t, &a, 0);
	for (n = 0; n < 20; n++)
		ack(&t, n, n);
	assert_int_equal(t.wake_ms, 19 + 51);
}

static void
what_was_sent_twice_measures_nothing(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 1000000, 1468, 1, true);
	ack(&t, 0, 1);
	expect_run(transfer_timer(&t, 52), 1, 1);
	expect_run(ack(&t, 1, 53), 2, 1);
	assert_int_equal(t.rtt.smooth8, 8);
	assert_int_equal(t.wake_ms, 53 + 102);
	expect_run(ack(&t, 2, 54), 3, 1);
	assert_int_equal(t.wake_ms, 54 + 51);
}

/* Doubled, each early loss would cost the next one 2 s, 4 s, 8 s. */
static void
losses_before_any_measured_trip_cost_a_second_each(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 1000000, 1468, 1, true);
	expect_run(transfer_timer(&t, 1000), 0, 1);
	assert_int_equal(t.wake_ms, 2000);
	expect_run(ack(&t, 0, 1001), 1, 1);
	assert_int_equal(t.wake_ms, 2001);
	expect_run(transfer_timer(&t, 2001), 1, 1);
	expect_run(transfer_timer(&t, 3001), 1, 1);
	/* Two in a row: this line may be slow, or crowded. */
	expect_run(transfer_timer(&t, 4001), 1, 1);
	assert_int_equal(t.wake_ms, 4001 + 2000);
	expect_run(ack(&t, 1, 4002), 2, 1);
	expect_run(ack(&t, 2, 4003), 3, 1);
	assert_int_equal(t.wake_ms, 4003 + 51);
}

/* Even one of no time at all. */
static void
after_a_measured_trip_the_first_silence_doubles_the_wait(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 1000000, 1468, 1, true);
	expect_run(ack(&t, 0, 0), 1, 1);
	assert_int_equal(t.wake_ms, 50);
	expect_run(transfer_timer(&t, 50), 1, 1);
	assert_int_equal(t.wake_ms, 150);
}

static void
the_clients_own_timeout_is_honoured(void **state)
{
	struct agreement a = {
		.oack = true, .blksize = 512, .windowsize = 1,
		.tsize = 5000, .timeout_s = 5,
	};
	struct transfer t;

	(void)state;
	transfer_start(&t, &a, 0);
	assert_int_equal(t.wake_ms, 5000);
	expect_run(transfer_timer(&t, 5000), 0, 1);
	assert_int_equal(t.wake_ms, 10000);
	expect_run(transfer_timer(&t, 10000), 0, 1);
	assert_int_equal(t.wake_ms, 15000);
	a.timeout_s = 255;
	transfer_start(&t, &a, 0);
	expect_run(transfer_timer(&t, 255000), 0, 1);
	assert_int_equal(t.end, TRANSFER_RUNNING);
}

/* Runs the timer until the end; how many blocks did it send? */
static unsigned
wait_for_end(struct transfer *t)
{
	unsigned sent = 0;

	while (t->end == TRANSFER_RUNNING)
		sent += transfer_timer(t, t->wake_ms).count;
	return sent;
}

static void
a_client_that_never_answers_is_left_quietly(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 100000, 512, 1, true);
	assert_in_range(wait_for_end(&t), 5, 14);
	assert_int_equal(t.end, TRANSFER_NO_ANSWER);
	assert_int_equal(transfer_acked(&t), 0);
	assert_in_range(t.wake_ms, 30000, 60000);
}

static void
a_client_that_stops_half_way_is_silent(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 100000, 512, 1, false);
	ack(&t, 1, 10);
	wait_for_end(&t);
	assert_int_equal(t.end, TRANSFER_SILENT);
	assert_int_equal(transfer_acked(&t), 512);
}

static void
the_last_ack_may_never_come(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 700, 512, 1, false);
	ack(&t, 1, 10);
	/* From 60 ms on, doubled each time, within TRANSFER_LAST_PATIENCE_MS. */
	assert_in_range(wait_for_end(&t), 3, 7);
	assert_int_equal(t.end, TRANSFER_SENT_NO_LAST_ACK);
	assert_int_equal(t.heard_ms, 10);
}

static void
any_error_of_the_client_ends_it(void **state)
{
	struct transfer t;
	uint16_t code;

	(void)state;
	for (code = 0; code < 10; code++) {
		start(&t, 5000, 512, 1, true);
		expect_run(packet(&t, TFTP_ERROR, code, 1), 0, 0);
		assert_int_equal(t.end, TRANSFER_PROBED);
		assert_int_equal(t.error, code);
		start(&t, 5000, 512, 1, true);
		ack(&t, 0, 1);
		expect_run(packet(&t, TFTP_ERROR, code, 2), 0, 0);
		assert_int_equal(t.end, TRANSFER_ABORTED);
		/* It is over: nothing brings it back. */
		expect_run(ack(&t, 1, 3), 0, 0);
		expect_run(transfer_timer(&t, 100000), 0, 0);
		expect_run(transfer_asked_again(&t, 100000), 0, 0);
	}
}

static void
junk_changes_nothing(void **state)
{
	struct transfer t, before;

	(void)state;
	start(&t, 5000, 512, 4, true);
	before = t;
	expect_run(transfer_packet(&t, "", 0, 5), 0, 0);
	expect_run(transfer_packet(&t, "\0\4\0", 3, 5), 0, 0);
	expect_run(packet(&t, TFTP_DATA, 0, 5), 0, 0);
	expect_run(packet(&t, TFTP_RRQ, 0, 5), 0, 0);
	expect_run(packet(&t, (enum tftp_opcode)99, 0, 5), 0, 0);
	expect_run(ack(&t, 77, 5), 0, 0);
	assert_memory_equal(&t, &before, sizeof(t));
}

static void
a_window_is_sent_at_once_and_acknowledged_at_once(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 512 * 10, 512, 4, true);
	expect_run(ack(&t, 0, 1), 1, 4);
	expect_run(ack(&t, 4, 2), 5, 4);
	expect_run(ack(&t, 8, 3), 9, 3);
	expect_run(ack(&t, 11, 4), 0, 0);
	assert_int_equal(t.end, TRANSFER_SENT);
	assert_int_equal(t.resent, 0);
}

static void
an_ack_within_the_window_is_resent_from_once(void **state)
{
	struct transfer t;
	int i;

	(void)state;
	start(&t, 512 * 100, 512, 8, true);
	ack(&t, 0, 1);
	/* Block 3 was lost: 4 to 8 each bring forth an ACK of 2. */
	expect_run(ack(&t, 2, 100), 3, 8);
	for (i = 0; i < 5; i++)
		expect_run(ack(&t, 2, 100 + i), 0, 0);
	expect_run(ack(&t, 10, 110), 11, 8);
	assert_int_equal(t.resent, 6);
}

static void
a_lost_first_block_of_a_window_is_resent_once(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 512 * 100, 512, 4, true);
	expect_run(ack(&t, 0, 1), 1, 4);
	expect_run(ack(&t, 4, 100), 5, 4);
	expect_run(ack(&t, 4, 101), 5, 4);
	expect_run(ack(&t, 4, 102), 0, 0);
	expect_run(ack(&t, 4, 300), 0, 0);
}

/* Else two copies of a window would go on for the rest of the file. */
static void
echoes_of_a_window_sent_twice_are_not_answered(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 512 * 100, 512, 4, true);
	ack(&t, 0, 1);
	expect_run(transfer_timer(&t, 1001), 1, 4);
	expect_run(ack(&t, 4, 2000), 5, 4);
	expect_run(ack(&t, 4, 2100), 0, 0);
	expect_run(ack(&t, 4, 2200), 0, 0);
	expect_run(ack(&t, 8, 2300), 9, 4);
}

static void
resends_by_ack_keep_a_distance(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 512 * 100, 512, 8, true);
	ack(&t, 0, 1);
	expect_run(ack(&t, 2, 100), 3, 8);
	expect_run(ack(&t, 9, 110), 0, 0);
	assert_int_equal(t.wake_ms, 100 + TRANSFER_RESEND_GAP_MS);
	expect_run(transfer_timer(&t, t.wake_ms), 10, 8);
	/* This was no silence: the timer has not backed off. */
	assert_int_equal(t.rto_ms, 51);
}

static void
an_echo_of_a_resent_block_has_the_window_filled(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 512 * 100, 512, 8, true);
	ack(&t, 0, 1);
	expect_run(ack(&t, 2, 100), 3, 8);
	/* 3 to 8 were there twice: 5 is not lost, 11 and 12 are wanted. */
	expect_run(ack(&t, 4, 102), 11, 2);
	expect_run(ack(&t, 12, 104), 13, 8);
	start(&t, 512 * 100, 512, 8, true);
	ack(&t, 0, 1);
	ack(&t, 2, 100);
	/* Or it is lost as well: then the timer sees to it, at once. */
	ack(&t, 4, 102);
	expect_run(transfer_timer(&t, 102 + TRANSFER_RESEND_GAP_MS), 5, 8);
}

static void
an_rrq_again_joins_its_transfer(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 5000, 512, 1, true);
	/* The network's copy. */
	expect_run(transfer_asked_again(&t, 5), 0, 0);
	/* The client's, after its time-out: the answer was lost. */
	expect_run(transfer_asked_again(&t, 500), 0, 1);
	assert_int_equal(t.end, TRANSFER_RUNNING);
	ack(&t, 0, 600);
	expect_run(transfer_asked_again(&t, 700), 0, 0);
	assert_int_equal(t.end, TRANSFER_RUNNING);
}

static void
an_rrq_after_a_pause_begins_anew(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 5000, 512, 1, true);
	ack(&t, 0, 600);
	expect_run(transfer_asked_again(&t, 600 + TRANSFER_ANEW_MS), 0, 0);
	assert_int_equal(t.end, TRANSFER_ANEW);
}

static void
a_client_that_went_on_without_its_last_ack_has_the_file(void **state)
{
	struct transfer t;

	(void)state;
	start(&t, 700, 512, 1, false);
	transfer_leave(&t);
	assert_int_equal(t.end, TRANSFER_ANEW);
	start(&t, 700, 512, 1, false);
	ack(&t, 1, 1);
	transfer_leave(&t);
	assert_int_equal(t.end, TRANSFER_SENT_NO_LAST_ACK);
}

static void
what_the_kernel_did_not_take_is_tried_again_soon(void **state)
{
	struct transfer t;
	struct transfer_run run;

	(void)state;
	start(&t, 512 * 100, 512, 8, true);
	run = ack(&t, 0, 1);
	transfer_unsent(&t, &run, 3, 1);
	expect_run(ack(&t, 8, 2), 0, 0);
	expect_run(ack(&t, 3, 3), 4, 8);
	start(&t, 512 * 100, 512, 8, true);
	run = ack(&t, 0, 1);
	transfer_unsent(&t, &run, 0, 1);
	assert_int_equal(t.wake_ms, 1 + TRANSFER_RESEND_GAP_MS);
	expect_run(transfer_timer(&t, t.wake_ms), 1, 8);
}

static void
every_end_has_a_name(void **state)
{
	int i;

	(void)state;
	for (i = TRANSFER_RUNNING; i <= TRANSFER_STOPPED; i++)
		assert_true(strlen(transfer_end_name((enum transfer_end)i)) >
		    3);
}

/*
 * A line that loses, doubles and delays, with a client at its far end that
 * does as EDK2's Mtftp4 does: an ACK for a window's last block, and for each
 * block that is not the next one; at either it counts its window anew
 * (Mtftp4Rrq.c, Mtftp4RrqSendAck()).
 */
#define FLIGHT 4096

struct line {
	uint32_t random;
	unsigned loss;		/* per thousand */
	unsigned twice;
	unsigned delay_ms;
	unsigned late;		/* per thousand, by 3 ms: out of order */
	struct { bool to_client; uint16_t number; int64_t at_ms; }
	    flight[FLIGHT];
	size_t n;
	unsigned blocks;	/* put on the line by the server */
	uint32_t window;
	uint16_t expected;	/* by the client */
	uint64_t got;		/* blocks in order */
	uint32_t since_ack;
	uint64_t last;
	/*
	 * Or as atftp does: of several that are not the next one, an ACK for
	 * the first alone (tftp_file.c).
	 */
	bool as_atftp;
	unsigned extra_acks;
};

static uint32_t
chance(struct line *l, uint32_t of)
{
	l->random = l->random * 1664525u + 1013904223u;
	return (l->random >> 8) % of;
}

static void
put(struct line *l, bool to_client, uint16_t number, int64_t now_ms)
{
	unsigned copies = chance(l, 1000) < l->loss ? 0 :
	    chance(l, 1000) < l->twice ? 2 : 1;

	for (; copies > 0; copies--) {
		assert_true(l->n < FLIGHT);
		l->flight[l->n].to_client = to_client;
		l->flight[l->n].number = number;
		l->flight[l->n++].at_ms = now_ms + l->delay_ms +
		    (chance(l, 1000) < l->late ? 3 : 0);
	}
}

static void
put_run(struct line *l, struct transfer_run run, int64_t now_ms)
{
	uint32_t i;

	for (i = 0; i < run.count; i++)
		put(l, true, (uint16_t)(run.first + i), now_ms);
	l->blocks += run.count;
}

/* A block reaches the client; block 0, the OACK, is as any other. */
static void
client(struct line *l, uint16_t number, int64_t now_ms)
{
	if (number != l->expected) {
		if (l->as_atftp && l->extra_acks++ > 0)
			return;
		l->since_ack = 0;
		put(l, false, (uint16_t)(l->expected - 1), now_ms);
		return;
	}
	l->extra_acks = 0;
	l->expected++;
	l->got++;
	if (number == 0 || ++l->since_ack == l->window ||
	    l->got == l->last + 1) {
		l->since_ack = 0;
		put(l, false, number, now_ms);
	}
}

static void
deliver(struct line *l, struct transfer *t, int64_t now_ms)
{
	size_t i;
	uint16_t number;
	bool to_client;

	for (i = 0; i < l->n;) {
		if (l->flight[i].at_ms > now_ms) {
			i++;
			continue;
		}
		number = l->flight[i].number;
		to_client = l->flight[i].to_client;
		l->n--;
		memmove(&l->flight[i], &l->flight[i + 1],
		    (l->n - i) * sizeof(l->flight[0]));
		if (to_client)
			client(l, number, now_ms);
		else
			put_run(l, ack(t, number, now_ms), now_ms);
	}
}

/* The whole file over this line; the time that it took, in ms. */
static int64_t
send_over(struct line *l, uint64_t blocks, uint32_t window)
{
	struct transfer t;
	int64_t now_ms;

	l->window = window;
	l->last = blocks;
	put_run(l, start(&t, (blocks - 1) * 512 + 7, 512, window, true), 0);
	for (now_ms = 0; t.end == TRANSFER_RUNNING; now_ms++) {
		assert_true(now_ms < 3600 * 1000);
		deliver(l, &t, now_ms);
		put_run(l, transfer_timer(&t, now_ms), now_ms);
	}
	assert_true(t.end == TRANSFER_SENT ||
	    t.end == TRANSFER_SENT_NO_LAST_ACK);
	assert_int_equal(l->got, blocks + 1);
	assert_int_equal(l->blocks, blocks + 1 + t.resent);
	return t.heard_ms;
}

static struct line line;

static void
set_line(unsigned loss, unsigned twice, unsigned delay_ms, unsigned late,
    uint32_t seed)
{
	memset(&line, 0, sizeof(line));
	line.random = seed;
	line.loss = loss;
	line.twice = twice;
	line.delay_ms = delay_ms;
	line.late = late;
}

static void
a_lossy_line_delivers_the_whole_file(void **state)
{
	static const uint32_t windows[] = { 1, 4, 16, 64 };
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= 20; seed++) {
		set_line(20, 0, 1, 0, seed);
		send_over(&line, 700, windows[seed % 4]);
		/* A block lost in a window costs at most that window. */
		assert_true(line.blocks < 700 * 3);
		set_line(200, 50, 1, 100, seed);
		send_over(&line, 100, windows[seed % 4]);
	}
}

static void
a_line_that_doubles_everything_is_not_doubled_again(void **state)
{
	(void)state;
	set_line(0, 1000, 1, 0, 1);
	send_over(&line, 700, 1);
	assert_int_equal(line.blocks, 701);
	set_line(0, 1000, 1, 0, 1);
	send_over(&line, 700, 16);
	assert_true(line.blocks < 2 * 700);
}

static void
one_late_burst_does_not_double_the_rest(void **state)
{
	(void)state;
	/* A round trip of 1.2 s: each first resend is needless. */
	set_line(0, 0, 600, 0, 1);
	send_over(&line, 200, 8);
	assert_true(line.blocks <= 201 * 2 + 8);
	set_line(0, 0, 600, 0, 1);
	send_over(&line, 200, 1);
	assert_true(line.blocks <= 201 * 2 + 8);
}

static void
reordering_costs_little(void **state)
{
	uint32_t seed;

	(void)state;
	for (seed = 1; seed <= 10; seed++) {
		set_line(0, 0, 1, 20, seed);
		send_over(&line, 400, 8);
		assert_true(line.blocks < 400 * 3 / 2);
	}
}

/*
 * A copy that comes late makes atftp count its window from another block on
 * than we do: that must not last to the end of the file.
 */
static void
a_client_out_of_step_is_in_step_again_soon(void **state)
{
	static const uint32_t windows[] = { 2, 3, 4, 16 };
	uint32_t seed, window;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
		for (seed = 1; seed <= 20; seed++) {
			window = windows[i];
			set_line(0, 2, 1, 2, seed);
			line.as_atftp = true;
			assert_true(send_over(&line, 2000, window) <
			    4000 / window + 1000);
			assert_true(line.blocks < 2001 + 200);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lock_step_goes_block_by_block),
		cmocka_unit_test(
		    a_full_last_block_is_followed_by_an_empty_one),
		cmocka_unit_test(
		    the_oack_goes_first_and_is_acknowledged_as_block_0),
		cmocka_unit_test(block_numbers_roll_over_to_0),
		cmocka_unit_test(a_file_above_4_gib_has_its_offsets),
		cmocka_unit_test(in_lock_step_a_second_ack_is_never_answered),
		cmocka_unit_test(silence_is_met_after_1_s_then_2_then_4_then_8),
		cmocka_unit_test(on_a_quick_line_silence_is_met_soon),
		cmocka_unit_test(the_timer_follows_the_measured_round_trips),
		cmocka_unit_test(a_frail_client_is_given_a_second_at_least),
		cmocka_unit_test(what_was_sent_twice_measures_nothing),
		cmocka_unit_test(
		    losses_before_any_measured_trip_cost_a_second_each),
		cmocka_unit_test(
		    after_a_measured_trip_the_first_silence_doubles_the_wait),
		cmocka_unit_test(the_clients_own_timeout_is_honoured),
		cmocka_unit_test(a_client_that_never_answers_is_left_quietly),
		cmocka_unit_test(a_client_that_stops_half_way_is_silent),
		cmocka_unit_test(the_last_ack_may_never_come),
		cmocka_unit_test(any_error_of_the_client_ends_it),
		cmocka_unit_test(junk_changes_nothing),
		cmocka_unit_test(
		    a_window_is_sent_at_once_and_acknowledged_at_once),
		cmocka_unit_test(an_ack_within_the_window_is_resent_from_once),
		cmocka_unit_test(
		    a_lost_first_block_of_a_window_is_resent_once),
		cmocka_unit_test(
		    echoes_of_a_window_sent_twice_are_not_answered),
		cmocka_unit_test(resends_by_ack_keep_a_distance),
		cmocka_unit_test(
		    an_echo_of_a_resent_block_has_the_window_filled),
		cmocka_unit_test(an_rrq_again_joins_its_transfer),
		cmocka_unit_test(an_rrq_after_a_pause_begins_anew),
		cmocka_unit_test(
		    a_client_that_went_on_without_its_last_ack_has_the_file),
		cmocka_unit_test(
		    what_the_kernel_did_not_take_is_tried_again_soon),
		cmocka_unit_test(every_end_has_a_name),
		cmocka_unit_test(a_lossy_line_delivers_the_whole_file),
		cmocka_unit_test(
		    a_line_that_doubles_everything_is_not_doubled_again),
		cmocka_unit_test(one_late_burst_does_not_double_the_rest),
		cmocka_unit_test(reordering_costs_little),
		cmocka_unit_test(a_client_out_of_step_is_in_step_again_soon),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
