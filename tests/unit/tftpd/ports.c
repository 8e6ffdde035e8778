/* SPDX-License-Identifier: ISC */
/* Which port and address each packet goes by. */
#include "tests/unit/tftpd/place.h"

static void
many_transfers_share_a_few_ports(void **state)
{
	enum { CLIENTS = 4 * SERVER_PORTS_EACH };
	struct place *p = *state;
	union address from[CLIENTS], again;
	int client[CLIENTS];
	size_t i, j, alike = 0;

	p->server.transfers_max = CLIENTS;
	for (i = 0; i < CLIENTS; i++) {
		client[i] = new_client("127.0.0.1");
		ASK(p, client[i], RRQ("big"));
		expect_block(client[i], 1, 512, &from[i]);
		for (j = 0; j < i; j++)
			alike += address_equal(&from[i].sa, &from[j].sa);
	}
	assert_true(alike > 0);
	assert_int_equal(p->server.ports, 1 + SERVER_PORTS_EACH);
	/* Each still is one client's transfer. */
	ack(p, client[3], &from[3], 1);
	expect_block(client[3], 2, 512, &again);
	for (i = 0; i < CLIENTS; i++) {
		expect_silence(client[i]);
		send_to(client[i], &from[i], "\0\5\0\0", 5);
		server_turn(&p->server, 1000);
		close(client[i]);
	}
	assert_int_equal(p->server.peers.n, 0);
	assert_int_equal(p->server.ports, 1);
}

static void
a_client_has_another_port_for_its_next_transfer(void **state)
{
	struct place *p = *state;
	int other[SERVER_PORTS_EACH];
	union address a, b;
	size_t i;

	p->server.transfers_max = 2 * SERVER_PORTS_EACH;
	for (i = 0; i < SERVER_PORTS_EACH; i++) {
		other[i] = new_client("127.0.0.1");
		ASK(p, other[i], RRQ("big"));
	}
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &a);
	ack(p, p->client, &a, 1);
	ASK(p, p->client, RRQ("common"));
	expect_data(p->client, 1, "common", &b);
	assert_false(address_equal(&a.sa, &b.sa));
	for (i = 0; i < SERVER_PORTS_EACH; i++)
		close(other[i]);
}

static void
a_last_ack_that_comes_twice_is_no_strangers(void **state)
{
	struct place *p = *state;
	int other = new_client("127.0.0.1");
	union address tid, from;
	uint8_t number;

	p->server.one_port = true;	/* a port that stays open */
	ASK(p, other, RRQ("big"));
	expect_block(other, 1, 512, &from);
	ASK(p, p->client, RRQ("big"));
	for (number = 1; number <= 4; number++) {
		expect_block(p->client, number, number < 4 ? 512 : 464, &tid);
		ack(p, p->client, &tid, number);
	}
	ack(p, p->client, &tid, 4);
	expect_silence(p->client);
	close(other);
}

static void
with_one_port_all_goes_by_the_one_that_was_asked(void **state)
{
	struct place *p = *state;
	int other = new_client("127.0.0.1");
	union address asked, a, b;

	p->server.one_port = true;
	assert_true(address_parse("127.0.0.2", address_port(&p->where.sa),
	    &asked));
	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &a);
	assert_true(address_equal(&a.sa, &p->where.sa));
	/* From the address that was asked, too. */
	send_to(other, &asked, RRQ("big"), sizeof(RRQ("big")));
	server_turn(&p->server, 1000);
	expect_block(other, 1, 512, &b);
	assert_true(address_equal(&b.sa, &asked.sa));
	ack(p, other, &b, 1);
	expect_block(other, 2, 512, &b);
	expect_silence(p->client);
	/* Whose ACK is nobody's is told so. */
	close(other);
	other = new_client("127.0.0.1");
	ack(p, other, &a, 1);
	expect_error(other, TFTP_EBADTID, "this port has no transfer of yours");
	/* What is under way goes on when no new requests are taken. */
	server_deafen(&p->server);
	ack(p, p->client, &a, 1);
	expect_block(p->client, 2, 512, &a);
	ASK(p, other, RRQ("big"));
	expect_error(other, TFTP_EUNDEFINED, "big: the server is being stopped");
	close(other);
}

static void
each_transfer_has_a_port_of_its_own(void **state)
{
	struct place *p = *state;
	int other = new_client("127.0.0.1");
	union address a, b;

	ASK(p, p->client, RRQ("big"));
	ASK(p, other, RRQ("big"));
	expect_block(p->client, 1, 512, &a);
	expect_block(other, 1, 512, &b);
	assert_false(address_equal(&a.sa, &b.sa));
	assert_false(address_equal(&a.sa, &p->where.sa));
	ack(p, p->client, &a, 1);
	expect_block(p->client, 2, 512, &a);
	expect_silence(other);
	close(other);
}

static void
the_answer_comes_from_the_address_that_was_asked(void **state)
{
	struct place *p = *state;
	union address from, asked;

	assert_true(address_parse("127.0.0.2", address_port(&p->where.sa),
	    &asked));
	send_to(p->client, &asked, RRQ("common"), sizeof(RRQ("common")));
	server_turn(&p->server, 1000);
	expect_data(p->client, 1, "common", &from);
	assert_int_equal(from.in.sin_addr.s_addr, asked.in.sin_addr.s_addr);
	send_to(p->client, &asked, RRQ("none"), sizeof(RRQ("none")));
	server_turn(&p->server, 1000);
	expect_error(p->client, TFTP_ENOTFOUND, "none: no such file");
}

static void
a_stranger_gets_error_5_and_harms_nothing(void **state)
{
	static const uint8_t error[] = { 0, TFTP_ERROR, 0, 0, 0 };
	struct place *p = *state;
	int stranger = new_client("127.0.0.1");
	union address tid, from;

	ASK(p, p->client, RRQ("big"));
	expect_block(p->client, 1, 512, &tid);
	ack(p, stranger, &tid, 1);
	expect_error(stranger, TFTP_EBADTID,
	    "this port has no transfer of yours");
	send_to(stranger, &tid, error, sizeof(error));
	server_turn(&p->server, 1000);
	expect_silence(stranger);
	expect_silence(p->client);
	ack(p, p->client, &tid, 1);
	expect_block(p->client, 2, 512, &from);
	assert_true(address_equal(&tid.sa, &from.sa));
	close(stranger);
}

static void
a_window_is_cut_into_its_blocks(void **state)
{
	static const char request[] =
	    "\0\1big\0octet\0blksize\000100\0windowsize\00016";
	static const char oack[] = "\0\6blksize\000100\0windowsize\00016";
	struct place *p = *state;
	union address from;
	uint8_t octets[600], number;

	ASK(p, p->client, request);
	assert_int_equal(got(p->client, octets, &from), sizeof(oack));
	ack(p, p->client, &from, 0);
	for (number = 1; number <= 16; number++)
		expect_block(p->client, number, 100, &from);
	expect_silence(p->client);
	ack(p, p->client, &from, 16);
	for (; number <= 20; number++)
		expect_block(p->client, number, 100, &from);
	assert_int_equal(got(p->client, octets, &from), 4);	/* block 21 */
	ack(p, p->client, &from, 21);
	assert_int_equal(p->server.peers.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(many_transfers_share_a_few_ports),
		T(a_client_has_another_port_for_its_next_transfer),
		T(a_last_ack_that_comes_twice_is_no_strangers),
		T(with_one_port_all_goes_by_the_one_that_was_asked),
		T(each_transfer_has_a_port_of_its_own),
		T(the_answer_comes_from_the_address_that_was_asked),
		T(a_stranger_gets_error_5_and_harms_nothing),
		T(a_window_is_cut_into_its_blocks),
	};

	log_open("tftpd", false, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
