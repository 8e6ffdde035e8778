/* SPDX-License-Identifier: ISC */
/* Tests of one connection: pieces, stalls, turns, over a pair of sockets. */
#include "tests/unit/nfsroot-helper/world.h"

#include <sys/socket.h>

#include "nfsroot-helper/peer.h"

#define SIZE 3000001	/* octets of the file: the last READ has padding */
#define REPLY_HEAD 132	/* octets of a READ's reply before the data */

struct pair {
	struct peer *peer;
	int client;
	struct peer_turn turn;
	struct peer_scratch scratch;
	unsigned reports;
};

static void
count_report(void *arg, const char *host, const struct sockaddr *from,
    const struct answer *a)
{
	struct pair *pair = arg;

	(void)host;
	(void)from;
	(void)a;
	pair->reports++;
}

static struct pair *
new_pair(struct world *w)
{
	struct pair *pair = calloc(1, sizeof(*pair));
	union address address = { .in = { .sin_family = AF_INET } };
	const int small = 20000;
	int fd[2];

	assert_non_null(pair);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0,
	    fd), 0);
	setsockopt(fd[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	pair->peer = peer_new(fd[0], &address);
	assert_non_null(pair->peer);
	pair->client = fd[1];
	pair->turn.service = &w->service;
	pair->turn.scratch = &pair->scratch;
	pair->turn.report = count_report;
	pair->turn.arg = pair;
	pair->turn.now = w->now;
	return pair;
}

static void
free_pair(struct pair *pair)
{
	peer_free(pair->peer);
	close(pair->client);
	free(pair);
}

/* The first octet of each place in the test's file. */
static uint8_t
octet_at(uint64_t at)
{
	return (uint8_t)(at * 2654435761u >> 13);
}

static struct octets
make_big(struct world *w)
{
	FILE *f = fopen("root/demo/big", "w");
	size_t i;

	assert_non_null(f);
	for (i = 0; i < SIZE; i++)
		putc(octet_at(i), f);
	assert_int_equal(fclose(f), 0);
	return handle_of(w, "demo", "big");
}

static size_t
put_call(uint8_t *call, const struct octets *o, uint32_t proc, uint64_t from)
{
	struct wire_out out;

	wire_out_init(&out, call, 256);
	wire_put_zeros(&out, 4);
	wire_put_n32(&out, 9);
	wire_put_n32(&out, 0);
	wire_put_n32(&out, 2);
	wire_put_n32(&out, NFS3_PROGRAM);
	wire_put_n32(&out, NFS3_VERSION);
	wire_put_n32(&out, proc);
	wire_put_zeros(&out, 16);
	if (proc != NFS3_NULL)
		xdr_put_opaque(&out, o->data, o->len);
	if (proc == NFS3_READ) {
		xdr_put_hyper(&out, from);
		wire_put_n32(&out, ANSWER_READ_MAX);
	}
	record_put_mark(call, out.len - RECORD_MARK);
	return out.len;
}

static void
send_call(struct pair *pair, const struct octets *o, uint32_t proc,
    uint64_t from)
{
	uint8_t call[256];
	size_t len = put_call(call, o, proc, from);

	assert_int_equal(send(pair->client, call, len, 0), len);
}

/* Takes all that is there; how much. */
static size_t
take(struct pair *pair, uint8_t *data, size_t size)
{
	size_t got = 0;
	ssize_t n;

	while (got < size && (n = recv(pair->client, data + got, size - got,
	    MSG_DONTWAIT)) > 0)
		got += (size_t)n;
	return got;
}

static void
expect_read(const uint8_t *reply, uint64_t from, size_t count)
{
	struct wire_in in;
	size_t i;

	wire_in_init(&in, reply, REPLY_HEAD);
	assert_int_equal(wire_get_n32(&in) & 0x7fffffff,
	    REPLY_HEAD - 4 + count + xdr_padding(count));
	wire_get_span(&in, REPLY_HEAD - 4 - 12);
	assert_int_equal(wire_get_n32(&in), count);
	assert_int_equal(xdr_get_bool(&in), from + count == SIZE);
	assert_int_equal(wire_get_n32(&in), count);
	for (i = 0; i < count; i++)
		if (reply[REPLY_HEAD + i] != octet_at(from + i))
			fail_msg("octet %zu is another", i);
}

static void
a_reader_that_takes_little_gets_every_octet(void **state)
{
	struct world *w = *state;
	static uint8_t data[4 << 20];
	struct octets o = make_big(w);
	struct pair *pair = new_pair(w);
	const size_t whole = REPLY_HEAD + ANSWER_READ_MAX, rest = SIZE -
	    2 * ANSWER_READ_MAX;
	const size_t total = 2 * whole + REPLY_HEAD + rest + xdr_padding(rest);
	enum peer_state end;
	size_t got = 0;
	int i;

	for (i = 0; i < 3; i++)
		send_call(pair, &o, NFS3_READ, (uint64_t)i * ANSWER_READ_MAX);
	while (got < total) {
		end = peer_work(pair->peer, &pair->turn);
		assert_true(end == PEER_BLOCKED || end == PEER_IDLE);
		/* The data of READs are not among what is held. */
		assert_true(peer_held(pair->peer) < 4096);
		got += take(pair, data + got, 7777);
	}
	assert_int_equal(got, total);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_IDLE);
	assert_false(peer_is_busy(pair->peer));
	assert_int_equal(peer_held(pair->peer), 0);
	expect_read(data, 0, ANSWER_READ_MAX);
	expect_read(data + whole, ANSWER_READ_MAX, ANSWER_READ_MAX);
	expect_read(data + 2 * whole, 2 * ANSWER_READ_MAX, rest);
	assert_int_equal(pair->reports, 1);
	free_pair(pair);
}

static void
a_file_cut_short_while_it_is_sent_ends_the_connection(void **state)
{
	struct world *w = *state;
	static uint8_t data[4 << 20];
	struct octets o = make_big(w);
	struct pair *pair = new_pair(w);
	enum peer_state end;
	size_t got = 0;

	send_call(pair, &o, NFS3_READ, 0);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_BLOCKED);
	assert_true(peer_is_busy(pair->peer));
	assert_int_equal(truncate("root/demo/big", 500), 0);
	do {
		got += take(pair, data + got, sizeof(data) - got);
		end = peer_work(pair->peer, &pair->turn);
	} while (end == PEER_BLOCKED && got < sizeof(data));
	assert_int_equal(end, PEER_CLOSED);
	assert_string_equal(pair->turn.why,
	    "a file was cut short while it was sent");
	free_pair(pair);
}

static void
a_call_may_come_octet_by_octet(void **state)
{
	struct world *w = *state;
	struct octets o = handle_of(w, "demo", "");
	struct pair *pair = new_pair(w);
	uint8_t call[256], data[256];
	size_t len = put_call(call, &o, NFS3_GETATTR, 0), i;

	for (i = 0; i < len; i++) {
		assert_int_equal(take(pair, data, sizeof(data)), 0);
		assert_int_equal(send(pair->client, call + i, 1, 0), 1);
		assert_int_equal(peer_work(pair->peer, &pair->turn),
		    PEER_IDLE);
		assert_int_equal(peer_is_busy(pair->peer), i + 1 < len);
	}
	assert_int_equal(take(pair, data, sizeof(data)), 4 + 24 + 4 +
	    NFS3_ATTR_LEN);
	free_pair(pair);
}

static void
pipelined_calls_are_answered_in_order(void **state)
{
	struct world *w = *state;
	static uint8_t data[65536];
	struct octets o = handle_of(w, "demo", "");
	struct pair *pair = new_pair(w);
	size_t got = 0;
	int i;

	for (i = 0; i < 100; i++)
		send_call(pair, &o, i % 2 == 0 ? NFS3_NULL : NFS3_GETATTR, 0);
	while (peer_work(pair->peer, &pair->turn) == PEER_BLOCKED)
		got += take(pair, data + got, sizeof(data) - got);
	got += take(pair, data + got, sizeof(data) - got);
	assert_int_equal(got, 50 * 28 + 50 * (28 + 4 + NFS3_ATTR_LEN));
	free_pair(pair);
}

static void
a_turn_ends_though_there_is_more_to_do(void **state)
{
	struct world *w = *state;
	struct pair *pair = new_pair(w);
	struct octets o = make_big(w);
	const int big = 64 << 20;
	uint8_t call[256];
	size_t len = put_call(call, &o, NFS3_READ, 0), i;

	/* A peer that takes everything at once. */
	if (setsockopt(pair->peer->fd, SOL_SOCKET, SO_SNDBUFFORCE, &big,
	    sizeof(big)) == -1)
		print_message("not root: a smaller socket buffer\n");
	for (i = 0; i < 40; i++)
		assert_int_equal(send(pair->client, call, len, 0), len);
	assert_int_not_equal(peer_work(pair->peer, &pair->turn), PEER_IDLE);
	assert_non_null(pair->peer->calls);
	assert_true(peer_held(pair->peer) <= 40 * len + 4096);
	free_pair(pair);
}

static void
a_call_that_waits_for_a_scan_is_answered_after_it(void **state)
{
	struct world *w = *state;
	struct pair *pair = new_pair(w);
	struct octets o, root = handle_of(w, "demo", "");
	uint8_t data[256];
	bool finished;

	write_file("root/demo/a/file", "x");
	assert_int_equal(mkdir("root/demo/b", 0755), 0);
	o = handle_of(w, "demo", "a/file");
	assert_int_equal(rename("root/demo/a/file", "root/demo/b/file"), 0);
	send_call(pair, &o, NFS3_GETATTR, 0);
	send_call(pair, &root, NFS3_GETATTR, 0);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_WAITING);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_WAITING);
	assert_int_equal(take(pair, data, sizeof(data)), 0);
	do {
		exports_work(&w->service.tree.exports, w->now, &finished);
	} while (!finished);
	pair->peer->scanned = true;
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_IDLE);
	assert_int_equal(take(pair, data, sizeof(data)), 2 * (28 + 4 +
	    NFS3_ATTR_LEN));
	free_pair(pair);
}

static void
what_is_no_call_ends_the_connection(void **state)
{
	struct world *w = *state;
	struct pair *pair = new_pair(w);

	assert_int_equal(send(pair->client, "GET / HTTP/1.1\r\n\r\n", 18, 0),
	    18);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_CLOSED);
	assert_true(pair->turn.why[0] != '\0');
	free_pair(pair);
	pair = new_pair(w);
	assert_int_equal(send(pair->client, "\x80\0\0\4abcd", 8, 0), 8);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_CLOSED);
	free_pair(pair);
	pair = new_pair(w);
	shutdown(pair->client, SHUT_WR);
	assert_int_equal(peer_work(pair->peer, &pair->turn), PEER_CLOSED);
	assert_string_equal(pair->turn.why, "");
	free_pair(pair);
}

#define WORLD(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD(a_reader_that_takes_little_gets_every_octet),
		WORLD(a_file_cut_short_while_it_is_sent_ends_the_connection),
		WORLD(a_call_may_come_octet_by_octet),
		WORLD(pipelined_calls_are_answered_in_order),
		WORLD(a_turn_ends_though_there_is_more_to_do),
		WORLD(a_call_that_waits_for_a_scan_is_answered_after_it),
		WORLD(what_is_no_call_ends_the_connection),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
