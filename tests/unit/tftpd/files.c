/* SPDX-License-Identifier: ISC */
/* Which file is handed out, and what becomes of it meanwhile. */
#include "tests/unit/tftpd/place.h"

static void
a_file_written_to_meanwhile_ends_with_words(void **state)
{
	struct place *p = *state;
	union address from;
	uint8_t number;
	char other[2001];

	ASK(p, p->client, RRQ("big"));
	memset(other, 'x', sizeof(other) - 1);
	other[sizeof(other) - 1] = '\0';
	usleep(20 * 1000);	/* the file system's clock is coarse */
	put(p, "pub/big", 0644, other);
	for (number = 1; number <= 3; number++) {
		expect_block(p->client, number, 512, &from);
		ack(p, p->client, &from, number);
	}
	expect_error(p->client, TFTP_EUNDEFINED,
	    "big: the file changed while it was being sent, try again");
	assert_int_equal(p->server.peers.n, 0);
}

static void
the_seed_is_fresh_at_each_request(void **state)
{
	struct place *p = *state;
	uint8_t one[600], two[600];
	union address from;

	ASK(p, p->client, RRQ("/etc/random.seed"));
	assert_int_equal(got(p->client, one, &from), 4 + CONTENT_SEED);
	send_to(p->client, &from, "\0\5\0\3", 5);	/* as pxeboot ends */
	server_turn(&p->server, 1000);
	ASK(p, p->client, RRQ("/etc/random.seed"));
	assert_int_equal(got(p->client, two, &from), 4 + CONTENT_SEED);
	assert_memory_not_equal(one + 4, two + 4, CONTENT_SEED);
}

static void
names_in_any_case_are_found_where_that_is_asked(void **state)
{
	struct place *p = *state;
	union address from;

	ASK(p, p->client, RRQ("\\COMMON"));
	expect_error(p->client, TFTP_ENOTFOUND, "COMMON: no such file");
	p->server.any_case = true;
	ASK(p, p->client, RRQ("\\COMMON"));
	expect_data(p->client, 1, "common", &from);
	ack(p, p->client, &from, 1);
	/* As it is spelled goes first, and folders count too. */
	put(p, "pub/Common", 0644, "another");
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &from);
	ack(p, p->client, &from, 1);
	ASK(p, p->client, RRQ("Machine/" MAC "/Small"));
	expect_error(p->client, TFTP_EACCESS, "Machine/" MAC
	    "/Small: the file is not world-readable");
	know_client(p);
	ASK(p, p->client, RRQ("Machine/" MAC "/Small"));
	expect_data(p->client, 1, "my own", &from);
	ack(p, p->client, &from, 1);
	ASK(p, p->client, RRQ("SMALL"));
	expect_data(p->client, 1, "my own", &from);
}

static void
one_mapping_serves_all_who_fetch_a_file(void **state)
{
	struct place *p = *state;
	const unsigned before = open_descriptors();
	int client[LIMIT];
	union address from;
	size_t i;

	for (i = 0; i < LIMIT; i++) {
		client[i] = new_client("127.0.0.1");
		ASK(p, client[i], RRQ("big"));
		expect_block(client[i], 1, 512, &from);
	}
	/* A client and its port, each; and one file. */
	assert_int_equal(open_descriptors(), before + 2 * LIMIT + 1);
	for (i = 0; i < LIMIT; i++)
		close(client[i]);
}

static void
a_replaced_file_is_delivered_as_it_was_opened(void **state)
{
	struct place *p = *state;
	union address from;
	uint8_t number;

	ASK(p, p->client, RRQ("big"));
	put(p, "pub/.big.new", 0644, "something else");
	assert_int_equal(renameat(p->fd, "pub/.big.new", p->fd, "pub/big"),
	    0);
	for (number = 1; number <= 3; number++) {
		expect_block(p->client, number, 512, &from);
		ack(p, p->client, &from, number);
	}
	expect_block(p->client, 4, 2000 - 3 * 512, &from);
	ack(p, p->client, &from, 4);
	assert_int_equal(p->server.peers.n, 0);
}

static void
a_file_that_shrinks_breaks_its_transfer_with_words(void **state)
{
	struct place *p = *state;
	union address from;

	know_client(p);
	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &from);
	put(p, "pub/big", 0644, "");
	ack(p, p->client, &from, 1);
	expect_error(p->client, TFTP_EUNDEFINED,
	    "big: the file could not be read to its end");
	assert_int_equal(p->server.peers.n, 0);
	expect_seen(p, " tftpd broke file=big why=unreadable ");
}

static void
a_known_machine_gets_its_own_file_first(void **state)
{
	struct place *p = *state;
	union address from;

	ASK(p, p->client, RRQ("/small"));
	expect_data(p->client, 1, "common", &from);
	ack(p, p->client, &from, 1);
	know_client(p);
	ASK(p, p->client, RRQ("/small"));
	expect_data(p->client, 1, "my own", &from);
	ack(p, p->client, &from, 1);
	expect_seen(p, " tftpd sent file=machine/" MAC "/small bytes=6 ms=");
	expect_seen(p, " blksize=512 windowsize=1 resent=0");
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &from);
}

static void
what_is_not_for_all_is_refused_with_words(void **state)
{
	struct place *p = *state;

	know_client(p);
	ASK(p, p->client, RRQ("private"));
	expect_error(p->client, TFTP_EACCESS,
	    "private: the file is not world-readable");
	expect_seen(p, " tftpd refused file=private why=private");
	ASK(p, p->client, RRQ("machine"));
	expect_error(p->client, TFTP_EACCESS, "machine: not a regular file");
	ASK(p, p->client, RRQ("../seen/" MAC "/log"));
	expect_error(p->client, TFTP_EACCESS,
	    "..: the path leads out of pub/");
	ASK(p, p->client, "\0\2x\0octet");
	expect_error(p->client, TFTP_EACCESS,
	    "x: this server only hands files out, it takes none");
	assert_int_equal(p->server.peers.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_file_written_to_meanwhile_ends_with_words),
		T(the_seed_is_fresh_at_each_request),
		T(names_in_any_case_are_found_where_that_is_asked),
		T(one_mapping_serves_all_who_fetch_a_file),
		T(a_replaced_file_is_delivered_as_it_was_opened),
		T(a_file_that_shrinks_breaks_its_transfer_with_words),
		T(a_known_machine_gets_its_own_file_first),
		T(what_is_not_for_all_is_refused_with_words),
	};

	log_open("tftpd", false, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
