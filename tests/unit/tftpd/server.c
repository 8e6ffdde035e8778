/* SPDX-License-Identifier: ISC */
/* The server on the loopback, over a boot directory in a temporary folder. */
#include "tests/unit/unit.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bootdir.h"
#include "common/listen.h"
#include "common/log.h"
#include "tftpd/server.h"

#define MAC "52-54-00-12-34-56"
#define LIMIT 4			/* transfers at once */
#define RRQ(file) "\0\1" file "\0octet"

struct place {
	char path[32];
	int fd;
	struct seen seen;
	struct server server;
	union address where;	/* the server's */
	int client;
};

static void
put(const struct place *p, const char *name, mode_t mode, const char *text)
{
	int fd = openat(p->fd, name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int
new_client(const char *host)
{
	union address a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd != -1);
	assert_true(address_parse(host, 0, &a));
	assert_int_equal(bind(fd, &a.sa, address_length(&a.sa)), 0);
	return fd;
}

static void
start_server(struct place *p)
{
	socklen_t len = sizeof(p->where);
	int fd = listen_bind(SOCK_DGRAM, "0.0.0.0", 0, NULL);

	assert_true(fd != -1);
	assert_int_equal(getsockname(fd, &p->where.sa, &len), 0);
	assert_true(address_parse("127.0.0.1", address_port(&p->where.sa),
	    &p->where));
	assert_int_equal(server_open(&p->server, p->fd, &p->seen, LIMIT), 0);
	assert_int_equal(server_listen(&p->server, fd), 0);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));
	char big[2001];

	strcpy(p->path, "/tmp/pixie-test.XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->fd = bootdir_open(p->path);
	assert_true(p->fd != -1);
	assert_int_equal(mkdirat(p->fd, "pub", 0755), 0);
	assert_int_equal(mkdirat(p->fd, "pub/machine", 0755), 0);
	assert_int_equal(mkdirat(p->fd, "pub/machine/" MAC, 0755), 0);
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	put(p, "pub/big", 0644, big);
	put(p, "pub/small", 0644, "common");
	put(p, "pub/common", 0644, "common");
	put(p, "pub/private", 0640, "secret");
	put(p, "pub/machine/" MAC "/small", 0640, "my own");
	seen_open(&p->seen, p->fd, "tftpd");
	start_server(p);
	p->client = new_client("127.0.0.1");
	*state = p;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	close(p->client);
	server_close(&p->server);
	close(p->seen.fd);
	close(p->fd);
	nftw(p->path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(p);
	return 0;
}

static void
know_client(struct place *p)
{
	union address a;
	struct mac mac;

	assert_true(mac_parse(MAC, &mac));
	assert_true(address_parse("127.0.0.1", 0, &a));
	seen_address(&p->seen, &mac, &a.sa);
}

static void
send_to(int client, const union address *to, const void *data, size_t len)
{
	assert_int_equal(sendto(client, data, len, 0, &to->sa,
	    address_length(&to->sa)), len);
}

static void
ask(struct place *p, int client, const void *data, size_t len)
{
	send_to(client, &p->where, data, len);
	server_turn(&p->server, 1000);
}

#define ASK(p, client, literal) ask(p, client, literal, sizeof(literal))

static void
ack(struct place *p, int client, const union address *to, uint8_t number)
{
	const uint8_t octets[4] = { 0, TFTP_ACK, 0, number };

	send_to(client, to, octets, sizeof(octets));
	server_turn(&p->server, 1000);
}

/* What the client has got, and from whom; -1 for nothing. */
static ssize_t
got(int client, uint8_t octets[600], union address *from)
{
	socklen_t len = sizeof(*from);

	memset(octets, 0, 600);
	return recvfrom(client, octets, 600, 0, &from->sa, &len);
}

static void
expect_data(int client, uint8_t number, const char *text, union address *from)
{
	uint8_t octets[600];
	const uint8_t head[4] = { 0, TFTP_DATA, 0, number };
	const size_t len = strlen(text);

	assert_int_equal(got(client, octets, from), 4 + len);
	assert_memory_equal(octets, head, 4);
	assert_memory_equal(octets + 4, text, len);
}

static void
expect_block(int client, uint8_t number, size_t len, union address *from)
{
	uint8_t octets[600];

	assert_int_equal(got(client, octets, from), 4 + len);
	assert_int_equal(octets[1], TFTP_DATA);
	assert_int_equal(octets[3], number);
	assert_int_equal(octets[4], 'x');
}

static void
expect_error(int client, uint8_t code, const char *text)
{
	union address from;
	uint8_t octets[600];

	assert_int_equal(got(client, octets, &from), 5 + strlen(text));
	assert_int_equal(octets[1], TFTP_ERROR);
	assert_int_equal(octets[3], code);
	assert_string_equal((char *)octets + 4, text);
}

static void
expect_silence(int client)
{
	uint8_t octets[600];
	union address from;

	assert_int_equal(got(client, octets, &from), -1);
	assert_int_equal(errno, EAGAIN);
}

static void
expect_seen(const struct place *p, const char *what)
{
	char line[512];

	assert_true(bootdir_line(p->fd, "seen/" MAC "/log", line,
	    sizeof(line)));
	assert_non_null(strstr(line, what));
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

static unsigned
open_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
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

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_transfer_has_a_port_of_its_own),
		T(the_answer_comes_from_the_address_that_was_asked),
		T(a_stranger_gets_error_5_and_harms_nothing),
		T(a_second_rrq_joins_the_transfer),
		T(an_rrq_for_another_file_ends_the_first),
		T(past_the_bound_an_error_says_so),
		T(a_replaced_file_is_delivered_as_it_was_opened),
		T(a_file_that_shrinks_breaks_its_transfer_with_words),
		T(a_known_machine_gets_its_own_file_first),
		T(what_is_not_for_all_is_refused_with_words),
		T(what_is_no_request_gets_no_answer),
		T(the_size_probe_ends_quietly),
		T(descriptors_are_the_same_after_many_transfers),
		T(a_lost_block_is_sent_again_after_a_second),
		T(a_server_that_stops_says_so),
		T(many_transfers_share_a_few_ports),
		T(a_client_has_another_port_for_its_next_transfer),
		T(a_last_ack_that_comes_twice_is_no_strangers),
		T(with_one_port_all_goes_by_the_one_that_was_asked),
		T(a_window_is_cut_into_its_blocks),
		T(a_file_written_to_meanwhile_ends_with_words),
		T(the_seed_is_fresh_at_each_request),
		T(names_in_any_case_are_found_where_that_is_asked),
		T(one_mapping_serves_all_who_fetch_a_file),
	};

	log_open("tftpd", false, false);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
