/* SPDX-License-Identifier: ISC */
/* A TFTP read, packet by packet. */
#include "tests/unit/unit.h"

#include "common/tftp.h"
#include "mkboot/init/tftpget.h"

#include <string.h>

struct side {
	struct tftpget get;
	uint8_t out[TFTPGET_PACKET];
	struct wire_out w;
	const uint8_t *data;
	size_t len;
};

static enum tftpget_action
give(struct side *s, const void *packet, size_t size, int64_t now)
{
	wire_out_init(&s->w, s->out, sizeof(s->out));
	return tftpget_input(&s->get, packet, size, now, &s->w, &s->data,
	    &s->len);
}

static enum tftpget_action
give_block(struct side *s, uint16_t block, size_t size)
{
	static const uint8_t zeros[TFTPGET_BLKSIZE];
	uint8_t packet[TFTPGET_PACKET];
	struct wire_out w;

	wire_out_init(&w, packet, sizeof(packet));
	tftp_put_data(&w, block, zeros, size);
	return give(s, packet, w.len, 0);
}

static enum tftpget_action
tick(struct side *s, int64_t now)
{
	wire_out_init(&s->w, s->out, sizeof(s->out));
	return tftpget_tick(&s->get, now, &s->w);
}

static void
require_ack(const struct side *s, uint16_t block)
{
	const uint8_t ack[] = { 0, 4, (uint8_t)(block >> 8), (uint8_t)block };

	assert_int_equal(s->w.len, sizeof(ack));
	assert_memory_equal(s->out, ack, sizeof(ack));
}

static void
begin(struct side *s, const char *oack, size_t size)
{
	memset(s, 0, sizeof(*s));
	tftpget_begin(&s->get, "a/b", 0);
	assert_int_equal(tick(s, 0), TFTPGET_SEND);
	if (oack != NULL)
		assert_int_equal(give(s, oack, size, 0), TFTPGET_SEND);
}

static const char oack[] = "\0\6tsize\0" "5000\0blksize\0" "1000\0"
    "windowsize\0" "2";

static void
the_request_is_what_a_server_parses(void **state)
{
	struct tftp_request r;
	struct side s;

	(void)state;
	begin(&s, NULL, 0);
	assert_true(tftp_parse_request(&r, s.out, s.w.len));
	assert_int_equal(r.opcode, TFTP_RRQ);
	assert_string_equal(r.file, "a/b");
	assert_int_equal(r.mode, TFTP_OCTET);
	assert_int_equal(r.option[TFTP_BLKSIZE].value, TFTPGET_BLKSIZE);
	assert_int_equal(r.option[TFTP_WINDOWSIZE].value, TFTPGET_WINDOW);
	assert_true(r.option[TFTP_TSIZE].present);
}

static void
each_window_gets_one_ack_and_a_short_block_ends(void **state)
{
	struct side s;

	(void)state;
	begin(&s, oack, sizeof(oack));
	require_ack(&s, 0);
	assert_int_equal(s.get.total, 5000);
	assert_int_equal(give_block(&s, 1, 1000), TFTPGET_DATA);
	assert_int_equal(s.w.len, 0);
	assert_int_equal(give_block(&s, 2, 1000), TFTPGET_DATA);
	require_ack(&s, 2);
	assert_int_equal(give_block(&s, 3, 999), TFTPGET_END);
	assert_int_equal(s.len, 999);
	require_ack(&s, 3);
}

static void
a_gap_is_told_once_and_an_old_block_never(void **state)
{
	struct side s;

	(void)state;
	begin(&s, oack, sizeof(oack));
	assert_int_equal(give_block(&s, 1, 1000), TFTPGET_DATA);
	assert_int_equal(give_block(&s, 3, 1000), TFTPGET_SEND);
	require_ack(&s, 1);
	assert_int_equal(give_block(&s, 4, 1000), TFTPGET_NOTHING);
	assert_int_equal(give_block(&s, 1, 1000), TFTPGET_NOTHING);
	assert_int_equal(give_block(&s, 2, 1000), TFTPGET_DATA);
	assert_int_equal(give_block(&s, 4, 1000), TFTPGET_SEND);
	require_ack(&s, 2);
}

static void
block_numbers_go_round(void **state)
{
	struct side s;
	unsigned i;

	(void)state;
	begin(&s, oack, sizeof(oack));
	for (i = 1; i <= 70000; i++)
		assert_int_equal(give_block(&s, (uint16_t)i, 1000),
		    TFTPGET_DATA);
	assert_int_equal(s.get.last, (uint16_t)70000);
}

static void
a_server_without_options_is_borne(void **state)
{
	struct side s;

	(void)state;
	begin(&s, NULL, 0);
	assert_int_equal(give_block(&s, 1, 512), TFTPGET_DATA);
	require_ack(&s, 1);
	assert_int_equal(give_block(&s, 2, 0), TFTPGET_END);
	require_ack(&s, 2);
}

static void
what_is_lost_is_sent_again_more_and_more_slowly(void **state)
{
	struct side s;

	(void)state;
	begin(&s, NULL, 0);
	assert_int_equal(tick(&s, 999), TFTPGET_NOTHING);
	assert_int_equal(tick(&s, 1000), TFTPGET_SEND);
	assert_true(s.w.len > 4);
	assert_int_equal(s.get.deadline, 3000);
	assert_int_equal(give_block(&s, 1, 512), TFTPGET_DATA);
	assert_int_equal(s.get.silent, 0);
	assert_int_equal(tick(&s, s.get.deadline), TFTPGET_SEND);
	require_ack(&s, 1);
}

static void
an_error_ends_it_with_the_servers_words(void **state)
{
	static const char error[] = "\0\5\0\1File not found\n";
	struct side s;

	(void)state;
	begin(&s, NULL, 0);
	assert_int_equal(give(&s, error, sizeof(error), 0), TFTPGET_FAILED);
	assert_string_equal(s.get.why,
	    "the server says error 1: File not found?");
	assert_int_equal(tick(&s, 100000), TFTPGET_NOTHING);
}

static void
options_that_nobody_asked_for_end_it(void **state)
{
	static const char *const bad[] = {
		"\0\6blksize\0" "9000", "\0\6windowsize\0" "17",
		"\0\6blksize\0" "x", "\0\6multicast\0" "1"
	};
	static const size_t size[] = { 15, 16, 12, 14 };
	struct side s;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		begin(&s, NULL, 0);
		assert_int_equal(give(&s, bad[i], size[i], 0),
		    TFTPGET_FAILED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_request_is_what_a_server_parses),
		cmocka_unit_test(
		    each_window_gets_one_ack_and_a_short_block_ends),
		cmocka_unit_test(a_gap_is_told_once_and_an_old_block_never),
		cmocka_unit_test(block_numbers_go_round),
		cmocka_unit_test(a_server_without_options_is_borne),
		cmocka_unit_test(
		    what_is_lost_is_sent_again_more_and_more_slowly),
		cmocka_unit_test(an_error_ends_it_with_the_servers_words),
		cmocka_unit_test(options_that_nobody_asked_for_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
