/* SPDX-License-Identifier: ISC */
/* The server on the loopback, over a boot directory in a temporary folder. */
#ifndef TESTS_UNIT_TFTPD_PLACE_H
#define TESTS_UNIT_TFTPD_PLACE_H

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

static inline void
put(const struct place *p, const char *name, mode_t mode, const char *text)
{
	int fd = openat(p->fd, name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd != -1);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline int
new_client(const char *host)
{
	union address a;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	assert_true(fd != -1);
	assert_true(address_parse(host, 0, &a));
	assert_int_equal(bind(fd, &a.sa, address_length(&a.sa)), 0);
	return fd;
}

static inline void
start_server(struct place *p)
{
	socklen_t len = sizeof(p->where);
	int fd = listen_bind(SOCK_DGRAM, "0.0.0.0", 0, NULL);

	assert_true(fd != -1);
	assert_int_equal(getsockname(fd, &p->where.sa, &len), 0);
	assert_true(address_parse("127.0.0.1", address_port(&p->where.sa),
	    &p->where));
	server_open(&p->server, p->fd, &p->seen, LIMIT);
	assert_int_equal(server_listen(&p->server, fd), 0);
}

static inline int
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

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int
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

static inline void
know_client(struct place *p)
{
	union address a;
	struct mac mac;

	assert_true(mac_parse(MAC, &mac));
	assert_true(address_parse("127.0.0.1", 0, &a));
	seen_address(&p->seen, &mac, &a.sa);
}

static inline void
send_to(int client, const union address *to, const void *data, size_t len)
{
	assert_int_equal(sendto(client, data, len, 0, &to->sa,
	    address_length(&to->sa)), len);
}

static inline void
ask(struct place *p, int client, const void *data, size_t len)
{
	send_to(client, &p->where, data, len);
	server_turn(&p->server, 1000);
}

#define ASK(p, client, literal) ask(p, client, literal, sizeof(literal))

static inline void
ack(struct place *p, int client, const union address *to, uint8_t number)
{
	const uint8_t octets[4] = { 0, TFTP_ACK, 0, number };

	send_to(client, to, octets, sizeof(octets));
	server_turn(&p->server, 1000);
}

/* What the client has got, and from whom; -1 for nothing. */
static inline ssize_t
got(int client, uint8_t octets[600], union address *from)
{
	socklen_t len = sizeof(*from);

	memset(octets, 0, 600);
	return recvfrom(client, octets, 600, 0, &from->sa, &len);
}

static inline void
expect_data(int client, uint8_t number, const char *text, union address *from)
{
	uint8_t octets[600];
	const uint8_t head[4] = { 0, TFTP_DATA, 0, number };
	const size_t len = strlen(text);

	assert_int_equal(got(client, octets, from), 4 + len);
	assert_memory_equal(octets, head, 4);
	assert_memory_equal(octets + 4, text, len);
}

static inline void
expect_block(int client, uint8_t number, size_t len, union address *from)
{
	uint8_t octets[600];

	assert_int_equal(got(client, octets, from), 4 + len);
	assert_int_equal(octets[1], TFTP_DATA);
	assert_int_equal(octets[3], number);
	assert_int_equal(octets[4], 'x');
}

static inline void
expect_error(int client, uint8_t code, const char *text)
{
	union address from;
	uint8_t octets[600];

	assert_int_equal(got(client, octets, &from), 5 + strlen(text));
	assert_int_equal(octets[1], TFTP_ERROR);
	assert_int_equal(octets[3], code);
	assert_string_equal((char *)octets + 4, text);
}

static inline void
expect_silence(int client)
{
	uint8_t octets[600];
	union address from;

	assert_int_equal(got(client, octets, &from), -1);
	assert_int_equal(errno, EAGAIN);
}

static inline void
expect_seen(const struct place *p, const char *what)
{
	char line[512];

	assert_true(bootdir_line(p->fd, "seen/" MAC "/log", line,
	    sizeof(line)));
	assert_non_null(strstr(line, what));
}

static inline unsigned
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

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
