/* SPDX-License-Identifier: ISC */
/* The server: transfers begin, are joined, and end. */
#include "tests/unit/tftpd/place.h"

static void
a_second_rrq_joins_the_transfer(void **state)
{
	struct place *p = *state;
	union address tid, from;

	ASK(p, p->client, RRQ("big"));
	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &tid);
	expect_silence(p->client);
	assert_int_equal(p->server.peers.n, 1);
	usleep((TRANSFER_AGAIN_MS + 20) * 1000);
	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &from);
	assert_true(address_equal(&tid.sa, &from.sa));
	assert_int_equal(p->server.peers.n, 1);
}

static void
an_rrq_for_another_file_ends_the_first(void **state)
{
	struct place *p = *state;
	union address from;

	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &from);
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &from);
	assert_int_equal(p->server.peers.n, 1);
}

static void
past_the_bound_an_error_says_so(void **state)
{
	struct place *p = *state;
	int client[LIMIT];
	union address from;
	size_t i;

	for (i = 0; i < LIMIT; i++) {
		client[i] = new_client("127.0.0.1");
		ASK(p, client[i], RRQ("common"));
		expect_data(client[i], 1, "common", &from);
	}
	ASK(p, p->client, RRQ("common"));
	expect_error(p->client, TFTP_EUNDEFINED,
	    "common: too many transfers at once, try again later");
	ack(p, client[0], &from, 1);	/* a stranger's, to the last one */
	ack(p, client[LIMIT - 1], &from, 1);
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &from);
	for (i = 0; i < LIMIT; i++)
		close(client[i]);
}

static void
what_is_no_request_gets_no_answer(void **state)
{
	struct place *p = *state;

	ASK(p, p->client, "\0\4\0");
	ASK(p, p->client, "\0\5\0\0");
	ASK(p, p->client, "\0\3\0\1data");
	ask(p, p->client, "", 0);
	expect_silence(p->client);
	assert_int_equal(p->server.peers.n, 0);
}

static void
the_size_probe_ends_quietly(void **state)
{
	static const char probe[] =
	    "\0\1big\0octet\0tsize\0000\0blksize\0001468\0windowsize\0004";
	static const char oack[] =
	    "\0\6blksize\0001468\0tsize\0002000\0windowsize\0004";
	static const char aborted[] = "\0\5\0\10User aborted the transfer";
	struct place *p = *state;
	uint8_t octets[600];
	union address from;

	know_client(p);
	ASK(p, p->client, probe);
	assert_int_equal(got(p->client, octets, &from), sizeof(oack));
	assert_memory_equal(octets, oack, sizeof(oack));
	send_to(p->client, &from, aborted, sizeof(aborted));
	server_turn(&p->server, 1000);
	expect_silence(p->client);
	assert_int_equal(p->server.peers.n, 0);
	assert_false(bootdir_exists(p->fd, "seen/" MAC "/log"));
}

static void
descriptors_are_the_same_after_many_transfers(void **state)
{
	struct place *p = *state;
	const unsigned before = open_descriptors();
	union address from;
	unsigned i;

	for (i = 0; i < 300; i++) {
		ASK(p, p->client, RRQ("common"));
		expect_data(p->client, 1, "common", &from);
		ack(p, p->client, &from, 1);
		ASK(p, p->client, RRQ("none"));
		expect_error(p->client, TFTP_ENOTFOUND, "none: no such file");
	}
	assert_int_equal(p->server.peers.n, 0);
	assert_int_equal(open_descriptors(), before);
}

static void
a_lost_block_is_sent_again_after_a_second(void **state)
{
	struct place *p = *state;
	union address from;
	int i;

	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &from);
	for (i = 0; i < 5; i++)
		server_turn(&p->server, 100);
	expect_silence(p->client);
	for (i = 0; i < 7; i++)
		server_turn(&p->server, 100);
	expect_data(p->client, 1, "common", &from);
	expect_silence(p->client);
}

/* Takes what there is; true when block `number' was among it. */
static bool
has_got(int client, uint16_t number, union address *from)
{
	uint8_t octets[600];
	ssize_t len;
	bool has = false;

	while ((len = got(client, octets, from)) > 0)
		has |= octets[1] == TFTP_DATA &&
		    (octets[2] << 8 | octets[3]) == number;
	return has;
}

/* Turns, until this client has its block. */
static void
wait_for_block(struct place *p, int client, uint16_t number,
    union address *from)
{
	int i;

	for (i = 0; !has_got(client, number, from); i++) {
		assert_true(i < 100);
		server_turn(&p->server, 100);
	}
}

/* All speak before the server's turn, the greedy one first. */
static void
each_of_them_goes_on(struct place *p)
{
	static const char greedy[] =
	    "\0\1wide\0octet\0blksize\00016\0windowsize\00064";
	union address from[LIMIT];
	int client[LIMIT];
	uint16_t round, i;

	for (i = 0; i < LIMIT; i++) {
		client[i] = new_client("127.0.0.1");
		if (i == 0) {
			ASK(p, client[i], greedy);
		} else {
			ASK(p, client[i], RRQ("wide"));
			wait_for_block(p, client[i], 1, &from[i]);
		}
	}
	while (got(client[0], (uint8_t[600]){ 0 }, &from[0]) <= 0)
		server_turn(&p->server, 100);
	for (round = 0; round < 4; round++) {
		for (i = 0; i < LIMIT; i++) {
			const uint8_t octets[4] = { 0, TFTP_ACK, 0, i == 0 ?
			    (uint8_t)(round * 64) : (uint8_t)(round + 1) };

			send_to(client[i], &from[i], octets, 4);
		}
		for (i = LIMIT; i-- > 1;)
			wait_for_block(p, client[i], (uint16_t)(round + 2),
			    &from[i]);
		wait_for_block(p, client[0], (uint16_t)((round + 1) * 64),
		    &from[0]);
	}
	for (i = 0; i < LIMIT; i++)
		close(client[i]);
}

static void
a_wide_window_keeps_nobody_waiting(void **state)
{
	struct place *p = *state;
	char wide[8001];

	memset(wide, 'x', sizeof(wide) - 1);
	wide[sizeof(wide) - 1] = '\0';
	put(p, "pub/wide", 0644, wide);
	each_of_them_goes_on(p);
}

static void
nor_does_it_on_one_port_for_all(void **state)
{
	struct place *p = *state;

	p->server.one_port = true;
	a_wide_window_keeps_nobody_waiting(state);
}

static void
a_server_that_stops_says_so(void **state)
{
	struct place *p = *state;
	union address from;

	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &from);
	server_close(&p->server);
	expect_error(p->client, TFTP_EUNDEFINED,
	    "big: the server is being stopped");
	start_server(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_second_rrq_joins_the_transfer),
		T(an_rrq_for_another_file_ends_the_first),
		T(past_the_bound_an_error_says_so),
		T(what_is_no_request_gets_no_answer),
		T(the_size_probe_ends_quietly),
		T(descriptors_are_the_same_after_many_transfers),
		T(a_lost_block_is_sent_again_after_a_second),
		T(a_wide_window_keeps_nobody_waiting),
		T(nor_does_it_on_one_port_for_all),
		T(a_server_that_stops_says_so),
	};

	log_open("tftpd", false, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
